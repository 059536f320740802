-- What a vote copies from the decision it is on. Grain: a decision.
-- Parameters: tenant, decisions Array(String) (span ids).
SELECT
    decision_id,
    thread_id,
    occurred_at,
    cohort,
    retention_days
FROM decisions
WHERE tenant_id = {tenant:String}
    AND decision_id IN {decisions:Array(String)}
