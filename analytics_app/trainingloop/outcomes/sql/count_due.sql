-- How much a sweep has to look at. Grain: one row.
-- Parameters: since_ms, swept_ms, now_ms, tenant ('' = all), slices, slice.
WITH
{{threads}},
    moments AS (
        SELECT
            tenant_id,
            thread_id
        FROM decisions
        WHERE {{is_due}}
        UNION ALL
        SELECT
            tenant_id,
            thread_id
        FROM conversation_events
        WHERE {{is_due}}
    )
SELECT
    uniqExact(tenant_id, thread_id) AS thread_count,
    count() AS moment_count
FROM moments
SETTINGS final = 0
