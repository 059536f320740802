-- When outcomes were last worked out and when a vote last came in, of any tenant, in milliseconds
-- since 1970; zeros while there are none. One row, cheap: asked every few seconds.
SELECT
    (SELECT toUInt64(toUnixTimestamp64Milli(max(started_at))) FROM outcome_sweeps) AS swept_at,
    (SELECT toUInt64(toUnixTimestamp64Milli(max(ingested_at))) FROM decision_feedback) AS voted_at
SETTINGS final = 0
