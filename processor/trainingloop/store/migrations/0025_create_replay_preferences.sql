-- Which of two answers somebody prefers: a person's vote on a pair, or a judge model's word.
-- source: human or judge; judge: the reviewer, or the model and the version of the question put to
-- it; shown_first: the answer that was read first; choice: recorded, replayed or tie.
-- reason is redacted. The newest of a judge, an order and a pair holds.
-- ORDER BY tenant, run, decision: read for a run. TTL as decisions.
CREATE TABLE IF NOT EXISTS {database}.replay_preferences {on_cluster}
(
    tenant_id LowCardinality(String),
    run_id String CODEC(ZSTD(1)),
    decision_id String CODEC(ZSTD(1)),
    step UInt16,
    source LowCardinality(String),
    judge LowCardinality(String),
    shown_first LowCardinality(String),
    choice LowCardinality(String),
    reason String CODEC(ZSTD(1)),
    decided_at DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    given_at DateTime64(6, 'UTC'),
    input_tokens UInt32,
    output_tokens UInt32,
    cost_usd Nullable(Float64),
    redaction_version LowCardinality(String),
    redaction_status LowCardinality(String),
    retention_days UInt16 DEFAULT 1095,
    drop_date Date MATERIALIZED toDate(decided_at) + toIntervalDay(retention_days)
)
ENGINE = {replicated}ReplacingMergeTree(given_at)
PARTITION BY toYYYYMM(drop_date)
ORDER BY (tenant_id, run_id, decision_id, step, source, judge, shown_first)
TTL drop_date
SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1
