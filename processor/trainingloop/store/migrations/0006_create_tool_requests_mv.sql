-- One 'requested' row for each tool call in a model's answer.
CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.tool_requests_mv {on_cluster} TO {database}.tool_executions AS
SELECT
    SpanAttributes['trainingloop.tenant.id'] AS tenant_id,
    if(SpanAttributes['gen_ai.conversation.id'] != '', SpanAttributes['gen_ai.conversation.id'], TraceId) AS thread_id,
    if(
        JSONExtractString(call, 'id') != '',
        JSONExtractString(call, 'id'),
        concat('call:', SpanId, ':', toString(position))
    ) AS call_key,
    'requested' AS side,
    JSONExtractString(call, 'id') AS call_id,
    JSONExtractString(call, 'name') AS tool_name,
    JSONExtractRaw(call, 'arguments') AS arguments,
    JSONExtractString(call, 'arguments_hash') AS arguments_hash,
    '' AS result,
    '' AS status,
    '' AS error_type,
    Timestamp AS occurred_at,
    toUInt64(0) AS duration_ns,
    TraceId AS trace_id,
    SpanId AS span_id,
    toUInt32(position) AS position
FROM {database}.otel_traces
ARRAY JOIN
    JSONExtractArrayRaw(SpanAttributes['trainingloop.tool.calls']) AS call,
    arrayEnumerate(JSONExtractArrayRaw(SpanAttributes['trainingloop.tool.calls'])) AS position
WHERE SpanAttributes['trainingloop.tool.calls'] != ''
