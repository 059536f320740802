-- Whole decisions that somebody thinks well of, or has corrected, oldest first, a page at a time.
-- Grain: a decision. Parameters: those of export_decisions.sql.
SELECT
    * EXCEPT (version, is_deleted, retention_days),
    toUnixTimestamp64Nano(occurred_at) AS occurred_at_ns
FROM decisions
WHERE {{decision_filter}}
    AND (occurred_at, decision_id) > ({after_at:DateTime64(9, 'UTC')}, {after:String})
    AND decision_id IN (
        SELECT decision_id
        FROM ({{live_votes}})
        WHERE value > 0
            OR correction != ''
    )
ORDER BY
    occurred_at,
    decision_id
LIMIT {limit:UInt32}
