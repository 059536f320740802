-- One row for each migration that was applied to this store, with the checksum of its text.
-- ORDER BY number: read whole, a few dozen rows. No partition and no TTL: it never grows.
CREATE TABLE IF NOT EXISTS {database}.schema_migrations {on_cluster}
(
    number UInt32,
    name String,
    checksum FixedString(64),
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = {replicated}ReplacingMergeTree(applied_at)
ORDER BY number
