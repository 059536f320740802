-- Made-up decisions, four to a conversation, spread over ninety days before an end.
-- Grain: a decision. Parameters: first UInt64, batch UInt64, decisions UInt64 (in all), ends DateTime.
INSERT INTO decisions
(
    tenant_id,
    decision_id,
    trace_id,
    thread_id,
    conversation_id,
    occurred_at,
    duration_ns,
    decision_kind,
    model,
    cohort,
    playbook_id,
    playbook_version,
    prompt_name,
    prompt_version,
    code_version,
    channel,
    input_text,
    output_text,
    status
)
WITH
    intDiv(number, 4) AS conversation,
    concat('conv-', leftPad(toString(conversation), 9, '0')) AS name
SELECT
    'default',
    lower(hex(sipHash64(number))),
    lower(hex(sipHash128(number))),
    name,
    name,
    toDateTime64({ends:DateTime('UTC')}, 9, 'UTC')
        - toIntervalSecond(90 * 86400 - intDiv(conversation * 4 * 90 * 86400, {decisions:UInt64}))
        + toIntervalSecond((number % 4) * 60),
    5000000,
    if(number % 3 = 0, 'tool_call', 'message'),
    ['small', 'large'][1 + conversation % 2],
    concat('booking_v', toString(1 + intDiv(conversation * 24, {decisions:UInt64})), ['_a', '_b'][1 + conversation % 2]),
    'booking',
    toString(1 + intDiv(conversation * 24, {decisions:UInt64})),
    'greeter',
    '7',
    toString(1 + intDiv(conversation * 40, {decisions:UInt64})),
    ['web', 'email', 'chat'][1 + conversation % 3],
    'Hello, do you have time on Friday?',
    'We have 09:30 and 14:00 free on Friday. Which one suits you?',
    if(number % 50 = 0, 'error', 'ok')
FROM numbers({first:UInt64}, {batch:UInt64})
