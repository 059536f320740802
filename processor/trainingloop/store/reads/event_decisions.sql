-- The conversations that some decisions belong to, for an outcome that names its decision.
-- Grain: a decision. Parameters: tenant, decisions Array(String) (span ids).
SELECT
    decision_id,
    thread_id
FROM decisions
WHERE tenant_id = {tenant:String}
    AND decision_id IN {decisions:Array(String)}
