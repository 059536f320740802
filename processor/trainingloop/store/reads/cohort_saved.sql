-- Saved cohorts, every version of each, the newest version of a name first.
-- Grain: a name and a version. Parameters: tenant.
SELECT
    name,
    version,
    definition,
    note,
    created_by,
    frozen_at
FROM saved_cohorts
WHERE tenant_id = {tenant:String}
ORDER BY
    name,
    version DESC
