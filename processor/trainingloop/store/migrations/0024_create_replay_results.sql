-- What a model answered when a decision was replayed, and how that compares. Never a decision.
-- arm: candidate, baseline (the recorded version asked again) or repeat (the candidate again).
-- step: 0 for the decision itself; in a chain, k for the k-th recorded decision after it, which
-- compared_id names. state: see trainingloop.replay.answers.AnswerState.
-- text, tool_calls, refusal, reason: redacted. judgement: JSON, see trainingloop.replay.judgements.
-- cache_key: what was asked of whom, hashed: the same question is not paid for twice.
-- ORDER BY tenant, run, arm, decision, step: one row for each, the newest holds.
CREATE TABLE IF NOT EXISTS {database}.replay_results {on_cluster}
(
    tenant_id LowCardinality(String),
    run_id String CODEC(ZSTD(1)),
    arm LowCardinality(String),
    decision_id String CODEC(ZSTD(1)),
    step UInt16,
    compared_id String CODEC(ZSTD(1)),
    thread_id String CODEC(ZSTD(1)),
    decided_at DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    stratum LowCardinality(String),
    weight Float64,
    state LowCardinality(String),
    reason String CODEC(ZSTD(1)),
    text String CODEC(ZSTD(1)),
    tool_calls String CODEC(ZSTD(1)),
    refusal String CODEC(ZSTD(1)),
    finish_reason LowCardinality(String),
    model LowCardinality(String),
    system_fingerprint LowCardinality(String),
    response_id String CODEC(ZSTD(1)),
    input_tokens UInt32,
    output_tokens UInt32,
    cached_input_tokens UInt32,
    reasoning_tokens UInt32,
    cost_usd Nullable(Float64),
    latency_ms Float64,
    attempts UInt16,
    cache_key String CODEC(ZSTD(1)),
    is_cached UInt8,
    recorded_kind LowCardinality(String),
    replayed_kind LowCardinality(String),
    agreement LowCardinality(String),
    newly_unsafe Array(LowCardinality(String)),
    newly_safe Array(LowCardinality(String)),
    judgement String CODEC(ZSTD(1)),
    judged_with LowCardinality(String),
    asked_at DateTime64(6, 'UTC'),
    redaction_version LowCardinality(String),
    redaction_status LowCardinality(String),
    retention_days UInt16 DEFAULT 1095,
    drop_date Date MATERIALIZED toDate(decided_at) + toIntervalDay(retention_days),
    stored_at DateTime64(6, 'UTC') DEFAULT now64(6),
    INDEX idx_cache_key cache_key TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = {replicated}ReplacingMergeTree(stored_at)
PARTITION BY toYYYYMM(drop_date)
ORDER BY (tenant_id, run_id, arm, decision_id, step)
TTL drop_date
SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1
