-- Writes what came of each decision of the slice by each rule, where that is not what the store
-- says already. Grain: a decision and a rule.
-- Parameters: since_ms, swept_ms, now_ms, tenant ('' = all), slices, slice; of the rules, in one
-- order: rule_ids, rule_versions, directions, units, absences.
-- The parts in double braces are written from the rules; see _statements.py.
INSERT INTO decision_outcomes (
    tenant_id, rule_id, rule_version, decision_id, thread_id, decided_at, cohort, direction, unit,
    state, ending, is_attributed, event_ids, event_at, matures_at, detected_at, retention_days,
    version, is_deleted
)
WITH
{{threads}},
{{decided}},
{{happened}},{{pairs}}
    -- Decisions and events on one line of time. An event at the very moment is not after it.
    moments AS (
        SELECT
            tenant_id,
            thread_id,
            after_ns AS at_ns,
            1 AS is_decision,
            decision_id AS id,
            start_ns,
            end_ns,
            is_ai,
            cohort,
            channel,
            retention_days,
            '' AS happening,
            '' AS closing,
            [{{paired}}]::Array(Tuple(Int64, String)) AS paired{{no_matches}}
        FROM decided{{pair_joins}}
        UNION ALL
        SELECT
            tenant_id,
            thread_id,
            at_ns,
            0 AS is_decision,
            event_id AS id,
            at_ns AS start_ns,
            at_ns AS end_ns,
            0 AS is_ai,
            '' AS cohort,
            '' AS channel,
            0 AS retention_days,
            kind AS happening,
            if(kind = 'close', {{closing}}, '') AS closing,
            [] AS paired{{matches}}
        FROM happened AS event
    ),
    ordered AS (
        SELECT
            tenant_id,
            thread_id,
            is_decision,
            id AS decision_id,
            start_ns,
            fromUnixTimestamp64Nano(end_ns, 'UTC') AS ended_at,
            at_ns AS after_ns,
            is_ai,
            cohort,
            channel,
            retention_days,
            anyLastIf(at_ns, is_ai) OVER later AS next_ai_ns,
            anyLastIf(at_ns, happening = 'inbound') OVER later AS next_inbound_ns,
            anyLastIf(at_ns, happening = 'escalation') OVER later AS next_escalation_ns,
            anyLastIf(at_ns, closing != '') OVER later AS next_close_ns,
            anyLastIf(closing, closing != '') OVER later AS next_closing,
            anyLastIf(at_ns, happening = 'inbound') OVER earlier AS last_inbound_ns,
            anyLastIf(at_ns, happening = 'escalation') OVER earlier AS last_escalation_ns,
            anyLastIf(at_ns, closing != '') OVER earlier AS last_close_ns,
            anyLastIf(closing, closing != '') OVER earlier AS last_closing,
            paired{{findings}}
        FROM moments
        WINDOW
            later AS (
                PARTITION BY tenant_id, thread_id
                ORDER BY at_ns DESC, is_decision DESC, start_ns DESC, id DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ),
            earlier AS (
                PARTITION BY tenant_id, thread_id
                ORDER BY at_ns, is_decision, start_ns, id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            )
    ),
    judged AS (
        SELECT
            tenant_id,
            thread_id,
            decision_id,
            fromUnixTimestamp64Nano(start_ns, 'UTC') AS decided_at,
            cohort,
            retention_days,
            rule_id,
            rule_version,
            direction,
            unit,
            -- The window ends with the millisecond that is stored, for events and clock alike.
            intDiv(toUnixTimestamp64Nano(deadline) + 999999, 1000000) AS matures_ms,
            matures_ms * 1000000 AS matures_ns,
            found_id != '' AND found_ns <= matures_ns AS is_found,
            multiIf(
                is_found, if(is_absence, 'no', 'yes'),
                matures_ms <= {now_ms:Int64}, if(is_absence, 'yes', 'no'),
                'pending'
            ) AS state,
            multiIf(
                is_found, found_ns,
                next_inbound_ns != 0, least(next_inbound_ns, matures_ns),
                matures_ns
            ) AS turn_ns,
            is_ai AND NOT (next_ai_ns != 0 AND next_ai_ns < turn_ns) AS is_attributed,
            if(is_found, [found_id], []) AS event_ids,
            if(is_found, found_ns, 0) AS event_ns,
            multiIf(
                next_close_ns != 0 AND next_close_ns <= matures_ns, (next_closing, next_close_ns),
                -- Closed by the answer itself, before its last words.
                last_close_ns > last_inbound_ns, (last_closing, after_ns),
                ('', matures_ns)
            ) AS close,
            (next_escalation_ns != 0 AND next_escalation_ns <= close.2)
            OR (
                last_escalation_ns != 0
                AND last_escalation_ns >= 2 * after_ns - matures_ns
            ) AS is_escalated,
            multiIf(
                rule_id != 'no_further_inbound' OR state != 'yes', '',
                close.1 IN ('timed_out', 'customer_left'), close.1,
                is_escalated, 'resolved_by_human',
                close.1 = '', 'unknown',
                close.1
            ) AS ending
        FROM ordered
        ARRAY JOIN
            {rule_ids:Array(String)} AS rule_id,
            {rule_versions:Array(String)} AS rule_version,
            {directions:Array(String)} AS direction,
            {units:Array(String)} AS unit,
            {absences:Array(UInt8)} AS is_absence,
            [{{deadlines}}] AS deadline,
            [{{found_ns}}] AS found_ns,
            [{{found_ids}}] AS found_id
        WHERE is_decision
    ),
{{current}}
SELECT
    judged.tenant_id AS tenant_id,
    judged.rule_id AS rule_id,
    judged.rule_version AS rule_version,
    judged.decision_id AS decision_id,
    judged.thread_id AS thread_id,
    judged.decided_at AS decided_at,
    judged.cohort AS cohort,
    judged.direction AS direction,
    judged.unit AS unit,
    judged.state AS state,
    judged.ending AS ending,
    judged.is_attributed AS is_attributed,
    judged.event_ids AS event_ids,
    if(judged.event_ns = 0, NULL, fromUnixTimestamp64Nano(judged.event_ns, 'UTC')) AS event_at,
    fromUnixTimestamp64Milli(judged.matures_ms, 'UTC') AS matures_at,
    if(
        current.finding = cityHash64(judged.state, judged.event_ids) AND NOT current.is_deleted,
        current.detected_at,
        fromUnixTimestamp64Milli({now_ms:Int64}, 'UTC')
    ) AS detected_at,
    judged.retention_days AS retention_days,
    greatest(toUInt64({now_ms:Int64}), current.version + 1) AS version,
    0 AS is_deleted
FROM judged
LEFT JOIN current
    ON judged.tenant_id = current.tenant_id
    AND judged.rule_id = current.rule_id
    AND judged.thread_id = current.thread_id
    AND judged.decision_id = current.decision_id
    AND judged.decided_at = current.decided_at
WHERE current.content != cityHash64(
    judged.rule_version, judged.cohort, judged.direction, judged.unit, judged.state,
    judged.ending, judged.is_attributed, judged.event_ids, judged.event_ns, judged.matures_ms,
    toUInt8(0)
)
SETTINGS final = 0
