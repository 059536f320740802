-- What is known of some decisions, of those outcomes that speak for them; what is pending is not.
-- Grain: a decision and a rule. Parameters: tenant, decisions Array(String), since and until
-- DateTime64(9): a range that holds them, so that few days are read.
SELECT
    decision_id,
    rule_id,
    state,
    ending
FROM decision_outcomes
WHERE tenant_id = {tenant:String}
    AND decision_id IN {decisions:Array(String)}
    AND decided_at >= {since:DateTime64(9, 'UTC')}
    AND decided_at <= {until:DateTime64(9, 'UTC')}
    AND is_attributed = 1
    AND state != 'pending'
ORDER BY
    decision_id,
    rule_id
-- Every version of an outcome has the same ids, so the index on them can be trusted under FINAL.
SETTINGS do_not_merge_across_partitions_select_final = 1,
    use_skip_indexes_if_final_exact_mode = 0
