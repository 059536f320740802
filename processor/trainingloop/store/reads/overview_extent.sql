-- How much there is of a tenant in all, and from when to when: what an empty page needs to know.
-- One row. Parameters: tenant.
SELECT
    count() AS decisions,
    min(occurred_at) AS first_at,
    max(occurred_at) AS last_at
FROM decisions
WHERE tenant_id = {tenant:String}
