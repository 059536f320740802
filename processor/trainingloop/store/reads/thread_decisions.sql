-- The decisions of a conversation in their order, with the texts but without the histories.
-- Grain: a decision. Parameters: tenant, thread String.
SELECT
    decision_id,
    trace_id,
    occurred_at,
    duration_ns / 1e6 AS duration_ms,
    decision_kind,
    operation,
    turn_index,
    model,
    cohort,
    playbook_id,
    playbook_version,
    playbook_rules,
    rules_fired,
    status,
    error_type,
    input_text,
    output_text,
    reason,
    tool_calls,
    tool_names,
    channel,
    customer,
    redaction_count
FROM decisions
WHERE tenant_id = {tenant:String}
    AND thread_id = {thread:String}
ORDER BY
    occurred_at,
    decision_id
