-- The tool calls of some decisions, each once, with what came of them.
-- Grain: a tool call. Parameters: tenant, decisions Array(String) (span ids),
-- threads Array(String) (the threads these decisions belong to).
SELECT
    {{tool_call_columns}}
FROM tool_executions
WHERE tenant_id = {tenant:String}
    AND thread_id IN {threads:Array(String)}
GROUP BY
    thread_id,
    call_key
HAVING decision_id IN {decisions:Array(String)}
    OR execution_id IN {decisions:Array(String)}
ORDER BY
    called_at,
    min(position),
    call_key
