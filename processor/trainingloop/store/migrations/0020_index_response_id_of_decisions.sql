-- A customer's product votes on the answer it got by the model's own id of it: found without
-- reading the column of every decision. Parts that are older than this get it as they merge.
ALTER TABLE {database}.decisions {on_cluster}
    ADD INDEX IF NOT EXISTS idx_response_id response_id TYPE bloom_filter(0.001) GRANULARITY 1
