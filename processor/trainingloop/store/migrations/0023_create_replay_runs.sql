-- A replay of a set with a candidate; the newest row of a run is what holds.
-- candidate: JSON object, redacted; options: JSON object of mode, noise arm, budget, concurrency.
-- state: ready, running, cancelling, cancelled, over_budget, failed, done.
-- driver, beat_at: which process replays it and when it last said so; a silent one is dead.
-- ORDER BY tenant, run: read whole. No TTL: it holds no customer's words.
CREATE TABLE IF NOT EXISTS {database}.replay_runs {on_cluster}
(
    tenant_id LowCardinality(String),
    run_id String,
    set_id String,
    name String,
    candidate String,
    options String,
    state LowCardinality(String),
    reason String,
    driver String,
    beat_at DateTime64(6, 'UTC'),
    created_by String,
    created_at DateTime64(6, 'UTC'),
    updated_at DateTime64(6, 'UTC'),
    is_deleted UInt8 DEFAULT 0
)
ENGINE = {replicated}ReplacingMergeTree(updated_at, is_deleted)
ORDER BY (tenant_id, run_id)
