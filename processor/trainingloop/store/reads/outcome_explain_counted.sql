-- The next decision of a thread that a rule counts, after a time. Grain: a rule.
-- Parameters: tenant, thread String, decided_after DateTime64(9).
SELECT
    rule_id,
    decision_id,
    decided_at
FROM decision_outcomes
WHERE tenant_id = {tenant:String}
    AND thread_id = {thread:String}
    AND is_attributed
    AND decided_at > {decided_after:DateTime64(9, 'UTC')}
ORDER BY
    rule_id,
    decided_at,
    decision_id
LIMIT 1 BY rule_id
-- See outcome_explain_rows.
SETTINGS use_skip_indexes_if_final_exact_mode = 0
