-- A frozen choice of decisions to replay, under a name; its decisions are in replay_cases.
-- selection: JSON object of how it was chosen (filter, votes, outcome, sampling, seed), for people.
-- ORDER BY tenant, set: read whole. No TTL: it holds no customer's words.
CREATE TABLE IF NOT EXISTS {database}.replay_sets {on_cluster}
(
    tenant_id LowCardinality(String),
    set_id String,
    name String,
    selection String,
    matched UInt32,
    size UInt32,
    created_by String,
    frozen_at DateTime64(6, 'UTC'),
    is_deleted UInt8 DEFAULT 0
)
ENGINE = {replicated}ReplacingMergeTree(frozen_at, is_deleted)
ORDER BY (tenant_id, set_id)
