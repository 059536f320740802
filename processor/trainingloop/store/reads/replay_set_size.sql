-- How many decisions a frozen set holds. Grain: a set. Parameters: tenant, set String.
SELECT
    name,
    size
FROM replay_sets
WHERE tenant_id = {tenant:String}
    AND set_id = {set:String}
