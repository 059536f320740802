-- Every vote that was ever given on a decision, the newest first, and whether it is live.
-- Grain: a vote. Parameters: tenant, decision String.
SELECT
    reviewer,
    vote_id,
    value,
    reason,
    note,
    correction,
    source,
    voted_at,
    ingested_at,
    redaction_status,
    value != 0
    AND row_number() OVER (
        PARTITION BY reviewer
        ORDER BY
            voted_at DESC,
            vote_id DESC
    ) = 1 AS is_live
FROM decision_feedback
WHERE tenant_id = {tenant:String}
    AND decision_id = {decision:String}
ORDER BY
    voted_at DESC,
    vote_id DESC
