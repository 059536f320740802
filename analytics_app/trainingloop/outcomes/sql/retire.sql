-- Takes back outcomes of the slice that have nothing to stand on any more: the decision is gone, the
-- rule is gone, or no report is about the decision. Grain: a decision and a rule.
-- Parameters: as for judge_reported.sql.
INSERT INTO decision_outcomes (
    tenant_id, rule_id, decision_id, thread_id, decided_at, detected_at, retention_days, version,
    is_deleted
)
WITH
{{threads}},
{{decided}},
{{happened}},
{{reported}},
{{current}}
SELECT
    tenant_id,
    rule_id,
    decision_id,
    thread_id,
    decided_at,
    fromUnixTimestamp64Milli({now_ms:Int64}, 'UTC') AS detected_at,
    retention_days,
    greatest(toUInt64({now_ms:Int64}), current.version + 1) AS version,
    1 AS is_deleted
FROM current
WHERE NOT current.is_deleted
    AND NOT (
        rule_id IN {rule_ids:Array(String)}
        AND (tenant_id, thread_id, decision_id, decided_at) IN (
            SELECT
                tenant_id,
                thread_id,
                decision_id,
                occurred_at
            FROM decided
        )
    )
    AND (tenant_id, rule_id, thread_id, decision_id, decided_at) NOT IN (
        SELECT
            tenant_id,
            rule_id,
            thread_id,
            decision_id,
            decided_at
        FROM reported
    )
SETTINGS final = 0
