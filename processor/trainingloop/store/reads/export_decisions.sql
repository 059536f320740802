-- Whole decisions, oldest first, a page at a time.
-- Grain: a decision. Parameters: those of _decision_filter, limit UInt32,
-- after_at DateTime64(9, 'UTC') and after String: time and id of the last decision of the page before;
-- of its time take occurred_at_ns, because the time's own type loses nanoseconds in Python.
SELECT
    * EXCEPT (version, is_deleted, retention_days),
    toUnixTimestamp64Nano(occurred_at) AS occurred_at_ns
FROM decisions
WHERE {{decision_filter}}
    AND (occurred_at, decision_id) > ({after_at:DateTime64(9, 'UTC')}, {after:String})
ORDER BY
    occurred_at,
    decision_id
LIMIT {limit:UInt32}
