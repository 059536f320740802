-- Outcomes that were found or corrected since, oldest first, as evaluations of their decisions.
-- Only those a rate counts, and none that is pending. Written by finished sweeps only, so that what
-- a sweep under way still writes is not passed over.
-- Grain: a decision, a rule and a finding. Parameters: tenant, after_ms UInt64 and after_key String
-- (cursor_at and cursor_key of the last row), limit UInt32.
-- final = 0: what was corrected in the meantime comes with its correction behind it.
SELECT
    version AS cursor_at,
    concat(rule_id, ' ', thread_id, ' ', decision_id) AS cursor_key,
    toUnixTimestamp64Milli(detected_at) AS evaluated_ms,
    rule_id AS name,
    if(state = 'yes', 1.0, 0.0) AS score,
    state AS label,
    concat(
        'rule ',
        rule_id,
        ' ',
        rule_version,
        if(direction = '', '', concat(', ', direction)),
        if(ending = '', '', concat(', ', ending))
    ) AS explanation,
    decision_id
FROM decision_outcomes
WHERE tenant_id = {tenant:String}
    AND version >= {after_ms:UInt64}
    AND version <= (SELECT toUInt64(toUnixTimestamp64Milli(max(started_at))) FROM outcome_sweeps)
    AND state IN ('yes', 'no')
    AND is_attributed
    AND NOT is_deleted
    AND (cursor_at, cursor_key) > ({after_ms:UInt64}, {after_key:String})
ORDER BY
    cursor_at,
    cursor_key
LIMIT {limit:UInt32}
SETTINGS final = 0
