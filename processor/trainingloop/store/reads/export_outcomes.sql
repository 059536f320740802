-- What came of some decisions.
-- Grain: a decision and a rule. Parameters: tenant, decisions Array(String), and since and until
-- DateTime64(9, 'UTC'): the time the decisions are in; both ends belong to it.
SELECT
    decision_id,
    rule_id,
    rule_version,
    state,
    ending,
    is_attributed,
    matures_at
FROM decision_outcomes
WHERE tenant_id = {tenant:String}
    AND decided_at >= {since:DateTime64(9, 'UTC')}
    AND decided_at <= {until:DateTime64(9, 'UTC')}
    AND decision_id IN {decisions:Array(String)}
ORDER BY
    decision_id,
    rule_id
