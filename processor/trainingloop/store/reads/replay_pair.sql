-- What was answered when one decision of a run was replayed, by each arm, with the judgement.
-- Grain: an arm. Parameters: tenant, run String, decision String, step UInt16.
SELECT
    arm,
    decision_id,
    step,
    compared_id,
    thread_id,
    decided_at,
    stratum,
    weight,
    state,
    reason,
    text,
    tool_calls,
    refusal,
    finish_reason,
    model,
    input_tokens,
    output_tokens,
    cost_usd,
    latency_ms,
    attempts,
    is_cached,
    agreement,
    newly_unsafe,
    newly_safe,
    judgement,
    redaction_status,
    {{replay_pair_rank}} AS pair_rank
FROM replay_results
WHERE tenant_id = {tenant:String}
    AND run_id = {run:String}
    AND decision_id = {decision:String}
    AND step = {step:UInt16}
ORDER BY arm
