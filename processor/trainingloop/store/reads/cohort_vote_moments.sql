-- What people said of a cohort's decisions, as the sums that intervals are computed from: of each
-- conversation a pair (y, m), its thumbs up and its live votes.
-- Grain: a trait of the conversation and a value of it; trait 'all' is the whole cohort.
-- Parameters: those of _cohort_filter.
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
    live AS (
        {{live_votes}}
    ),
    pairs AS (
        SELECT
            thread_id,
            toFloat64(countIf(value > 0)) AS y,
            toFloat64(count()) AS m
        FROM live
        WHERE decision_id IN (SELECT decision_id FROM members)
        GROUP BY thread_id
    )
SELECT
    trait.1 AS trait_name,
    trait.2 AS trait_value,
    'thumbs_up' AS metric,
    countIf(m > 0) AS clusters,
    sum(m) AS units,
    sum(y) AS total,
    sum(y * y) AS sum_y2,
    sum(m * m) AS sum_m2,
    sum(y * m) AS sum_ym
FROM pairs
INNER JOIN conversations USING (thread_id)
ARRAY JOIN traits AS trait
GROUP BY trait
ORDER BY
    trait_name,
    trait_value
