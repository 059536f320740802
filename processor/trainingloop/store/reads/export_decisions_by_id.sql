-- Whole decisions, by their ids.
-- Grain: a decision. Parameters: tenant, decisions Array(String), and since and until
-- DateTime64(9, 'UTC'): the time they are in, which keeps the rest of the table unread.
SELECT
    * EXCEPT (version, is_deleted, retention_days),
    toUnixTimestamp64Nano(occurred_at) AS occurred_at_ns
FROM decisions
WHERE tenant_id = {tenant:String}
    AND occurred_at >= {since:DateTime64(9, 'UTC')}
    AND occurred_at < {until:DateTime64(9, 'UTC')}
    AND decision_id IN {decisions:Array(String)}
ORDER BY
    occurred_at,
    decision_id
