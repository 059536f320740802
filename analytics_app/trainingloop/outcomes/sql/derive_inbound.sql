-- Writes an inbound message for each that decisions knew and nobody reported, and takes back those
-- that were reported since. Grain: a message of a thread.
-- A lane is a prompt: what two of them saw of a customer's words is one message. In a lane a message
-- is new when more messages of the user are known than ever before, when its words are, or when
-- they are others than just before. The n-th time that a lane sees the same words is the n-th
-- message with them, whichever lane saw it first.
-- Parameters: now_ms; of the slice: sweep_id, from_ms, until_ms, last_ms, parts, part.
INSERT INTO conversation_events (
    tenant_id, thread_id, conversation_id, event_id, event_kind, occurred_at, text, reason,
    decision_id, channel, customer, source, trace_id, retention_days, version, is_deleted
)
WITH
    'inbound' AS derived_kind,
    looked AS (
        SELECT
            tenant_id,
            thread_id,
            decision_id,
            occurred_at,
            prompt_hash,
            user_messages,
            cityHash64(input_text) AS words,
            toUnixTimestamp64Nano(occurred_at) AS start_ns,
            max(user_messages) OVER before AS known,
            anyLast(words) OVER before AS last_words,
            anyLast(user_messages) OVER before AS last_known,
            anyLast(start_ns) OVER before AS last_ns,
            row_number() OVER (
                PARTITION BY tenant_id, thread_id, prompt_hash, words
                ORDER BY start_ns, decision_id
            ) AS times_seen
        FROM decisions FINAL
        PREWHERE {{in_time}}
            AND {{in_slice}}
        WHERE decision_kind IN ('message', 'tool_call')
            AND user_messages > 0
        WINDOW before AS (
            PARTITION BY tenant_id, thread_id, prompt_hash
            ORDER BY start_ns, decision_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
    ),
    seen AS (
        SELECT
            tenant_id,
            thread_id,
            decision_id,
            occurred_at,
            words,
            start_ns,
            -- Clocks may differ by a second.
            if(known = 0, -9000000000000000000, last_ns + 1000000000) AS from_ns,
            start_ns + 1000000000 AS until_ns,
            row_number() OVER (
                PARTITION BY tenant_id, thread_id, prompt_hash, words
                ORDER BY start_ns, decision_id
            ) AS nth
        FROM looked
        WHERE user_messages > known
            OR times_seen = 1
            OR (words != last_words AND user_messages >= last_known)
    ),
    reported AS (
        SELECT
            tenant_id,
            thread_id,
            event_id,
            toUnixTimestamp64Nano(occurred_at) AS at_ns,
            source
        FROM conversation_events FINAL
        -- A tombstone has the kind of its event.
        PREWHERE event_kind = 'inbound'
            AND {{in_slice}}
        WHERE source != 'derived'
    ),
    messages AS (
        SELECT
            seen.tenant_id AS tenant_id,
            seen.thread_id AS thread_id,
            seen.words AS words,
            seen.nth AS nth,
            argMin(seen.decision_id, (seen.start_ns, seen.decision_id)) AS decision_id
        FROM seen
        ASOF LEFT JOIN reported
            ON seen.tenant_id = reported.tenant_id
            AND seen.thread_id = reported.thread_id
            AND seen.until_ns >= reported.at_ns
        -- Who reports from the code or imports a conversation reports every message of it.
        WHERE (seen.tenant_id, seen.thread_id) NOT IN (
            SELECT
                tenant_id,
                thread_id
            FROM reported
            WHERE source IN ('sdk', 'import')
        )
        GROUP BY
            tenant_id,
            thread_id,
            words,
            nth
        HAVING NOT max(reported.event_id != '' AND reported.at_ns > seen.from_ns)
    ),
    derived AS (
        SELECT
            messages.tenant_id AS tenant_id,
            messages.thread_id AS thread_id,
            decided.conversation_id AS conversation_id,
            concat('inbound-', lower(hex(cityHash64(
                messages.thread_id, messages.words, messages.nth
            )))) AS event_id,
            decided.occurred_at AS occurred_at,
            decided.input_text AS text,
            '' AS reason,
            messages.decision_id AS decision_id,
            decided.channel AS channel,
            decided.customer AS customer,
            decided.trace_id AS trace_id,
            decided.retention_days AS retention_days
        FROM messages
        INNER JOIN (
            SELECT
                tenant_id,
                thread_id,
                decision_id,
                occurred_at,
                conversation_id,
                input_text,
                channel,
                customer,
                trace_id,
                retention_days
            FROM decisions FINAL
            PREWHERE {{in_time}}
                AND {{in_slice}}
        ) AS decided
            ON messages.tenant_id = decided.tenant_id
            AND messages.thread_id = decided.thread_id
            AND messages.decision_id = decided.decision_id
    ),
{{derived}}
{{write_derived}}
