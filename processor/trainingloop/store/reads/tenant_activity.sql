-- The first and the last decision of a tenant, and how many there are. One row.
-- Parameters: tenant String.
SELECT
    count() AS decisions,
    min(occurred_at) AS first_at,
    max(occurred_at) AS last_at
FROM decisions
WHERE tenant_id = {tenant:String}
