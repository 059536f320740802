-- A named filter of decisions, frozen: a changed definition is a new version, and old ones stay.
-- definition: JSON object of the filter's values; frozen_at: decisions that came in later are not in it.
-- ORDER BY tenant, name, version: read whole. No TTL: a definition holds no customer's words.
CREATE TABLE IF NOT EXISTS {database}.saved_cohorts {on_cluster}
(
    tenant_id LowCardinality(String),
    name String,
    version UInt32,
    definition String,
    note String,
    created_by String,
    frozen_at DateTime64(3, 'UTC'),
    is_deleted UInt8 DEFAULT 0
)
ENGINE = {replicated}ReplacingMergeTree(frozen_at, is_deleted)
ORDER BY (tenant_id, name, version)
