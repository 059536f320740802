-- What came of a decision: one row for each decision and rule, the newest version wins. A sweep
-- writes a row again only when something in it changed.
-- state: pending until the rule's window has passed or the evidence came in, then yes or no.
-- matures_at: when the window ends; only rows with matures_at in the past may enter a rate, or early
-- evidence would make young decisions look better.
-- is_attributed: this is the last AI decision before the event (or, without one, the last of its turn):
-- rates count these rows only, so that one event speaks for one decision.
-- unit: what a rate counts: 'turn' or 'conversation'.
-- cohort is copied from the decision: rates by version need no join.
-- ORDER BY tenant, rule, day: every rate is about one tenant, some rules and a range of time.
-- PARTITION BY and TTL as decisions: an outcome goes with its decision.
CREATE TABLE IF NOT EXISTS {database}.decision_outcomes {on_cluster}
(
    tenant_id LowCardinality(String),
    rule_id LowCardinality(String),
    rule_version LowCardinality(String),
    decision_id String CODEC(ZSTD(1)),
    thread_id String CODEC(ZSTD(1)),
    decided_at DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    cohort LowCardinality(String),
    direction LowCardinality(String),
    unit LowCardinality(String),
    state LowCardinality(String),
    ending LowCardinality(String),
    is_attributed UInt8,
    event_ids Array(String) CODEC(ZSTD(1)),
    event_at Nullable(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    matures_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    detected_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    retention_days UInt16 DEFAULT 1095,
    drop_date Date MATERIALIZED toDate(decided_at) + toIntervalDay(retention_days),
    version UInt64 CODEC(Delta(8), ZSTD(1)),
    is_deleted UInt8 DEFAULT 0,
    INDEX idx_decision_id decision_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_thread_id thread_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_matures_at matures_at TYPE minmax GRANULARITY 1
)
ENGINE = {replicated}ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(drop_date)
PRIMARY KEY (tenant_id, rule_id, toDate(decided_at))
ORDER BY (tenant_id, rule_id, toDate(decided_at), thread_id, decision_id)
TTL drop_date
SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1
