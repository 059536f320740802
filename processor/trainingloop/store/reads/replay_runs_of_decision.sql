-- The replays of a decision, the newest run first.
-- Grain: a run and a step. Parameters: tenant, decision String.
WITH
    answers AS (
        SELECT
            run_id,
            decision_id,
            step,
            state,
            recorded_kind,
            replayed_kind,
            agreement,
            newly_unsafe,
            model
        FROM replay_results
        WHERE tenant_id = {tenant:String}
            AND arm = 'candidate'
            AND (decision_id = {decision:String} OR compared_id = {decision:String})
    )
SELECT
    answers.run_id AS run_id,
    runs.name AS name,
    runs.created_at AS created_at,
    answers.decision_id AS decision_id,
    step,
    answers.state AS state,
    recorded_kind,
    replayed_kind,
    agreement,
    newly_unsafe,
    model
FROM answers
INNER JOIN (
    SELECT
        run_id,
        name,
        created_at
    FROM replay_runs
    WHERE tenant_id = {tenant:String}
) AS runs ON runs.run_id = answers.run_id
ORDER BY
    created_at DESC,
    run_id,
    step
LIMIT 50
