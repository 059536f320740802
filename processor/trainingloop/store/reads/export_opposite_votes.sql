-- Decisions people think ill of, each with the newest one they think well of that knew the same
-- and answered otherwise, a page at a time. A decision on which reviewers differ is neither.
-- Grain: a disliked decision. Parameters: those of export_decisions.sql.
WITH
    judged AS (
        SELECT
            decision_id,
            max(value) > 0 AS is_liked
        FROM ({{live_votes}})
        GROUP BY decision_id
        HAVING min(value) > 0
            OR max(value) < 0
    ),
    answers AS (
        SELECT
            decision_id,
            occurred_at,
            decision_id IN (SELECT decision_id FROM judged WHERE is_liked) AS is_liked,
            sipHash128(input_messages, system_instructions, tool_definitions) AS input_hash,
            sipHash128(output_messages) AS answer_hash
        FROM decisions
        WHERE {{decision_filter}}
            AND output_messages != ''
            AND decision_id IN (SELECT decision_id FROM judged)
    )
SELECT
    disliked.decision_id AS decision_id,
    toUnixTimestamp64Nano(disliked.occurred_at) AS occurred_at_ns,
    argMax(liked.decision_id, (liked.occurred_at, liked.decision_id)) AS preferred_id
FROM answers AS disliked
INNER JOIN answers AS liked ON liked.input_hash = disliked.input_hash
WHERE NOT disliked.is_liked
    AND liked.is_liked
    AND liked.answer_hash != disliked.answer_hash
    AND (disliked.occurred_at, disliked.decision_id) > ({after_at:DateTime64(9, 'UTC')}, {after:String})
GROUP BY
    disliked.occurred_at,
    disliked.decision_id
ORDER BY
    disliked.occurred_at,
    disliked.decision_id
LIMIT {limit:UInt32}
