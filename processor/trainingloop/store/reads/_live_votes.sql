-- The live vote of each reviewer on each decision: the newest by (voted_at, vote_id), unless it
-- takes the vote back. Stands between brackets, as a subquery or a CTE; a column that nobody reads
-- costs nothing. Grain: a decision and a reviewer. Parameters: tenant.
SELECT
    decision_id,
    reviewer,
    argMax(feedback.vote_id, (feedback.voted_at, feedback.vote_id)) AS vote_id,
    argMax(feedback.thread_id, (feedback.voted_at, feedback.vote_id)) AS thread_id,
    argMax(feedback.decided_at, (feedback.voted_at, feedback.vote_id)) AS decided_at,
    argMax(feedback.cohort, (feedback.voted_at, feedback.vote_id)) AS cohort,
    argMax(feedback.value, (feedback.voted_at, feedback.vote_id)) AS value,
    argMax(feedback.reason, (feedback.voted_at, feedback.vote_id)) AS reason,
    argMax(feedback.note, (feedback.voted_at, feedback.vote_id)) AS note,
    argMax(feedback.correction, (feedback.voted_at, feedback.vote_id)) AS correction,
    argMax(feedback.source, (feedback.voted_at, feedback.vote_id)) AS source,
    argMax(feedback.redaction_version, (feedback.voted_at, feedback.vote_id)) AS redaction_version,
    argMax(feedback.redaction_status, (feedback.voted_at, feedback.vote_id)) AS redaction_status,
    max(feedback.voted_at) AS voted_at
FROM decision_feedback AS feedback
WHERE feedback.tenant_id = {tenant:String}
GROUP BY
    decision_id,
    reviewer
HAVING value != 0
