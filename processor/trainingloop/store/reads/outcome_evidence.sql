-- The decisions behind a rate, newest first.
-- Grain: a decision. Parameters: those of outcome_rates but by; state String ('yes' and 'no' are in
-- the rate, 'pending' is not yet; '' is all), ending String, limit UInt32, offset UInt32.
SELECT
    {{outcome_columns}}
FROM decision_outcomes
WHERE {{outcome_rows}}
    AND is_attributed = 1
    AND {{outcome_state_filter}}
ORDER BY
    decided_at DESC,
    decision_id
LIMIT {limit:UInt32}
OFFSET {offset:UInt32}
SETTINGS do_not_merge_across_partitions_select_final = 1
