-- The decisions of some turns of conversations, in their order, with all that was known when they
-- were made.
-- Grain: a decision. Parameters: tenant, threads Array(String), turns Array(UInt32) (for each of
-- the threads, how many messages of the user the turn knows), since DateTime64(9, 'UTC').
SELECT
    {{replay_decision_columns}}
FROM decisions
WHERE tenant_id = {tenant:String}
    AND occurred_at >= {since:DateTime64(9, 'UTC')}
    AND thread_id IN {threads:Array(String)}
    AND (thread_id, user_messages) IN (
        SELECT arrayJoin(arrayZip({threads:Array(String)}, {turns:Array(UInt32)}))
    )
ORDER BY
    occurred_at,
    decision_id
