-- The decisions that wait for a reviewer, as they did at one moment: votes that were given since
-- leave nothing out, so that a place in the queue stays what it was. Grain: a decision.
-- queue: 'unreviewed' for those nobody voted on, 'escalated' for the last answer before a person
-- took over, 'down' for those others voted down, 'random' for a sample that a seed decides. All but
-- 'random' leave out what the reviewer has voted on; it does not, or two reviewers would not share
-- one.
-- Parameters: those of _decision_filter, queue String, reviewer String, as_of DateTime64, seed
-- UInt64, limit UInt32.
WITH
    newest AS (
        SELECT
            decision_id,
            reviewer,
            value
        FROM decision_feedback
        WHERE tenant_id = {tenant:String}
            AND ingested_at < {as_of:DateTime64(3, 'UTC')}
        ORDER BY
            decision_id,
            reviewer,
            voted_at DESC,
            vote_id DESC
        LIMIT 1 BY
            decision_id,
            reviewer
        SETTINGS final = 0
    ),
    votes AS (
        SELECT
            decision_id,
            reviewer,
            value
        FROM newest
        WHERE value != 0
    ),
    escalated AS (
        SELECT decision_id
        FROM decision_outcomes
        WHERE tenant_id = {tenant:String}
            AND rule_id = 'escalation_triggered'
            AND state = 'yes'
            AND is_attributed = 1
            AND {queue:String} = 'escalated'
    )
SELECT decision_id
FROM decisions
WHERE {{decision_filter}}
    AND (decision_kind != 'playbook' OR {kind:String} = 'playbook')
    AND multiIf(
        {queue:String} = 'unreviewed', decision_id NOT IN (SELECT decision_id FROM votes),
        {queue:String} = 'escalated', decision_id IN (SELECT decision_id FROM escalated),
        {queue:String} = 'down', decision_id IN (
            SELECT decision_id
            FROM votes
            WHERE value < 0
                AND reviewer != {reviewer:String}
        ),
        {queue:String} = 'random'
    )
    AND (
        {queue:String} = 'random'
        OR decision_id NOT IN (
            SELECT decision_id
            FROM votes
            WHERE reviewer = {reviewer:String}
        )
    )
ORDER BY
    if({queue:String} = 'random', sipHash64(decision_id, {seed:UInt64}), 0),
    occurred_at DESC,
    trace_id,
    decision_id
LIMIT {limit:UInt32}
