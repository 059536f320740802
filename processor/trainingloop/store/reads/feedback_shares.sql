-- Sums over conversations for the share of live votes that say something: that are up, that give a
-- reason, that correct. With y such votes among m votes of a conversation, a share is y / m and the
-- squares tell how much it varies between conversations.
-- Grain: a measure, a version (cohort) and a bucket of time, by when the decision was made.
-- Parameters: tenant, since, until (of the decision), days UInt16: the width of a bucket, 0 for one
-- that holds the whole time range.
WITH
    votes AS (
        {{live_votes}}
    ),
    by_thread AS (
        SELECT
            cohort,
            if(
                {days:UInt16} = 0,
                toDate({since:DateTime64(9, 'UTC')}),
                toDate(toStartOfInterval(decided_at, toIntervalDay(greatest({days:UInt16}, 1))))
            ) AS bucket,
            thread_id,
            count() AS m,
            uniqExact(decision_id) AS thread_decisions,
            sumForEach([
                value > 0,
                reason = 'helpful',
                reason = 'unhelpful',
                reason = 'incorrect',
                reason = 'inappropriate',
                reason = 'other',
                correction != ''
            ]) AS ys
        FROM votes
        WHERE decided_at >= {since:DateTime64(9, 'UTC')}
            AND decided_at < {until:DateTime64(9, 'UTC')}
        GROUP BY
            cohort,
            bucket,
            thread_id
    ),
    by_version AS (
        SELECT
            cohort,
            bucket,
            sum(m) AS m_sum,
            sum(m * m) AS mm_sum,
            sumForEach(ys) AS y_sums,
            sumForEach(arrayMap(y -> y * y, ys)) AS yy_sums,
            sumForEach(arrayMap(y -> y * m, ys)) AS ym_sums,
            count() AS conversations,
            sum(thread_decisions) AS decisions
        FROM by_thread
        GROUP BY
            cohort,
            bucket
    )
SELECT
    measure,
    cohort,
    bucket,
    y_sum,
    m_sum,
    yy_sum,
    ym_sum,
    mm_sum,
    conversations,
    decisions
FROM by_version
ARRAY JOIN
    ['up', 'helpful', 'unhelpful', 'incorrect', 'inappropriate', 'other', 'corrected'] AS measure,
    y_sums AS y_sum,
    yy_sums AS yy_sum,
    ym_sums AS ym_sum
ORDER BY
    measure,
    cohort,
    bucket
