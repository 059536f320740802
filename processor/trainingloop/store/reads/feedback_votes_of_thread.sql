-- The live votes on the decisions of a conversation, the newest first.
-- Grain: a decision and a reviewer. Parameters: tenant, thread String.
WITH
    votes AS (
        {{live_votes}}
    ),
    ids AS (
        SELECT decision_id
        FROM decisions
        WHERE tenant_id = {tenant:String}
            AND thread_id = {thread:String}
    )
SELECT
    decision_id,
    reviewer,
    vote_id,
    value,
    reason,
    note,
    correction,
    source,
    voted_at,
    redaction_status
FROM votes
WHERE decision_id IN (SELECT decision_id FROM ids)
ORDER BY
    voted_at DESC,
    vote_id DESC
