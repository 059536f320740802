-- What people and judge models prefer in a run; of each judge and order of a pair the newest.
-- Grain: a pair, a judge and which answer was shown first. Parameters: tenant, run String.
SELECT
    decision_id,
    step,
    source,
    judge,
    shown_first,
    choice,
    reason,
    given_at,
    input_tokens,
    output_tokens,
    cost_usd
FROM replay_preferences
WHERE tenant_id = {tenant:String}
    AND run_id = {run:String}
ORDER BY
    decision_id,
    step,
    source,
    judge,
    shown_first
