-- How many outcomes of each rule are yes, no and pending, as of now.
-- Grain: a rule and its version. Parameters: tenant.
SELECT
    rule_id,
    rule_version,
    countIf(state = 'yes') AS yes,
    countIf(state = 'no') AS no,
    countIf(state = 'pending') AS pending
FROM decision_outcomes
WHERE tenant_id = {tenant:String}
GROUP BY
    rule_id,
    rule_version
ORDER BY
    rule_id,
    rule_version
