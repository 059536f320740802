-- The models a tenant's decisions name, to find their prices.
-- Grain: a model. Parameters: tenant.
-- A decision that is stored twice names the same model: no need to see which copy is the last.
SELECT DISTINCT model
FROM decisions
WHERE tenant_id = {tenant:String}
    AND model != ''
ORDER BY model
SETTINGS final = 0
