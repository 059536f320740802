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
