-- The decisions that gave some answers, by the model's own ids of them, with what a vote copies.
-- Grain: a decision. Parameters: tenant, responses Array(String).
SELECT
    response_id,
    decision_id,
    thread_id,
    occurred_at,
    cohort,
    retention_days
FROM decisions
WHERE tenant_id = {tenant:String}
    AND response_id IN {responses:Array(String)}
