-- One row for each finished sweep of the outcome worker: the next one looks at what came in since
-- the newest watermark. A sweep that died has no row, and is done again.
-- ORDER BY the watermark: read from its end. TTL: the newest row is always younger.
CREATE TABLE IF NOT EXISTS {database}.outcome_sweeps {on_cluster}
(
    watermark DateTime64(3, 'UTC'),
    rules_version String,
    started_at DateTime64(3, 'UTC'),
    ended_at DateTime64(3, 'UTC'),
    threads UInt64,
    outcomes UInt64
)
ENGINE = {replicated}ReplacingMergeTree(ended_at)
ORDER BY (watermark, rules_version)
