-- What is known of a tool call, one row for each side that saw it: 'requested' (in a model's
-- answer) and 'executed' (in an execute_tool span). Both share call_key, so a call is counted
-- once however many sides saw it. An execution without a call id waits under its span id until
-- settling finds the request it answers.
-- ORDER BY thread then call: read for one conversation, or counted by key.
CREATE TABLE IF NOT EXISTS {database}.tool_executions {on_cluster}
(
    tenant_id LowCardinality(String),
    thread_id String CODEC(ZSTD(1)),
    call_key String CODEC(ZSTD(1)),
    side LowCardinality(String),
    call_id String CODEC(ZSTD(1)),
    tool_name LowCardinality(String),
    arguments String CODEC(ZSTD(1)),
    arguments_hash String CODEC(ZSTD(1)),
    result String CODEC(ZSTD(1)),
    status LowCardinality(String),
    error_type LowCardinality(String),
    occurred_at DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    duration_ns UInt64 CODEC(T64, ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    position UInt32 CODEC(T64, ZSTD(1)),
    retention_days UInt16 DEFAULT 1095,
    drop_date Date MATERIALIZED toDate(occurred_at) + toIntervalDay(retention_days),
    ingested_at DateTime64(3, 'UTC') DEFAULT now64(3),
    version UInt8 DEFAULT 0,
    is_deleted UInt8 DEFAULT 0,
    INDEX idx_span_id span_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_ingested_at ingested_at TYPE minmax GRANULARITY 1
)
ENGINE = {replicated}ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(drop_date)
ORDER BY (tenant_id, thread_id, call_key, side, span_id)
TTL drop_date
SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1
