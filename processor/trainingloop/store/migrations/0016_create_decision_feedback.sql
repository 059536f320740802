-- Every vote that was ever given on a decision, none of them changed: the newest by (voted_at,
-- vote_id) of a reviewer is the live one, and value 0 takes it back.
-- vote_id: names the vote, so that one sent twice collapses.
-- note and correction are redacted before they come here; cohort is copied from the decision.
-- ORDER BY tenant, decision, reviewer: read for one decision, or for many by their ids.
-- PARTITION BY and TTL as decisions: a vote goes with its decision.
CREATE TABLE IF NOT EXISTS {database}.decision_feedback {on_cluster}
(
    tenant_id LowCardinality(String),
    decision_id String CODEC(ZSTD(1)),
    thread_id String CODEC(ZSTD(1)),
    decided_at DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    cohort LowCardinality(String),
    reviewer String CODEC(ZSTD(1)),
    vote_id String CODEC(ZSTD(1)),
    value Int8,
    reason LowCardinality(String),
    note String CODEC(ZSTD(1)),
    correction String CODEC(ZSTD(1)),
    source LowCardinality(String),
    voted_at DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    redaction_version LowCardinality(String),
    redaction_status LowCardinality(String),
    retention_days UInt16 DEFAULT 1095,
    drop_date Date MATERIALIZED toDate(decided_at) + toIntervalDay(retention_days),
    ingested_at DateTime64(3, 'UTC') DEFAULT now64(3),
    INDEX idx_voted_at voted_at TYPE minmax GRANULARITY 1
)
ENGINE = {replicated}ReplacingMergeTree(ingested_at)
PARTITION BY toYYYYMM(drop_date)
ORDER BY (tenant_id, decision_id, reviewer, vote_id)
TTL drop_date
SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1
