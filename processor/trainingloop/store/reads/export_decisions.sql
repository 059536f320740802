-- Whole decisions, oldest first, a page at a time.
-- Grain: a decision. Parameters: those of _decision_filter, limit UInt32,
-- after_at DateTime64(9, 'UTC') and after String: time and id of the last decision of the page before.
SELECT * EXCEPT (version, is_deleted, retention_days)
FROM decisions
WHERE {{decision_filter}}
    AND (occurred_at, decision_id) > ({after_at:DateTime64(9, 'UTC')}, {after:String})
ORDER BY
    occurred_at,
    decision_id
LIMIT {limit:UInt32}
