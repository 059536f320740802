-- When and where a decision was made, for explaining its outcomes. At most one row.
-- Parameters: tenant, decision String (a span id).
SELECT
    decision_id,
    thread_id,
    decision_kind,
    occurred_at,
    occurred_at + toIntervalNanosecond(least(duration_ns, 31536000000000000)) AS ended_at,
    channel,
    ingested_at
FROM decisions
WHERE tenant_id = {tenant:String}
    AND decision_id = {decision:String}
LIMIT 1
