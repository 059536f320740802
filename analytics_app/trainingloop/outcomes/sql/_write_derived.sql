-- Writes what is missing of `derived`, and tombstones for what is no longer in it.
SELECT
    if(derived.event_id != '', derived.tenant_id, stored.tenant_id) AS tenant_id,
    if(derived.event_id != '', derived.thread_id, stored.thread_id) AS thread_id,
    derived.conversation_id AS conversation_id,
    if(derived.event_id != '', derived.event_id, stored.event_id) AS event_id,
    derived_kind AS event_kind,
    if(derived.event_id != '', derived.occurred_at, stored.occurred_at) AS occurred_at,
    derived.text AS text,
    derived.reason AS reason,
    derived.decision_id AS decision_id,
    derived.channel AS channel,
    derived.customer AS customer,
    'derived' AS source,
    derived.trace_id AS trace_id,
    if(derived.event_id != '', derived.retention_days, stored.retention_days) AS retention_days,
    -- Of equal versions the one that was written last holds.
    toUInt8(least(if(stored.event_id != '', stored.version + 1, 0), 255)) AS version,
    derived.event_id = '' AS is_deleted
FROM derived
FULL OUTER JOIN stored
    ON derived.tenant_id = stored.tenant_id
    AND derived.thread_id = stored.thread_id
    AND derived.event_id = stored.event_id
    AND derived.occurred_at = stored.occurred_at
WHERE if(
    derived.event_id != '',
    -- Of two decisions at one moment the first by its id may come in later.
    stored.event_id = '' OR stored.is_deleted OR stored.decision_id != derived.decision_id,
    NOT stored.is_deleted
)
SETTINGS final = 0
