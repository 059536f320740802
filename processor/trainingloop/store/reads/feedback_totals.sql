-- The figures at the top of the Feedback page, of the decisions of a time range. One row.
-- Parameters: tenant, since, until (of the decision).
WITH votes AS (
    {{live_votes}}
)
SELECT
    count() AS votes,
    countIf(value > 0) AS up,
    countIf(value < 0) AS down,
    uniqExact(decision_id) AS decisions,
    uniqExact(thread_id) AS conversations,
    uniqExact(reviewer) AS reviewers,
    countIf(correction != '') AS corrections,
    countIf(note != '') AS notes
FROM votes
WHERE decided_at >= {since:DateTime64(9, 'UTC')}
    AND decided_at < {until:DateTime64(9, 'UTC')}
