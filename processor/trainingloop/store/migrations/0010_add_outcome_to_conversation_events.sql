-- What a business reports of a conversation, such as "order_paid: yes", and the decision it names.
ALTER TABLE {database}.conversation_events {on_cluster}
    ADD COLUMN IF NOT EXISTS outcome LowCardinality(String) AFTER target,
    ADD COLUMN IF NOT EXISTS value LowCardinality(String) AFTER outcome,
    ADD COLUMN IF NOT EXISTS decision_id String CODEC(ZSTD(1)) AFTER value
