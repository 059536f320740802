-- The decisions behind a rate, newest first.
-- Grain: a decision. Parameters: those of outcome_rates but by; state String ('yes' and 'no' are in
-- the rate, 'pending' is not yet; '' is all), ending String, limit UInt32, offset UInt32.
SELECT
    decision_id,
    thread_id,
    decided_at,
    rule_id,
    rule_version,
    cohort,
    direction,
    unit,
    state,
    ending,
    is_attributed,
    event_ids,
    event_at,
    matures_at
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
