-- What came of each decision of the slice by each rule, as CTEs; the last is judged.
-- Needs: decided, happened. Parameters: now_ms; of the rules, in one order: rule_ids,
-- rule_versions, directions, units, absences.
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
    )
