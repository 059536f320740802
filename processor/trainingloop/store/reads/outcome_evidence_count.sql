-- How many decisions are behind a rate. One row. Parameters: those of outcome_evidence but its
-- limits.
SELECT count() AS decisions
FROM decision_outcomes
WHERE {{outcome_rows}}
    AND is_attributed = 1
    AND {{outcome_state_filter}}
SETTINGS do_not_merge_across_partitions_select_final = 1
