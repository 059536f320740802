-- How many decisions got so many votes up and so many down, of those with more than one vote.
-- Grain: a number of votes up and one of votes down.
-- Parameters: tenant, since, until (of the decision).
WITH
    votes AS (
        {{live_votes}}
    ),
    panels AS (
        SELECT
            countIf(value > 0) AS ups,
            countIf(value < 0) AS downs
        FROM votes
        WHERE decided_at >= {since:DateTime64(9, 'UTC')}
            AND decided_at < {until:DateTime64(9, 'UTC')}
        GROUP BY decision_id
        HAVING ups + downs > 1
    )
SELECT
    ups,
    downs,
    count() AS decisions
FROM panels
GROUP BY
    ups,
    downs
ORDER BY
    ups,
    downs
