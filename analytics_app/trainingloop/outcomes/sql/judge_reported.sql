-- Writes the outcomes of the slice that were reported by name, where that is not what the store says
-- already. Grain: a decision and a name.
-- Parameters: now_ms; of the slice: sweep_id, from_ms, until_ms, last_ms, parts, part;
-- rule_ids: names that count for nothing, for a rule has them; reported_ids with reported_windows_s and
-- reported_directions: names of which something else than the usual is said; reported_window_s.
INSERT INTO decision_outcomes (
    tenant_id, rule_id, rule_version, decision_id, thread_id, decided_at, cohort, direction, unit,
    state, ending, is_attributed, event_ids, event_at, matures_at, detected_at, retention_days,
    version, is_deleted
)
WITH
    false AS is_by_rule,
{{decided}},
{{happened}},
{{reported}},
    judged AS (
        SELECT
            tenant_id,
            rule_id,
            '1' AS rule_version,
            thread_id,
            decision_id,
            decided_at,
            cohort,
            transform(
                rule_id, {reported_ids:Array(String)}, {reported_directions:Array(String)}, 'good'
            ) AS direction,
            'conversation' AS unit,
            newest.3 AS state,
            '' AS ending,
            toUInt8(1) AS is_attributed,
            [newest.2] AS event_ids,
            newest.1 AS event_ns,
            matures_ms,
            retention_days
        FROM reported
    ),
{{current}}
{{write_judged}}
