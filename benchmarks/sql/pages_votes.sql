-- A vote of one of five reviewers on every tenth decision, and of a second one on every fiftieth.
-- Grain: a vote. Parameters: none.
INSERT INTO decision_feedback
(
    tenant_id,
    decision_id,
    thread_id,
    decided_at,
    cohort,
    reviewer,
    vote_id,
    value,
    reason,
    note,
    source,
    voted_at,
    redaction_version,
    redaction_status
)
SELECT
    tenant_id,
    decision_id,
    thread_id,
    occurred_at,
    cohort,
    concat('reviewer ', toString((cityHash64(decision_id) + nth) % 5)) AS reviewer,
    concat(decision_id, '-', toString(nth)),
    if(cityHash64(decision_id, nth) % 3 = 0, -1, 1),
    if(cityHash64(decision_id, nth) % 3 = 0, 'incorrect', ''),
    if(cityHash64(decision_id) % 7 = 0, 'the date was wrong', ''),
    'pages',
    occurred_at + INTERVAL 1 HOUR,
    '2',
    'ok'
FROM decisions
ARRAY JOIN if(cityHash64(decision_id) % 50 = 0, [1, 2], [1]) AS nth
WHERE cityHash64(decision_id) % 10 = 0
