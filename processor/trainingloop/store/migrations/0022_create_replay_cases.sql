-- The decisions of a replay set, in the order they are replayed.
-- weight: how many decisions of the choice one stands for; stratum: what it was drawn from.
-- unfit: why it cannot be replayed ('' where it can), found when the set was frozen.
-- ORDER BY tenant, set, position: read in order. A case goes with its decision (TTL).
CREATE TABLE IF NOT EXISTS {database}.replay_cases {on_cluster}
(
    tenant_id LowCardinality(String),
    set_id String,
    position UInt32,
    decision_id String CODEC(ZSTD(1)),
    thread_id String CODEC(ZSTD(1)),
    decided_at DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    stratum LowCardinality(String),
    weight Float64,
    unfit LowCardinality(String),
    retention_days UInt16 DEFAULT 1095,
    drop_date Date MATERIALIZED toDate(decided_at) + toIntervalDay(retention_days),
    stored_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = {replicated}ReplacingMergeTree(stored_at)
PARTITION BY toYYYYMM(drop_date)
ORDER BY (tenant_id, set_id, position, decision_id)
TTL drop_date
SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1
