-- One 'executed' row for each execute_tool span.
CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.tool_runs_mv {on_cluster} TO {database}.tool_executions AS
SELECT
    SpanAttributes['trainingloop.tenant.id'] AS tenant_id,
    if(SpanAttributes['gen_ai.conversation.id'] != '', SpanAttributes['gen_ai.conversation.id'], TraceId) AS thread_id,
    if(
        SpanAttributes['gen_ai.tool.call.id'] != '',
        SpanAttributes['gen_ai.tool.call.id'],
        concat('span:', SpanId)
    ) AS call_key,
    'executed' AS side,
    SpanAttributes['gen_ai.tool.call.id'] AS call_id,
    SpanAttributes['gen_ai.tool.name'] AS tool_name,
    SpanAttributes['gen_ai.tool.call.arguments'] AS arguments,
    SpanAttributes['trainingloop.tool.arguments.hash'] AS arguments_hash,
    SpanAttributes['gen_ai.tool.call.result'] AS result,
    if(StatusCode = 'Error' OR SpanAttributes['error.type'] != '', 'error', 'ok') AS status,
    SpanAttributes['error.type'] AS error_type,
    Timestamp AS occurred_at,
    Duration AS duration_ns,
    TraceId AS trace_id,
    SpanId AS span_id,
    toUInt32(0) AS position
FROM {database}.otel_traces
WHERE SpanAttributes['gen_ai.operation.name'] = 'execute_tool'
