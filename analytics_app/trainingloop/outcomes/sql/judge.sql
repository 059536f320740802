-- Writes what came of each decision of the slice by each rule, where that is not what the store
-- says already. Grain: a decision and a rule.
-- Parameters: now_ms; of the slice: sweep_id, from_ms, until_ms, last_ms, parts, part;
-- of the rules, in one order: rule_ids, rule_versions, directions, units, absences.
-- The parts in double braces are written from the rules; see _statements.py.
INSERT INTO decision_outcomes (
    tenant_id, rule_id, rule_version, decision_id, thread_id, decided_at, cohort, direction, unit,
    state, ending, is_attributed, event_ids, event_at, matures_at, detected_at, retention_days,
    version, is_deleted
)
WITH
    true AS is_by_rule,
{{decided}},
{{happened}},{{pairs}}
{{judged}},
{{current}}
{{write_judged}}
