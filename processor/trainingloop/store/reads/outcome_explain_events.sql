-- The events that the outcomes of a decision rest on, and what says how its conversation ended.
-- Grain: an event. Parameters: tenant, thread String, events Array(String) (their ids).
SELECT
    event_id,
    event_kind,
    occurred_at,
    text,
    reason,
    target,
    outcome,
    value,
    decision_id,
    source,
    ingested_at
FROM conversation_events
WHERE tenant_id = {tenant:String}
    AND thread_id = {thread:String}
    AND (event_id IN {events:Array(String)} OR event_kind IN ('close', 'escalation'))
ORDER BY
    occurred_at,
    event_id
LIMIT 1000
