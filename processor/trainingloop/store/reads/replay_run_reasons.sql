-- Why questions of a run brought no whole answer: the five most common reasons of each arm.
-- Grain: an arm, a state and a reason. Parameters: tenant, run String.
SELECT
    arm,
    state,
    reason,
    count() AS answers
FROM replay_results
WHERE tenant_id = {tenant:String}
    AND run_id = {run:String}
    AND state != 'ok'
    AND reason != ''
GROUP BY
    arm,
    state,
    reason
ORDER BY
    arm,
    answers DESC,
    state,
    reason
LIMIT 5 BY arm
