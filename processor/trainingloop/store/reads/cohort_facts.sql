-- What a cohort holds and when. One row, also when it holds nothing.
-- Parameters: those of _cohort_filter.
SELECT
    count() AS decisions,
    uniqExact(thread_id) AS conversations,
    countIf(decision_kind = 'message') AS messages,
    countIf(decision_kind = 'tool_call') AS tool_calls,
    countIf(decision_kind = 'playbook') AS playbook_decisions,
    min(occurred_at) AS first_at,
    max(occurred_at) AS last_at,
    quantileIf(0.5)(duration_ns, decision_kind != 'playbook' AND operation != 'execute_tool' AND duration_ns > 0) / 1e6 AS duration_ms_p50,
    quantileIf(0.95)(duration_ns, decision_kind != 'playbook' AND operation != 'execute_tool' AND duration_ns > 0) / 1e6 AS duration_ms_p95,
    arraySort(groupUniqArray(10)(experiment_id)) AS experiments,
    arraySort(groupUniqArray(10)(experiment_variant)) AS variants
FROM decisions
WHERE {{cohort_filter}}
