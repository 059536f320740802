-- When some decisions took place, to the nanosecond; for an import that meets them again.
-- Grain: a decision. Parameters: tenant, decisions Array(String) (span ids).
SELECT
    decision_id,
    toUnixTimestamp64Nano(occurred_at) AS occurred_at_ns
FROM decisions
WHERE tenant_id = {tenant:String}
    AND decision_id IN {decisions:Array(String)}
