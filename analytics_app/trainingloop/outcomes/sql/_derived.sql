-- The derived events of one kind that the store has in the slice, as a CTE, tombstones included: an
-- event that comes back must have a version above that of its tombstone.
-- Needs derived_kind: 'inbound' or 'escalation'.
    stored AS (
        SELECT
            tenant_id,
            thread_id,
            event_id,
            event.occurred_at AS occurred_at,
            max(event.version) AS version,
            argMax(event.is_deleted, event.version) AS is_deleted,
            argMax(event.decision_id, event.version) AS decision_id,
            argMax(event.retention_days, event.version) AS retention_days
        FROM conversation_events AS event
        WHERE {{in_slice}}
            AND event.source = 'derived'
            AND event.event_kind = derived_kind
        GROUP BY
            tenant_id,
            thread_id,
            event_id,
            occurred_at
    )
