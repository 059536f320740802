-- The live votes on some decisions, oldest first.
-- Grain: a decision and a reviewer. Parameters: tenant, decisions Array(String).
SELECT
    decision_id,
    value,
    reason,
    correction,
    redaction_version,
    redaction_status,
    voted_at
FROM ({{live_votes}})
WHERE decision_id IN {decisions:Array(String)}
ORDER BY
    voted_at,
    vote_id
