-- The events of the slice that have happened by now, as a CTE, under the names that rules use.
    happened AS (
        SELECT
            tenant_id,
            thread_id,
            event_id,
            toUnixTimestamp64Nano(occurred_at) AS at_ns,
            event_kind AS kind,
            text,
            reason,
            target,
            outcome,
            value,
            decision_id,
            channel,
            source
        FROM conversation_events FINAL
        PREWHERE {{in_slice}}
        WHERE occurred_at <= fromUnixTimestamp64Milli({now_ms:Int64}, 'UTC')
    )
