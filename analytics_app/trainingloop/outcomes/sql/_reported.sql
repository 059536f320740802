-- The outcomes that were reported by name, as CTEs: of all reports on a decision the newest holds.
-- A report is about the decision it names, else about the last AI decision before it.
    reports AS (
        SELECT
            tenant_id,
            thread_id,
            event_id,
            at_ns,
            outcome,
            value,
            decision_id
        FROM happened
        WHERE kind = 'outcome'
            AND outcome != ''
            AND outcome NOT IN {rule_ids:Array(String)}
            AND value IN ('yes', 'no')
    ),
    last_decisions AS (
        SELECT
            tenant_id,
            thread_id,
            after_ns,
            argMax(decision_id, (start_ns, decision_id)) AS decision_id
        FROM decided
        WHERE is_ai
        GROUP BY
            tenant_id,
            thread_id,
            after_ns
    ),
    named AS (
        SELECT
            reports.tenant_id AS tenant_id,
            reports.thread_id AS thread_id,
            reports.event_id AS event_id,
            reports.at_ns AS at_ns,
            reports.outcome AS outcome,
            reports.value AS value,
            if(decided.decision_id != '', decided.decision_id, last_decisions.decision_id) AS decision_id
        FROM reports
        LEFT JOIN decided
            ON reports.tenant_id = decided.tenant_id
            AND reports.thread_id = decided.thread_id
            AND reports.decision_id = decided.decision_id
        ASOF LEFT JOIN last_decisions
            ON reports.tenant_id = last_decisions.tenant_id
            AND reports.thread_id = last_decisions.thread_id
            AND reports.at_ns > last_decisions.after_ns
    ),
    about AS (
        SELECT
            named.tenant_id AS tenant_id,
            named.thread_id AS thread_id,
            named.decision_id AS decision_id,
            named.event_id AS event_id,
            named.at_ns AS at_ns,
            named.outcome AS outcome,
            named.value AS value,
            decided.start_ns AS start_ns,
            decided.cohort AS cohort,
            decided.retention_days AS retention_days,
            toInt64(transform(
                named.outcome,
                {reported_ids:Array(String)},
                {reported_windows_s:Array(UInt64)},
                {reported_window_s:UInt64}
            )) AS window_s,
            intDiv(decided.end_ns + window_s * 1000000000 + 999999, 1000000) AS matures_ms
        FROM named
        INNER JOIN decided
            ON named.tenant_id = decided.tenant_id
            AND named.thread_id = decided.thread_id
            AND named.decision_id = decided.decision_id
    ),
    reported AS (
        SELECT
            tenant_id,
            outcome AS rule_id,
            thread_id,
            decision_id,
            fromUnixTimestamp64Nano(start_ns, 'UTC') AS decided_at,
            any(about.cohort) AS cohort,
            any(about.retention_days) AS retention_days,
            any(about.matures_ms) AS matures_ms,
            max((about.at_ns, about.event_id, about.value)) AS newest
        FROM about
        WHERE about.at_ns <= about.matures_ms * 1000000
        GROUP BY
            tenant_id,
            rule_id,
            thread_id,
            decision_id,
            decided_at
    )
