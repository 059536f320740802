-- Every span as it was stored: the columns of the OpenTelemetry Collector's ClickHouse exporter,
-- name for name, so that the stock collector can write here too (create_schema: false).
-- The columns below "ours" are MATERIALIZED: an exporter does not see them.
-- ORDER BY as the exporter has it. PARTITION BY the week of arrival and TTL by arrival, because
-- this is the raw copy: an import of last year's conversations may not expire on its first merge.
CREATE TABLE IF NOT EXISTS {database}.otel_traces {on_cluster}
(
    Timestamp DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    TraceId String CODEC(ZSTD(1)),
    SpanId String CODEC(ZSTD(1)),
    ParentSpanId String CODEC(ZSTD(1)),
    TraceState String CODEC(ZSTD(1)),
    SpanName LowCardinality(String) CODEC(ZSTD(1)),
    SpanKind LowCardinality(String) CODEC(ZSTD(1)),
    ServiceName LowCardinality(String) CODEC(ZSTD(1)),
    ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeName String CODEC(ZSTD(1)),
    ScopeVersion String CODEC(ZSTD(1)),
    SpanAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    Duration UInt64 CODEC(ZSTD(1)),
    StatusCode LowCardinality(String) CODEC(ZSTD(1)),
    StatusMessage String CODEC(ZSTD(1)),
    Events Nested (
        Timestamp DateTime64(9),
        Name LowCardinality(String),
        Attributes Map(LowCardinality(String), String)
    ) CODEC(ZSTD(1)),
    Links Nested (
        TraceId String,
        SpanId String,
        TraceState String,
        Attributes Map(LowCardinality(String), String)
    ) CODEC(ZSTD(1)),
    -- ours
    IngestedAt DateTime64(3, 'UTC') MATERIALIZED now64(3),
    TenantId LowCardinality(String) MATERIALIZED SpanAttributes['trainingloop.tenant.id'],
    ConversationId String MATERIALIZED SpanAttributes['gen_ai.conversation.id'],
    DecisionKind LowCardinality(String) MATERIALIZED SpanAttributes['trainingloop.decision.kind'],
    EventKind LowCardinality(String) MATERIALIZED SpanAttributes['trainingloop.event.kind'],
    OperationName LowCardinality(String) MATERIALIZED SpanAttributes['gen_ai.operation.name'],
    Instance LowCardinality(String) MATERIALIZED ResourceAttributes['service.instance.id'],
    RecorderEmitted UInt64 MATERIALIZED toUInt64OrZero(SpanAttributes['trainingloop.recorder.emitted']),
    RecorderDropped UInt64 MATERIALIZED toUInt64OrZero(SpanAttributes['trainingloop.recorder.dropped']),
    RedactionFailures UInt32 MATERIALIZED toUInt32OrZero(SpanAttributes['trainingloop.redaction.failures']),
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_span_id SpanId TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_conversation_id ConversationId TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = {replicated}MergeTree
PARTITION BY toMonday(IngestedAt)
ORDER BY (ServiceName, SpanName, toDateTime(Timestamp))
TTL toDateTime(IngestedAt) + INTERVAL 30 DAY
SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1
