-- How much a sweep has to look at, by the hour in which threads began. Grain: an hour.
-- Parameters: sweep_id.
SELECT
    toUnixTimestamp64Milli(first_at) - positiveModulo(toUnixTimestamp64Milli(first_at), 3600000)
        AS hour_ms,
    count() AS thread_count,
    sum(moments) AS moment_count,
    toUnixTimestamp64Milli(max(last_at)) AS last_ms,
    max(may_be_inbound) AS has_inbound,
    max(may_be_escalation) AS has_escalations,
    max(may_be_report) AS has_reports
FROM outcome_due
WHERE sweep_id = {sweep_id:UInt64}
GROUP BY hour_ms
ORDER BY hour_ms
SETTINGS final = 0
