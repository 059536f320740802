-- When the newest decision or event came in, by the store's clock, which may be another than ours.
-- Grain: one row; 0 while there is none. Parameters: none.
SELECT max(newest_ms) AS newest_ms
FROM (
    SELECT toUnixTimestamp64Milli(max(ingested_at)) AS newest_ms
    FROM decisions
    UNION ALL
    SELECT toUnixTimestamp64Milli(max(ingested_at)) AS newest_ms
    FROM conversation_events
)
SETTINGS final = 0
