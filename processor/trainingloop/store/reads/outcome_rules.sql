-- The rules that have said anything of the decisions of a time range.
-- Grain: a rule. Parameters: tenant, since, until.
-- Counts what is stored, versions that were replaced included: good for a menu, not for a rate.
SELECT
    rule_id,
    any(toString(direction)) AS rule_direction,
    any(toString(unit)) AS rule_unit,
    arraySort(groupUniqArray(toString(rule_version))) AS rule_versions,
    count() AS outcomes
FROM decision_outcomes
WHERE tenant_id = {tenant:String}
    AND decided_at >= {since:DateTime64(9, 'UTC')}
    AND decided_at < {until:DateTime64(9, 'UTC')}
GROUP BY rule_id
ORDER BY rule_id
SETTINGS final = 0
