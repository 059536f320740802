-- cost_usd: what the sender says the call cost; NULL when it does not say.
-- user_messages: how many messages of the user the decision knew. It grows when the customer wrote
-- again, which is how inbound messages of agents that report none are found.
-- idx_ingested_at of 0003 makes "what came in since" cheap.
ALTER TABLE {database}.decisions {on_cluster}
    ADD COLUMN IF NOT EXISTS cost_usd Nullable(Float64) CODEC(ZSTD(1)) AFTER reasoning_tokens,
    ADD COLUMN IF NOT EXISTS user_messages UInt32 DEFAULT arrayCount(
        message -> JSONExtractString(message, 'role') = 'user', JSONExtractArrayRaw(input_messages)
    ) CODEC(T64, ZSTD(1)) AFTER cost_usd
