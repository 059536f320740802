-- Replay sets, the newest first.
-- Grain: a set. Parameters: tenant.
SELECT
    set_id,
    name,
    selection,
    matched,
    size,
    created_by,
    frozen_at
FROM replay_sets
WHERE tenant_id = {tenant:String}
ORDER BY
    frozen_at DESC,
    set_id
