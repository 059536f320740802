-- What came of one decision.
-- Grain: a decision and a rule. Parameters: tenant, decision String, since and until DateTime64(9): a
-- range that holds its decisions, so that few days are read.
SELECT
    {{outcome_columns}}
FROM decision_outcomes
WHERE tenant_id = {tenant:String}
    AND decision_id = {decision:String}
    AND decided_at >= {since:DateTime64(9, 'UTC')}
    AND decided_at <= {until:DateTime64(9, 'UTC')}
ORDER BY
    decided_at,
    decision_id,
    rule_id
-- Every version of an outcome has the same ids, so the index on them can be trusted under FINAL.
SETTINGS do_not_merge_across_partitions_select_final = 1,
    use_skip_indexes_if_final_exact_mode = 0
