-- The first decision of a replay set that can be asked again, to show what is asked. At most one row.
-- Parameters: tenant, set String.
SELECT decision_id
FROM replay_cases
WHERE tenant_id = {tenant:String}
    AND set_id = {set:String}
    AND unfit = ''
ORDER BY position
LIMIT 1
