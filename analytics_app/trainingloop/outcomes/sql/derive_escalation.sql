-- Writes an escalation for each call of a tool that hands over to a human and that nobody reported,
-- and takes back those that were reported since. Grain: a handover of a thread; calls less than
-- five minutes apart are one, and so are a call and a report.
-- Parameters: now_ms; of the slice: sweep_id, from_ms, until_ms, last_ms, parts, part;
-- escalation_tools: a regular expression over a tool's name in lower case.
INSERT INTO conversation_events (
    tenant_id, thread_id, conversation_id, event_id, event_kind, occurred_at, text, reason,
    decision_id, channel, customer, source, trace_id, retention_days, version, is_deleted
)
WITH
    'escalation' AS derived_kind,
    300000000000 AS around_ns,
    calls AS (
        SELECT
            tenant_id,
            thread_id,
            decision_id,
            conversation_id,
            channel,
            customer,
            trace_id,
            retention_days,
            arrayFirst(
                name -> match(lower(name), {escalation_tools:String}), tool_names
            ) AS tool,
            -- It is what the decision led to, so it comes after its start, if by a microsecond.
            toUnixTimestamp64Nano(occurred_at)
                + toInt64(greatest(1000, least(duration_ns, 31536000000000000))) AS at_ns,
            lagInFrame(at_ns, 1, 0) OVER (
                PARTITION BY tenant_id, thread_id
                ORDER BY at_ns, decision_id
                ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING
            ) AS last_ns,
            at_ns + around_ns AS until_ns
        FROM decisions FINAL
        PREWHERE {{in_time}}
            AND {{in_slice}}
        WHERE arrayExists(name -> match(lower(name), {escalation_tools:String}), tool_names)
    ),
    reported AS (
        SELECT
            tenant_id,
            thread_id,
            event_id,
            toUnixTimestamp64Nano(occurred_at) AS at_ns
        FROM conversation_events FINAL
        -- A tombstone has the kind of its event.
        PREWHERE event_kind = 'escalation'
            AND {{in_slice}}
        WHERE source != 'derived'
    ),
    derived AS (
        SELECT
            calls.tenant_id AS tenant_id,
            calls.thread_id AS thread_id,
            calls.conversation_id AS conversation_id,
            concat('escalation-', calls.decision_id) AS event_id,
            fromUnixTimestamp64Nano(calls.at_ns, 'UTC') AS occurred_at,
            '' AS text,
            concat('called ', calls.tool) AS reason,
            calls.decision_id AS decision_id,
            calls.channel AS channel,
            calls.customer AS customer,
            calls.trace_id AS trace_id,
            calls.retention_days AS retention_days
        FROM calls
        ASOF LEFT JOIN reported
            ON calls.tenant_id = reported.tenant_id
            AND calls.thread_id = reported.thread_id
            AND calls.until_ns >= reported.at_ns
        WHERE calls.at_ns - calls.last_ns > around_ns
            AND NOT (reported.event_id != '' AND reported.at_ns >= calls.at_ns - around_ns)
    ),
{{derived}}
{{write_derived}}
