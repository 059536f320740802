-- How many decisions and events trying rules has to look at. Grain: one row.
-- Parameters: tenant, slices, slice.
WITH
    found AS (
        SELECT tenant_id
        FROM decisions
        WHERE {{in_slice}}
        UNION ALL
        SELECT tenant_id
        FROM conversation_events
        WHERE {{in_slice}}
    )
SELECT count() AS moments
FROM found
SETTINGS final = 0
