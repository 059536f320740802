-- The live vote of each reviewer on each decision: the newest by (voted_at, vote_id), unless it
-- takes the vote back. Stands between brackets, as a subquery or a CTE; a column that nobody reads
-- costs nothing. Without FINAL: a vote that is stored twice is as new as itself. Ordered as the
-- table is, which costs a tenth of an argMax for each column.
-- Grain: a decision and a reviewer. Parameters: tenant.
SELECT
    decision_id,
    reviewer,
    vote_id,
    thread_id,
    decided_at,
    cohort,
    value,
    reason,
    note,
    correction,
    source,
    voted_at,
    redaction_version,
    redaction_status
FROM (
    SELECT
        decision_id,
        reviewer,
        vote_id,
        thread_id,
        decided_at,
        cohort,
        value,
        reason,
        note,
        correction,
        source,
        voted_at,
        redaction_version,
        redaction_status
    FROM decision_feedback
    WHERE tenant_id = {tenant:String}
    ORDER BY
        decision_id,
        reviewer,
        voted_at DESC,
        vote_id DESC
    LIMIT 1 BY
        decision_id,
        reviewer
    SETTINGS final = 0
)
WHERE value != 0
