-- How conversations ended that nobody went on with: over time, by kind of end.
-- Grain: a day, or the Monday of a week, and an ending. Parameters: those of outcome_rates, with
-- rule 'no_further_inbound' and by 'day' or 'week'.
SELECT
    if({by:String} = 'week', toMonday(decided_at), toDate(decided_at)) AS day,
    toString(ending) AS ending_name,
    count() AS ends
FROM decision_outcomes
WHERE {{outcome_rows}}
    AND is_attributed = 1
    AND state = 'yes'
    AND matures_at <= {as_of:DateTime64(3, 'UTC')}
GROUP BY
    day,
    ending_name
ORDER BY
    day,
    ending_name
SETTINGS do_not_merge_across_partitions_select_final = 1
