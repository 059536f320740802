-- What became of the questions of a run, and what they took. What came from the cache cost nothing.
-- Grain: an arm and a state. Parameters: tenant, run String.
SELECT
    arm,
    state,
    count() AS answers,
    sum(is_cached) AS cached,
    sum(if(is_cached, 0, input_tokens + output_tokens)) AS tokens,
    sum(if(is_cached, 0, cost_usd)) AS cost_usd,
    max(stored_at) AS last_at
FROM replay_results
WHERE tenant_id = {tenant:String}
    AND run_id = {run:String}
GROUP BY
    arm,
    state
ORDER BY
    arm,
    answers DESC,
    state
