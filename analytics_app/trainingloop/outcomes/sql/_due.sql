-- The threads in which something may have changed, as a CTE: what came in since, events that were
-- ahead of the clock, windows that have passed, and what a clock that was ahead had let mature.
-- Parameters: since_ms, swept_ms (when the last sweep looked), now_ms.
    due AS (
        SELECT
            tenant_id,
            thread_id
        FROM decisions
        WHERE ingested_at >= fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
        UNION DISTINCT
        SELECT
            tenant_id,
            thread_id
        FROM conversation_events
        WHERE ingested_at >= fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
            -- A sweep judges what it derives.
            AND source != 'derived'
        UNION DISTINCT
        SELECT
            tenant_id,
            thread_id
        FROM conversation_events
        -- Nothing is taken in that is more than a day ahead.
        WHERE ingested_at >= fromUnixTimestamp64Milli({swept_ms:Int64}, 'UTC') - INTERVAL 25 HOUR
            AND occurred_at >= fromUnixTimestamp64Milli({swept_ms:Int64}, 'UTC')
            AND occurred_at <= fromUnixTimestamp64Milli({now_ms:Int64}, 'UTC')
        UNION DISTINCT
        SELECT
            tenant_id,
            thread_id
        FROM decision_outcomes
        WHERE state = 'pending'
            AND matures_at >= fromUnixTimestamp64Milli({swept_ms:Int64}, 'UTC')
            AND matures_at <= fromUnixTimestamp64Milli({now_ms:Int64}, 'UTC')
        UNION DISTINCT
        SELECT
            tenant_id,
            thread_id
        FROM decision_outcomes
        WHERE state IN ('yes', 'no')
            AND matures_at > fromUnixTimestamp64Milli({now_ms:Int64}, 'UTC')
            AND (event_at IS NULL OR event_at > fromUnixTimestamp64Milli({now_ms:Int64}, 'UTC'))
    ),
