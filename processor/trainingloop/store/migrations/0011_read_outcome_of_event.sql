-- The view of 0009 with the reported outcome.
ALTER TABLE {database}.conversation_events_mv {on_cluster} MODIFY QUERY
SELECT
    SpanAttributes['trainingloop.tenant.id'] AS tenant_id,
    if(SpanAttributes['gen_ai.conversation.id'] != '', SpanAttributes['gen_ai.conversation.id'], TraceId) AS thread_id,
    SpanAttributes['gen_ai.conversation.id'] AS conversation_id,
    if(SpanAttributes['trainingloop.event.id'] != '', SpanAttributes['trainingloop.event.id'], SpanId) AS event_id,
    SpanAttributes['trainingloop.event.kind'] AS event_kind,
    Timestamp AS occurred_at,
    SpanAttributes['trainingloop.event.text'] AS text,
    SpanAttributes['trainingloop.event.reason'] AS reason,
    SpanAttributes['trainingloop.event.target'] AS target,
    SpanAttributes['trainingloop.event.outcome'] AS outcome,
    SpanAttributes['trainingloop.event.value'] AS value,
    SpanAttributes['trainingloop.event.decision_id'] AS decision_id,
    SpanAttributes['trainingloop.channel'] AS channel,
    SpanAttributes['enduser.pseudo.id'] AS customer,
    SpanAttributes['trainingloop.source'] AS source,
    TraceId AS trace_id,
    SpanId AS span_id
FROM {database}.otel_traces
WHERE SpanAttributes['trainingloop.event.kind'] != ''
