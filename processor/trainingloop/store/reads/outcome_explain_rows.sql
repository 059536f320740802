-- What came of one decision by each rule. Grain: a rule.
-- Parameters: tenant, decision String, thread String (its thread).
SELECT
    rule_id,
    rule_version,
    direction,
    unit,
    state,
    ending,
    is_attributed,
    event_ids,
    event_at,
    matures_at,
    detected_at
FROM decision_outcomes
WHERE tenant_id = {tenant:String}
    AND thread_id = {thread:String}
    AND decision_id = {decision:String}
ORDER BY rule_id
-- Every version of an outcome has the same ids, so the index on them can be trusted under FINAL: a
-- hundredth of the CPU over a million decisions.
SETTINGS use_skip_indexes_if_final_exact_mode = 0
