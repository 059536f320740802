-- The newest sweep that ended. Grain: one row, or none. Parameters: none.
SELECT
    toUnixTimestamp64Milli(watermark) AS watermark_ms,
    toUnixTimestamp64Milli(started_at) AS started_ms,
    rules_version
FROM outcome_sweeps
ORDER BY
    started_at DESC,
    watermark DESC
LIMIT 1
