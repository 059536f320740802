-- The figures at the top of the Overview. One row. Parameters: tenant, since, until.
SELECT
    count() AS decisions,
    countIf(decision_kind = 'message') AS messages,
    countIf(decision_kind = 'tool_call') AS tool_calls,
    countIf(decision_kind = 'playbook') AS playbook_decisions,
    uniqExact(thread_id) AS conversations,
    countIf(status = 'error') AS errors,
    sum(input_tokens) AS input_tokens_sum,
    sum(output_tokens) AS output_tokens_sum,
    sum(redaction_count) AS redactions,
    countIf(redaction_failures > 0) AS decisions_with_failed_redaction,
    countIf(redaction_version = '') AS decisions_without_proof
FROM decisions
WHERE tenant_id = {tenant:String}
    AND occurred_at >= {since:DateTime64(9, 'UTC')}
    AND occurred_at < {until:DateTime64(9, 'UTC')}
