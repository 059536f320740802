-- How often an outcome came true, as the sums that intervals are computed from. Of each conversation
-- a pair (y, m): the yes and all matured decisions of a rule that speaks of turns; whether any was
-- yes, and 1, of a rule that speaks of conversations. What has not matured is counted as pending.
-- Grain: a part: a day, the Monday of a week, a cohort, or everything.
-- Parameters: those of _decision_filter, rule String, unit String ('turn' or 'conversation': what
-- the rule counts), as_of DateTime64(3, 'UTC'),
-- is_narrowed UInt8 (whether the filter names more than time and cohort),
-- by String ('day', 'week', 'cohort' or '').
WITH conversations AS (
    SELECT
        multiIf(
            {by:String} = 'day', toString(toDate(decided_at)),
            {by:String} = 'week', toString(toMonday(decided_at)),
            {by:String} = 'cohort', toString(cohort),
            ''
        ) AS part,
        -- A number groups faster than a name.
        cityHash64(thread_id) AS conversation,
        {{outcome_counts}}
    FROM decision_outcomes
    WHERE {{outcome_rows}}
        AND is_attributed = 1
    GROUP BY
        part,
        conversation
)
SELECT
    part AS name,
    '' AS version,
    {{outcome_sums}}
FROM conversations
GROUP BY part
ORDER BY part
-- An outcome is in the partition of its decision's day, so its versions never span two.
SETTINGS do_not_merge_across_partitions_select_final = 1
