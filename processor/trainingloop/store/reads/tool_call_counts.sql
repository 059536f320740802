-- Tool calls by tool, each call counted once whoever saw it.
-- Grain: a tool. Parameters: tenant, since, until.
SELECT
    tool,
    count() AS calls,
    countIf(is_executed) AS executed,
    countIf(call_status = 'error') AS failed,
    quantileIf(0.5)(duration_ms, is_executed) AS duration_ms_p50
FROM (
    SELECT
        {{tool_call_columns}}
    FROM tool_executions
    WHERE tenant_id = {tenant:String}
        AND occurred_at >= {since:DateTime64(9, 'UTC')}
        AND occurred_at < {until:DateTime64(9, 'UTC')}
    GROUP BY
        thread_id,
        call_key
)
GROUP BY tool
ORDER BY
    calls DESC,
    tool
