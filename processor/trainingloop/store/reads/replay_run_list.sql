-- Runs of replays, the newest first, each with its set and how far it is.
-- asked: questions whose answer, or failure, is stored; those that were left out because of a
-- budget or a cancelled run are not. Grain: a run.
-- Parameters: tenant, run String ('' for all), limit UInt32.
WITH
    listed AS (
        SELECT
            run_id,
            set_id,
            name,
            candidate,
            options,
            state,
            reason,
            beat_at,
            created_by,
            created_at,
            updated_at
        FROM replay_runs
        WHERE tenant_id = {tenant:String}
            AND ({run:String} = '' OR run_id = {run:String})
        ORDER BY
            created_at DESC,
            run_id
        LIMIT {limit:UInt32}
    ),
    answers AS (
        SELECT
            run_id,
            countIf(state NOT IN ('over_budget', 'cancelled')) AS asked,
            sum(input_tokens + output_tokens) AS tokens,
            sum(cost_usd) AS cost_usd,
            max(stored_at) AS last_at
        FROM replay_results
        WHERE tenant_id = {tenant:String}
            AND run_id IN (SELECT run_id FROM listed)
        GROUP BY run_id
    )
SELECT
    listed.run_id AS run_id,
    listed.set_id AS set_id,
    sets.name AS set_name,
    sets.size AS size,
    listed.name AS name,
    candidate,
    options,
    listed.state AS state,
    reason,
    beat_at,
    listed.created_by AS created_by,
    created_at,
    asked,
    tokens,
    cost_usd,
    last_at
FROM listed
LEFT JOIN answers ON answers.run_id = listed.run_id
LEFT JOIN (
    SELECT
        set_id,
        name,
        size
    FROM replay_sets
    WHERE tenant_id = {tenant:String}
) AS sets ON sets.set_id = listed.set_id
ORDER BY
    created_at DESC,
    run_id
