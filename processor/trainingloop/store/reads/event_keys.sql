-- Which of some events are stored already, whenever they took place and whoever told them.
-- Grain: an event. Parameters: tenant, threads Array(String), events Array(String) (event ids).
-- An id is only unique in its conversation: compare both columns.
SELECT DISTINCT
    thread_id,
    event_id
FROM conversation_events
WHERE tenant_id = {tenant:String}
    AND thread_id IN {threads:Array(String)}
    AND event_id IN {events:Array(String)}
