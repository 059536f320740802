-- What a run has of some decisions, every arm and step of each in order.
-- Grain: an arm, a decision and a step. Parameters: tenant, run String, decisions Array(String).
SELECT
{{replay_answer_columns}}
FROM replay_results
WHERE tenant_id = {tenant:String}
    AND run_id = {run:String}
    AND decision_id IN {decisions:Array(String)}
ORDER BY
    arm,
    decision_id,
    step
