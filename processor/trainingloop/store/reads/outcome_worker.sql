-- Whether outcomes are worked out at all: the newest sweep of the worker, and what it has found of
-- the tenant. One row. Parameters: tenant.
-- Sweeps are of all tenants at once, and say nothing about any of them.
SELECT
    count() AS sweeps,
    max(started_at) AS newest_started_at,
    max(ended_at) AS newest_ended_at,
    (
        SELECT count()
        FROM (
            SELECT 1
            FROM decision_outcomes
            WHERE tenant_id = {tenant:String}
            LIMIT 1
            SETTINGS final = 0
        )
    ) AS has_outcomes
FROM outcome_sweeps
