-- Why decisions of replay sets cannot be replayed.
-- Grain: a set and a reason. Parameters: tenant.
SELECT
    set_id,
    unfit,
    count() AS decisions
FROM replay_cases
WHERE tenant_id = {tenant:String}
    AND unfit != ''
GROUP BY
    set_id,
    unfit
ORDER BY
    set_id,
    decisions DESC,
    unfit
