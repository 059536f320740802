-- The newest live votes that say something in words, a correction with the answer it corrects.
-- Grain: a decision and a reviewer.
-- Parameters: tenant, since, until (of the decision), corrected UInt8: 1 for corrections only,
-- limit UInt32.
WITH
    votes AS (
        {{live_votes}}
    ),
    remarks AS (
        SELECT
            decision_id,
            thread_id,
            decided_at,
            cohort,
            reviewer,
            value,
            reason,
            note,
            correction,
            voted_at
        FROM votes
        WHERE decided_at >= {since:DateTime64(9, 'UTC')}
            AND decided_at < {until:DateTime64(9, 'UTC')}
            AND (correction != '' OR (note != '' AND {corrected:UInt8} = 0))
        ORDER BY
            voted_at DESC,
            decision_id,
            reviewer
        LIMIT {limit:UInt32}
    ),
    answers AS (
        SELECT
            decision_id,
            output_text
        FROM decisions
        WHERE tenant_id = {tenant:String}
            AND decision_id IN (SELECT decision_id FROM remarks WHERE correction != '')
    )
SELECT
    remarks.decision_id AS decision_id,
    remarks.thread_id AS thread_id,
    remarks.decided_at AS decided_at,
    remarks.cohort AS cohort,
    remarks.reviewer AS reviewer,
    remarks.value AS value,
    remarks.reason AS reason,
    remarks.note AS note,
    remarks.correction AS correction,
    remarks.voted_at AS voted_at,
    answers.output_text AS output_text
FROM remarks
LEFT JOIN answers ON answers.decision_id = remarks.decision_id
ORDER BY
    voted_at DESC,
    decision_id,
    reviewer
