-- How many rows there are of a version or above, superseded ones too. Grain: one row.
-- Parameters: now_ms.
SELECT count() AS outcomes
FROM decision_outcomes
WHERE version >= {now_ms:Int64}
SETTINGS final = 0
