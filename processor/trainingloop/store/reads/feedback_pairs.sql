-- How each two reviewers voted on the decisions that both of them voted on, those that share the
-- most first. Grain: two reviewers, the first by name before the other.
-- Parameters: tenant, since, until (of the decision), limit UInt32.
WITH
    votes AS (
        {{live_votes}}
    ),
    -- Who voted on what stands in one array for each decision: a join of all votes with themselves
    -- would have to hold them twice.
    panels AS (
        SELECT arraySort(groupArray((reviewer, value))) AS panel
        FROM votes
        WHERE decided_at >= {since:DateTime64(9, 'UTC')}
            AND decided_at < {until:DateTime64(9, 'UTC')}
        GROUP BY decision_id
        HAVING length(panel) BETWEEN 2 AND 50
    ),
    pairs AS (
        SELECT
            panel[first_place] AS first,
            arrayJoin(arraySlice(panel, first_place + 1)) AS second
        FROM panels
        ARRAY JOIN arrayEnumerate(panel) AS first_place
    )
SELECT
    first.1 AS reviewer,
    second.1 AS other,
    countIf(first.2 > 0 AND second.2 > 0) AS both_up,
    countIf(first.2 > 0 AND second.2 < 0) AS up_down,
    countIf(first.2 < 0 AND second.2 > 0) AS down_up,
    countIf(first.2 < 0 AND second.2 < 0) AS both_down
FROM pairs
GROUP BY
    reviewer,
    other
ORDER BY
    count() DESC,
    reviewer,
    other
LIMIT {limit:UInt32}
