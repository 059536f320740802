-- Runs of replays, the newest first, as they are driven.
-- silent_s: since who replays it last said so, by the clock of the store.
-- Grain: a run. Parameters: tenant, run String (an id, the beginning of one or a name; '' for all),
-- limit UInt32.
SELECT
    run_id,
    set_id,
    name,
    candidate,
    options,
    state,
    reason,
    driver,
    beat_at,
    dateDiff('millisecond', beat_at, now64(6)) / 1000 AS silent_s,
    created_by,
    created_at,
    updated_at
FROM replay_runs
WHERE tenant_id = {tenant:String}
    AND ({run:String} = '' OR startsWith(run_id, {run:String}) OR name = {run:String})
ORDER BY
    created_at DESC,
    run_id
LIMIT {limit:UInt32}
