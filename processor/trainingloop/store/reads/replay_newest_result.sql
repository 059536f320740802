-- When the newest result of a run was stored; 1970 where it has none. Grain: one row.
-- Parameters: tenant, run String.
SELECT
    max(stored_at) AS newest_at,
    count() AS results
FROM replay_results
WHERE tenant_id = {tenant:String}
    AND run_id = {run:String}
