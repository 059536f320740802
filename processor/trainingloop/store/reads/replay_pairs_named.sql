-- The pairs of a run that a preference can be about, by their decisions.
-- Grain: an answer of the candidate. Parameters: tenant, run String, decisions Array(String).
SELECT
    decision_id,
    step,
    thread_id,
    decided_at,
    retention_days
FROM replay_results
WHERE tenant_id = {tenant:String}
    AND run_id = {run:String}
    AND arm = 'candidate'
    AND state IN ('ok', 'truncated', 'refused', 'empty')
    AND decision_id IN {decisions:Array(String)}
