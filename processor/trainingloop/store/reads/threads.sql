-- Conversations, the most recent first.
-- Grain: a conversation. Parameters: tenant, since, until, limit UInt32.
SELECT
    thread_id,
    any(conversation_id) AS conversation,
    min(occurred_at) AS first_at,
    max(occurred_at) AS last_at,
    count() AS decisions,
    countIf(status = 'error') AS errors,
    any(channel) AS channel_name,
    arraySort(groupUniqArray(cohort)) AS cohorts
FROM decisions
WHERE tenant_id = {tenant:String}
    AND occurred_at >= {since:DateTime64(9, 'UTC')}
    AND occurred_at < {until:DateTime64(9, 'UTC')}
GROUP BY thread_id
ORDER BY
    last_at DESC,
    thread_id
LIMIT {limit:UInt32}
