-- Decisions by day and kind. Grain: a day and a kind. Parameters: tenant, since, until.
SELECT
    toDate(occurred_at) AS day,
    decision_kind,
    count() AS decisions,
    countIf(status = 'error') AS errors
FROM decisions
WHERE tenant_id = {tenant:String}
    AND occurred_at >= {since:DateTime64(9, 'UTC')}
    AND occurred_at < {until:DateTime64(9, 'UTC')}
GROUP BY
    day,
    decision_kind
ORDER BY
    day,
    decision_kind
