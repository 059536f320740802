-- What became of the questions of a run, and what they took; what came from the cache was not paid.
-- decisions: those whose own question (step 0) it was; unpriced: paid for, at a cost nobody knows,
-- since the price or what the answer took was not told; untold: those of which the latter was not.
-- Grain: an arm and a state. Parameters: tenant, run String.
SELECT
    arm,
    state,
    count() AS answers,
    countIf(step = 0) AS decisions,
    sum(is_cached) AS cached,
    sumIf(input_tokens, is_cached = 0) AS paid_input_tokens,
    sumIf(output_tokens, is_cached = 0) AS paid_output_tokens,
    sumIf(cost_usd, is_cached = 0) AS paid_usd,
    countIf(
        is_cached = 0
        AND cost_usd IS NULL
        AND (input_tokens + output_tokens > 0 OR state IN ('ok', 'truncated', 'refused', 'empty'))
    ) AS unpriced,
    countIf(
        is_cached = 0
        AND input_tokens + output_tokens = 0
        AND state IN ('ok', 'truncated', 'refused', 'empty')
    ) AS untold
FROM replay_results
WHERE tenant_id = {tenant:String}
    AND run_id = {run:String}
GROUP BY
    arm,
    state
ORDER BY
    arm,
    state
