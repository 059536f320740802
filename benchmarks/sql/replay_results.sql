-- Puts results of a replay of some decisions into the store, each with a second arm.
-- Parameters: run String, results UInt32 (decisions).
INSERT INTO replay_results
(
    tenant_id,
    run_id,
    arm,
    decision_id,
    step,
    compared_id,
    thread_id,
    decided_at,
    stratum,
    weight,
    state,
    text,
    tool_calls,
    model,
    input_tokens,
    output_tokens,
    cost_usd,
    latency_ms,
    recorded_kind,
    replayed_kind,
    agreement,
    newly_unsafe,
    newly_safe,
    asked_at
)
SELECT
    tenant_id,
    {run:String} AS run_id,
    arm,
    decision_id,
    0 AS step,
    decision_id AS compared_id,
    thread_id,
    occurred_at AS decided_at,
    channel AS stratum,
    1 AS weight,
    if(part = 0, 'timeout', 'ok') AS state,
    if(part = 0, '', concat(output_text, ' Anything else?')) AS text,
    '[]' AS tool_calls,
    model,
    900 AS input_tokens,
    40 AS output_tokens,
    0.001 AS cost_usd,
    700 AS latency_ms,
    'reply' AS recorded_kind,
    multiIf(part = 1, 'escalate', part < 4, 'ask', 'reply') AS replayed_kind,
    multiIf(part = 0, '', part < 4, 'different', part < 40, 'same_kind', 'identical') AS agreement,
    if(part = 4, ['unknown_link'], []) AS newly_unsafe,
    if(part = 5, ['personal_data'], []) AS newly_safe,
    occurred_at AS asked_at
FROM (
    SELECT
        tenant_id,
        decision_id,
        thread_id,
        occurred_at,
        channel,
        model,
        output_text,
        sipHash64(decision_id) % 100 AS part
    FROM decisions
    WHERE tenant_id = 'default'
        AND decision_kind = 'message'
    ORDER BY occurred_at
    LIMIT {results:UInt32}
)
ARRAY JOIN ['candidate', 'baseline'] AS arm
