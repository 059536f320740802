-- Every vote that some reviewers gave on some decisions. Grain: a vote.
-- Parameters: tenant, decisions Array(String), reviewers Array(String).
SELECT
    decision_id,
    thread_id,
    reviewer,
    vote_id,
    value,
    reason,
    note,
    correction,
    voted_at,
    redaction_status
FROM decision_feedback
WHERE tenant_id = {tenant:String}
    AND decision_id IN {decisions:Array(String)}
    AND reviewer IN {reviewers:Array(String)}
