-- Writes what came of each decision of the slice by each rule, where that is not what the store
-- says already. Grain: a decision and a rule.
-- Parameters: since_ms, swept_ms, now_ms, tenant ('' = all), slices, slice; of the rules, in one
-- order: rule_ids, rule_versions, directions, units, absences.
-- The parts in double braces are written from the rules; see _statements.py.
INSERT INTO decision_outcomes (
    tenant_id, rule_id, rule_version, decision_id, thread_id, decided_at, cohort, direction, unit,
    state, ending, is_attributed, event_ids, event_at, matures_at, detected_at, retention_days,
    version, is_deleted
)
WITH
{{threads}},
{{decided}},
{{happened}},{{pairs}}
{{judged}},
{{current}}
SELECT
    judged.tenant_id AS tenant_id,
    judged.rule_id AS rule_id,
    judged.rule_version AS rule_version,
    judged.decision_id AS decision_id,
    judged.thread_id AS thread_id,
    judged.decided_at AS decided_at,
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
        current.finding = cityHash64(judged.state, judged.event_ids) AND NOT current.is_deleted,
        current.detected_at,
        fromUnixTimestamp64Milli({now_ms:Int64}, 'UTC')
    ) AS detected_at,
    judged.retention_days AS retention_days,
    greatest(toUInt64({now_ms:Int64}), current.version + 1) AS version,
    0 AS is_deleted
FROM judged
LEFT JOIN current
    ON judged.tenant_id = current.tenant_id
    AND judged.rule_id = current.rule_id
    AND judged.thread_id = current.thread_id
    AND judged.decision_id = current.decision_id
    AND judged.decided_at = current.decided_at
WHERE current.content != cityHash64(
    judged.rule_version, judged.cohort, judged.direction, judged.unit, judged.state,
    judged.ending, judged.is_attributed, judged.event_ids, judged.event_ns, judged.matures_ms,
    toUInt8(0)
)
SETTINGS final = 0
