-- What came of the decisions of a cohort, as the sums that intervals are computed from. Of each
-- conversation a pair (y, m): yes and decisions of a rule that speaks of turns; whether any was
-- yes, and 1, of a rule that speaks of conversations. Only decisions whose window has passed
-- enter, also not those with an early yes; the others are counted as pending.
-- 'ending:resolved' is made of no_further_inbound: how the conversation ended.
-- Conversations of the same kind are summed up before their traits are taken apart: there are far
-- fewer kinds than conversations.
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
            {{cohort_traits}} AS traits,
            cityHash64(traits) AS kind
        FROM members
        GROUP BY thread_id
    ),
    known AS (
        SELECT
            thread_id,
            rule_id,
            rule_version,
            toString(direction) AS decided_direction,
            toString(unit) AS decided_unit,
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
            any(decided_direction) AS rule_direction,
            any(decided_unit) AS rule_unit,
            min(rule_version) AS least_version,
            max(rule_version) AS most_version,
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
            pair.1 AS metric_id,
            pair.2 AS direction,
            pair.3 AS unit,
            least_version,
            most_version,
            pair.4 AS y,
            pair.5 AS m,
            pair.6 AS pending
        FROM by_conversation
        ARRAY JOIN
            arrayConcat(
                [
                    (
                        toString(rule),
                        rule_direction,
                        rule_unit,
                        toFloat64(if(rule_unit = 'turn', yes, yes > 0)),
                        toFloat64(if(rule_unit = 'turn', matured, matured > 0)),
                        toUInt64(if(rule_unit = 'turn', open, matured = 0 AND open > 0))
                    )
                ],
                if(
                    rule = 'no_further_inbound',
                    [
                        (
                            'ending:resolved',
                            'good',
                            'conversation',
                            toFloat64(resolved > 0),
                            toFloat64(matured > 0),
                            toUInt64(matured = 0 AND open > 0)
                        )
                    ],
                    []
                )
            ) AS pair
    ),
    kinds AS (
        SELECT
            metric_id,
            any(traits) AS kind_traits,
            any(direction) AS kind_direction,
            any(unit) AS kind_unit,
            min(least_version) AS kind_least_version,
            max(most_version) AS kind_most_version,
            sum(pending) AS kind_pending,
            countIf(m > 0) AS kind_clusters,
            sum(m) AS kind_units,
            sum(y) AS kind_total,
            sum(y * y) AS kind_y2,
            sum(m * m) AS kind_m2,
            sum(y * m) AS kind_ym
        FROM pairs
        INNER JOIN conversations USING (thread_id)
        GROUP BY
            kind,
            metric_id
    )
SELECT
    trait.1 AS trait_name,
    trait.2 AS trait_value,
    metric_id AS metric,
    any(kind_direction) AS metric_direction,
    any(kind_unit) AS metric_unit,
    arrayDistinct([min(kind_least_version), max(kind_most_version)]) AS rule_versions,
    sum(kind_pending) AS pending_units,
    sum(kind_clusters) AS clusters,
    sum(kind_units) AS units,
    sum(kind_total) AS total,
    sum(kind_y2) AS sum_y2,
    sum(kind_m2) AS sum_m2,
    sum(kind_ym) AS sum_ym
FROM kinds
ARRAY JOIN kind_traits AS trait
GROUP BY
    trait,
    metric_id
ORDER BY
    trait_name,
    trait_value,
    metric
