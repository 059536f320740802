-- What redaction replaced, by type of personal data, the most frequent first.
-- Grain: a type. Parameters: tenant, since, until.
SELECT
    pair.1 AS entity,
    sum(pair.2) AS replaced,
    count() AS decisions
FROM decisions
ARRAY JOIN JSONExtractKeysAndValues(redaction_entities, 'UInt64') AS pair
WHERE tenant_id = {tenant:String}
    AND occurred_at >= {since:DateTime64(9, 'UTC')}
    AND occurred_at < {until:DateTime64(9, 'UTC')}
GROUP BY entity
ORDER BY
    replaced DESC,
    entity
