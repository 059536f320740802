-- What came of the decisions of a cohort, as the sums that intervals are computed from. Of each
-- conversation a pair (y, m): yes and decisions of a rule that speaks of turns; whether any was
-- yes, and 1, of a rule that speaks of conversations. Only decisions whose window has passed
-- enter, also not those with an early yes; the others are counted as pending.
-- 'ending:resolved' is made of no_further_inbound: how the conversation ended.
-- Grain: a trait of the conversation, a value of it, and a rule; trait 'all' is the whole cohort.
-- Parameters: those of _cohort_filter, as_of DateTime64(3, 'UTC').
WITH
    members AS (
        SELECT
            decision_id,
            thread_id,
            occurred_at,
            channel,
            service_name,
            agent_name,
            environment
        FROM decisions
        WHERE {{cohort_filter}}
    ),
    conversations AS (
        SELECT
            thread_id,
            {{cohort_traits}} AS traits
        FROM members
        GROUP BY thread_id
    ),
    known AS (
        SELECT
            thread_id,
            rule_id,
            rule_version,
            toString(direction) AS rule_direction,
            toString(unit) AS rule_unit,
            ending,
            state IN ('yes', 'no') AND matures_at <= {as_of:DateTime64(3, 'UTC')} AS is_mature,
            state = 'yes' AS is_yes
        FROM decision_outcomes
        WHERE tenant_id = {tenant:String}
            AND decided_at >= {since:DateTime64(9, 'UTC')}
            AND decided_at < {until:DateTime64(9, 'UTC')}
            AND is_attributed = 1
            AND decision_id IN (SELECT decision_id FROM members)
    ),
    by_conversation AS (
        SELECT
            thread_id,
            rule_id AS rule,
            any(rule_direction) AS direction,
            any(rule_unit) AS unit,
            groupUniqArray(rule_version) AS versions,
            countIf(is_mature) AS matured,
            countIf(is_mature AND is_yes) AS yes,
            countIf(NOT is_mature) AS open,
            countIf(is_mature AND is_yes AND ending = 'resolved_by_assistant') AS resolved
        FROM known
        GROUP BY
            thread_id,
            rule_id
    ),
    pairs AS (
        SELECT
            thread_id,
            rule,
            direction,
            unit,
            versions,
            toFloat64(if(unit = 'turn', yes, yes > 0)) AS y,
            toFloat64(if(unit = 'turn', matured, matured > 0)) AS m,
            if(unit = 'turn', open, matured = 0 AND open > 0) AS pending
        FROM by_conversation
        UNION ALL
        SELECT
            thread_id,
            'ending:resolved' AS rule,
            'good' AS direction,
            'conversation' AS unit,
            versions,
            toFloat64(resolved > 0) AS y,
            toFloat64(matured > 0) AS m,
            toUInt64(matured = 0 AND open > 0) AS pending
        FROM by_conversation
        WHERE by_conversation.rule = 'no_further_inbound'
    )
SELECT
    trait.1 AS trait_name,
    trait.2 AS trait_value,
    rule AS metric,
    any(direction) AS metric_direction,
    any(unit) AS metric_unit,
    arraySort(groupUniqArrayArray(versions)) AS rule_versions,
    sum(pending) AS pending_units,
    {{cohort_sums}}
FROM pairs
INNER JOIN conversations USING (thread_id)
ARRAY JOIN traits AS trait
GROUP BY
    trait,
    rule
ORDER BY
    trait_name,
    trait_value,
    metric
