-- Every automatic cohort: the tag of the versions that decided, the largest first.
-- Grain: a tag. Parameters: tenant, since, until.
SELECT
    cohort,
    count() AS decisions,
    uniqExact(thread_id) AS conversations,
    countIf(decision_kind = 'message') AS messages,
    countIf(decision_kind = 'tool_call') AS tool_calls,
    countIf(decision_kind = 'playbook') AS playbook_decisions,
    min(occurred_at) AS first_at,
    max(occurred_at) AS last_at
FROM decisions
WHERE tenant_id = {tenant:String}
    AND occurred_at >= {since:DateTime64(9, 'UTC')}
    AND occurred_at < {until:DateTime64(9, 'UTC')}
    AND cohort != ''
GROUP BY cohort
ORDER BY
    conversations DESC,
    cohort
LIMIT 1000
