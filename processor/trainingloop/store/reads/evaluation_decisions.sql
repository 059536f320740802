-- The ids that some decisions have in other systems.
-- Grain: a decision. Parameters: tenant, decisions Array(String) (span ids).
-- A decision that is stored twice has the same ids.
SELECT DISTINCT
    decision_id,
    trace_id,
    response_id
FROM decisions
WHERE tenant_id = {tenant:String}
    AND decision_id IN {decisions:Array(String)}
SETTINGS final = 0
