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
    marked AS (
        SELECT
            cohort,
            if(
                {days:UInt16} = 0,
                toDate({since:DateTime64(9, 'UTC')}),
                toDate(toStartOfInterval(decided_at, toIntervalDay(greatest({days:UInt16}, 1))))
            ) AS bucket,
            thread_id,
            decision_id,
            arrayJoin([
                ('up', value > 0),
                ('helpful', reason = 'helpful'),
                ('unhelpful', reason = 'unhelpful'),
                ('incorrect', reason = 'incorrect'),
                ('inappropriate', reason = 'inappropriate'),
                ('other', reason = 'other'),
                ('corrected', correction != '')
            ]) AS mark
        FROM votes
        WHERE decided_at >= {since:DateTime64(9, 'UTC')}
            AND decided_at < {until:DateTime64(9, 'UTC')}
    ),
    by_thread AS (
        SELECT
            mark.1 AS measure,
            cohort,
            bucket,
            thread_id,
            countIf(mark.2) AS y,
            count() AS m,
            uniqExact(decision_id) AS thread_decisions
        FROM marked
        GROUP BY
            measure,
            cohort,
            bucket,
            thread_id
    )
SELECT
    measure,
    cohort,
    bucket,
    sum(y) AS y_sum,
    sum(m) AS m_sum,
    sum(y * y) AS yy_sum,
    sum(y * m) AS ym_sum,
    sum(m * m) AS mm_sum,
    count() AS conversations,
    sum(thread_decisions) AS decisions
FROM by_thread
GROUP BY
    measure,
    cohort,
    bucket
ORDER BY
    measure,
    cohort,
    bucket
