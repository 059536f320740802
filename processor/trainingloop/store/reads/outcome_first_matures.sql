-- When the first outcomes of a rule enter its rate that are not in it yet, how many there are, and
-- how many would be in it if the worker had run since. One row.
-- Parameters: those of outcome_rates but by.
SELECT
    countIf(matures_at > {as_of:DateTime64(3, 'UTC')}) AS pending,
    minIf(matures_at, matures_at > {as_of:DateTime64(3, 'UTC')}) AS first_matures_at,
    countIf(matures_at <= {as_of:DateTime64(3, 'UTC')}) AS overdue
FROM decision_outcomes
WHERE {{outcome_rows}}
    AND is_attributed = 1
    AND (state = 'pending' OR matures_at > {as_of:DateTime64(3, 'UTC')})
SETTINGS do_not_merge_across_partitions_select_final = 1
