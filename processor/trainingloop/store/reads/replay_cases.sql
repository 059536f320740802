-- The decisions of a replay set, in the order they are replayed.
-- Grain: a decision. Parameters: tenant, set String.
SELECT
    position,
    decision_id,
    thread_id,
    toUnixTimestamp64Nano(decided_at) AS decided_at_ns,
    retention_days,
    stratum,
    weight
FROM replay_cases
WHERE tenant_id = {tenant:String}
    AND set_id = {set:String}
ORDER BY
    position,
    decision_id
