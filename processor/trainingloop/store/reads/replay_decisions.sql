-- Decisions with all that was known when they were made, by their ids.
-- Grain: a decision. Parameters: tenant, decisions Array(String), and since and until
-- DateTime64(9, 'UTC'): the time they are in, which keeps the rest of the table unread; both ends
-- belong to it.
SELECT
    {{replay_decision_columns}}
FROM decisions
WHERE tenant_id = {tenant:String}
    AND occurred_at >= {since:DateTime64(9, 'UTC')}
    AND occurred_at <= {until:DateTime64(9, 'UTC')}
    AND decision_id IN {decisions:Array(String)}
