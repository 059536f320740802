-- The candidate's answers of a run that say something else than what was recorded.
-- Grain: an answer to a decision itself, not to a later step of its chain. Parameters: tenant,
-- run String.
SELECT
    decision_id,
    text,
    tool_calls,
    refusal
FROM replay_results
WHERE tenant_id = {tenant:String}
    AND run_id = {run:String}
    AND arm = 'candidate'
    AND step = 0
    AND state IN ('ok', 'truncated', 'refused', 'empty')
    AND agreement != 'identical'
ORDER BY decision_id
