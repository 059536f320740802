-- Votes that came in since, oldest first, as evaluations of their decisions. Who voted stays here.
-- Grain: a vote. Parameters: as for evaluation_outcomes, and until_ms UInt64 (milliseconds since
-- 1970): what came in later may not all be visible yet.
-- A note is told only with the proof that it was redacted.
SELECT
    toUInt64(toUnixTimestamp64Milli(ingested_at)) AS cursor_at,
    concat(decision_id, ' ', vote_id) AS cursor_key,
    intDiv(toUnixTimestamp64Micro(voted_at), 1000) AS evaluated_ms,
    'feedback' AS name,
    multiIf(value > 0, 1.0, value < 0, 0.0, NULL) AS score,
    multiIf(value > 0, 'thumbs_up', value < 0, 'thumbs_down', 'retracted') AS label,
    if(
        note = '' OR redaction_version = '', toString(reason),
        concat(reason, if(reason = '', '', ': '), note)
    ) AS explanation,
    decision_id
FROM decision_feedback
WHERE tenant_id = {tenant:String}
    AND cursor_at >= {after_ms:UInt64}
    AND cursor_at <= {until_ms:UInt64}
    AND (cursor_at, cursor_key) > ({after_ms:UInt64}, {after_key:String})
ORDER BY
    cursor_at,
    cursor_key
LIMIT 1 BY
    decision_id,
    vote_id
LIMIT {limit:UInt32}
SETTINGS final = 0
