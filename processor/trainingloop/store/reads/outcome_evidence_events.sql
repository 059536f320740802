-- The events that outcomes rest on.
-- Grain: an event. Parameters: tenant, threads Array(String), events Array(String).
SELECT
    thread_id,
    event_id,
    event_kind,
    occurred_at,
    leftUTF8(text, 200) AS text_preview,
    reason,
    target,
    outcome,
    value,
    source
FROM conversation_events
WHERE tenant_id = {tenant:String}
    AND thread_id IN {threads:Array(String)}
    AND event_id IN {events:Array(String)}
ORDER BY
    thread_id,
    occurred_at,
    event_id
