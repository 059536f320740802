-- The threads that one sweep of the outcome worker looks at, so that its statements agree on them
-- and find them once.
-- ORDER BY the sweep, which is its time in milliseconds, then the thread. TTL: worth nothing after.
CREATE TABLE IF NOT EXISTS {database}.outcome_due {on_cluster}
(
    sweep_ms Int64,
    tenant_id LowCardinality(String),
    thread_id String CODEC(ZSTD(1)),
    added_at DateTime('UTC') DEFAULT now()
)
ENGINE = {replicated}MergeTree
ORDER BY (sweep_ms, tenant_id, thread_id)
TTL added_at + INTERVAL 1 HOUR
SETTINGS ttl_only_drop_parts = 1
