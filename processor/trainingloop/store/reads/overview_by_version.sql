-- Counts, latency, tokens and errors of each version that decided.
-- Grain: cohort, model and code version. Parameters: tenant, since, until.
SELECT
    cohort,
    model,
    code_version,
    count() AS decisions,
    countIf(decision_kind = 'message') AS messages,
    countIf(decision_kind = 'tool_call') AS tool_calls,
    countIf(decision_kind = 'playbook') AS playbook_decisions,
    quantile(0.5)(duration_ns) / 1e6 AS duration_ms_p50,
    quantile(0.95)(duration_ns) / 1e6 AS duration_ms_p95,
    sum(input_tokens) AS input_tokens_sum,
    sum(output_tokens) AS output_tokens_sum,
    countIf(status = 'error') AS errors,
    min(occurred_at) AS first_at,
    max(occurred_at) AS last_at
FROM decisions
WHERE tenant_id = {tenant:String}
    AND occurred_at >= {since:DateTime64(9, 'UTC')}
    AND occurred_at < {until:DateTime64(9, 'UTC')}
GROUP BY
    cohort,
    model,
    code_version
ORDER BY
    decisions DESC,
    cohort,
    model
