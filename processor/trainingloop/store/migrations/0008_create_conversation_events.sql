-- What happened in a conversation that no model decided: inbound messages, escalations, closes.
-- ORDER BY thread then time: read for one conversation. event_id makes a re-sent event collapse.
CREATE TABLE IF NOT EXISTS {database}.conversation_events {on_cluster}
(
    tenant_id LowCardinality(String),
    thread_id String CODEC(ZSTD(1)),
    conversation_id String CODEC(ZSTD(1)),
    event_id String CODEC(ZSTD(1)),
    event_kind LowCardinality(String),
    occurred_at DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    text String CODEC(ZSTD(1)),
    reason String CODEC(ZSTD(1)),
    target LowCardinality(String),
    channel LowCardinality(String),
    customer String CODEC(ZSTD(1)),
    source LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    retention_days UInt16 DEFAULT 1095,
    drop_date Date MATERIALIZED toDate(occurred_at) + toIntervalDay(retention_days),
    ingested_at DateTime64(3, 'UTC') DEFAULT now64(3),
    version UInt8 DEFAULT 0,
    is_deleted UInt8 DEFAULT 0,
    INDEX idx_ingested_at ingested_at TYPE minmax GRANULARITY 1
)
ENGINE = {replicated}ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(drop_date)
ORDER BY (tenant_id, thread_id, occurred_at, event_id)
TTL drop_date
SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1
