-- What models answered to the same questions before, in any run; the newest answer to each.
-- Without FINAL, which would read every result: an answer stays one when a newer row replaces it.
-- Grain: a question. Parameters: tenant, keys Array(String).
SELECT
{{replay_answer_columns}}
FROM replay_results
WHERE tenant_id = {tenant:String}
    AND cache_key IN {keys:Array(String)}
    AND state IN ('ok', 'truncated', 'refused', 'empty')
ORDER BY
    cache_key,
    asked_at DESC
LIMIT 1 BY cache_key
SETTINGS final = 0
