-- Decisions as a list, newest first, without their heavy columns.
-- Grain: a decision. Parameters: those of _decision_filter, limit UInt32, offset UInt32.
SELECT
    decision_id,
    trace_id,
    thread_id,
    conversation_id,
    occurred_at,
    duration_ns / 1e6 AS duration_ms,
    decision_kind,
    operation,
    model,
    playbook_id,
    playbook_version,
    prompt_name,
    prompt_version,
    prompt_hash,
    code_version,
    cohort,
    experiment_id,
    experiment_variant,
    channel,
    service_name,
    status,
    error_type,
    input_tokens,
    output_tokens,
    tool_names,
    rules_fired,
    leftUTF8(input_text, 200) AS input_preview,
    leftUTF8(output_text, 200) AS output_preview,
    redaction_count,
    redaction_failures
FROM decisions
WHERE {{decision_filter}}
ORDER BY
    occurred_at DESC,
    trace_id,
    decision_id
LIMIT {limit:UInt32}
OFFSET {offset:UInt32}
