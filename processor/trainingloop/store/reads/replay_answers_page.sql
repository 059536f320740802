-- The answers of a run in the order of their decisions, a page behind one of them.
-- Grain: a decision, a step and an arm. Parameters: tenant, run String, after String (a decision;
-- '' for the first page), limit UInt32 (decisions of a page).
WITH
    page AS (
        SELECT DISTINCT decision_id
        FROM replay_results
        WHERE tenant_id = {tenant:String}
            AND run_id = {run:String}
            AND decision_id > {after:String}
        ORDER BY decision_id
        LIMIT {limit:UInt32}
    )
SELECT
{{replay_answer_columns}}
FROM replay_results
WHERE tenant_id = {tenant:String}
    AND run_id = {run:String}
    AND decision_id IN (SELECT decision_id FROM page)
ORDER BY
    decision_id,
    step,
    arm
