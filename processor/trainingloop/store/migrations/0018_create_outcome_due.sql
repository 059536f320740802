-- The threads that one sweep of the outcome worker looks at, so that its statements agree on them
-- and find them once: when each had its first and last decision, how much there is to look at, and
-- for what.
-- ORDER BY the sweep, then the time: a sweep works on a slice of time after the other.
-- TTL: worth nothing after the sweep.
CREATE TABLE IF NOT EXISTS {database}.outcome_due {on_cluster}
(
    sweep_id UInt64,
    tenant_id LowCardinality(String),
    thread_id String CODEC(ZSTD(1)),
    first_at DateTime64(3, 'UTC'),
    last_at DateTime64(3, 'UTC'),
    moments UInt64,
    may_be_inbound UInt8,
    may_be_escalation UInt8,
    may_be_report UInt8,
    added_at DateTime('UTC') DEFAULT now()
)
ENGINE = {replicated}MergeTree
ORDER BY (sweep_id, first_at)
TTL added_at + INTERVAL 1 HOUR
SETTINGS ttl_only_drop_parts = 1
