-- The tool calls of a conversation, each once, in their order.
-- Grain: a tool call. Parameters: tenant, thread String (a conversation id, else a trace id).
SELECT
    {{tool_call_columns}}
FROM tool_executions
WHERE tenant_id = {tenant:String}
    AND thread_id = {thread:String}
GROUP BY
    thread_id,
    call_key
ORDER BY
    called_at,
    min(position),
    call_key
