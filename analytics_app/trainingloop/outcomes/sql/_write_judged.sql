-- Writes what differs between `judged` and `current`: rows that are new or other, and tombstones for
-- those that have nothing to stand on any more, because the decision, the rule or the report is gone.
SELECT
    if(is_judged, judged.tenant_id, current.tenant_id) AS tenant_id,
    if(is_judged, judged.rule_id, current.rule_id) AS rule_id,
    judged.rule_version AS rule_version,
    if(is_judged, judged.decision_id, current.decision_id) AS decision_id,
    if(is_judged, judged.thread_id, current.thread_id) AS thread_id,
    if(is_judged, judged.decided_at, current.decided_at) AS decided_at,
    judged.cohort AS cohort,
    judged.direction AS direction,
    judged.unit AS unit,
    judged.state AS state,
    judged.ending AS ending,
    judged.is_attributed AS is_attributed,
    judged.event_ids AS event_ids,
    if(judged.event_ns = 0, NULL, fromUnixTimestamp64Nano(judged.event_ns, 'UTC')) AS event_at,
    fromUnixTimestamp64Milli(judged.matures_ms, 'UTC') AS matures_at,
    if(
        is_judged
        AND current.finding = cityHash64(judged.state, judged.event_ids)
        AND NOT current.is_deleted,
        current.detected_at,
        fromUnixTimestamp64Milli({now_ms:Int64}, 'UTC')
    ) AS detected_at,
    if(is_judged, judged.retention_days, current.retention_days) AS retention_days,
    greatest(toUInt64({now_ms:Int64}), current.version + 1) AS version,
    NOT is_judged AS is_deleted
FROM judged
FULL OUTER JOIN current
    ON judged.tenant_id = current.tenant_id
    AND judged.rule_id = current.rule_id
    AND judged.thread_id = current.thread_id
    AND judged.decision_id = current.decision_id
    AND judged.decided_at = current.decided_at
WHERE if(
    judged.decision_id != '' AS is_judged,
    current.content != cityHash64(
        judged.rule_version, judged.cohort, judged.direction, judged.unit, judged.state,
        judged.ending, judged.is_attributed, judged.event_ids, judged.event_ns,
        judged.matures_ms, toUInt8(0)
    ),
    NOT current.is_deleted
)
SETTINGS final = 0
