-- How far the runs of a tenant are, and what they took; what came from the cache was not paid.
-- decisions: each for every arm that has a result. Grain: a run. Parameters: tenant.
SELECT
    run_id,
    countIf(step = 0) AS decisions,
    sumIf(input_tokens + output_tokens, is_cached = 0) AS paid_tokens,
    sumIf(cost_usd, is_cached = 0) AS paid_usd,
    countIf(notEmpty(newly_unsafe) AND arm = 'candidate') AS newly_unsafe_pairs,
    max(stored_at) AS last_at
FROM replay_results
WHERE tenant_id = {tenant:String}
GROUP BY run_id
