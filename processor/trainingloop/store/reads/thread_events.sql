-- What happened in a conversation that no model decided, in its order.
-- Grain: an event. Parameters: tenant, thread String.
SELECT
    event_id,
    event_kind,
    occurred_at,
    text,
    reason,
    target,
    outcome,
    value,
    channel,
    source
FROM conversation_events
WHERE tenant_id = {tenant:String}
    AND thread_id = {thread:String}
ORDER BY
    occurred_at,
    event_id
