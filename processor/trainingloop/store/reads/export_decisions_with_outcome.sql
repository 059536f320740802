-- Whole decisions of which a rule says one thing, oldest first, a page at a time.
-- Grain: a decision. Parameters: those of export_decisions.sql, rule String, state String
-- ('yes', 'no' or 'pending').
SELECT
    * EXCEPT (version, is_deleted, retention_days),
    toUnixTimestamp64Nano(occurred_at) AS occurred_at_ns
FROM decisions
WHERE {{decision_filter}}
    AND (occurred_at, decision_id) > ({after_at:DateTime64(9, 'UTC')}, {after:String})
    AND decision_id IN (
        SELECT outcome.decision_id
        FROM decision_outcomes AS outcome
        WHERE outcome.tenant_id = {tenant:String}
            AND outcome.rule_id = {rule:String}
            AND outcome.state = {state:String}
            AND outcome.decided_at >= {since:DateTime64(9, 'UTC')}
    )
ORDER BY
    occurred_at,
    decision_id
LIMIT {limit:UInt32}
