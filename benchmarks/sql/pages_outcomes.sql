-- Made-up outcomes of the decisions of a range of time, by one rule.
-- Grain: a decision. Parameters: since DateTime64, until DateTime64, rule String, unit String,
-- direction String, hours UInt32 (its window), ends DateTime, version UInt64.
INSERT INTO decision_outcomes
(
    tenant_id,
    rule_id,
    rule_version,
    decision_id,
    thread_id,
    decided_at,
    cohort,
    direction,
    unit,
    state,
    ending,
    is_attributed,
    event_ids,
    event_at,
    matures_at,
    detected_at,
    version
)
WITH
    sipHash64(decision_id, {rule:String}) AS chance,
    occurred_at + toIntervalHour({hours:UInt32}) AS window_ends,
    multiIf(chance % 3 = 0, 'yes', window_ends > {ends:DateTime('UTC')}, 'pending', 'no') AS known
SELECT
    tenant_id,
    {rule:String},
    '1',
    decision_id,
    thread_id,
    occurred_at,
    cohort,
    {direction:String},
    {unit:String},
    known,
    if(
        known = 'yes' AND {rule:String} = 'no_further_inbound',
        ['unknown', 'resolved_by_assistant', 'resolved_by_human', 'timed_out', 'customer_left'][1 + chance % 5],
        ''
    ),
    chance % 2,
    if(known = 'yes', [lower(hex(chance))], []),
    if(known = 'yes', occurred_at + toIntervalMinute(10), NULL),
    window_ends,
    occurred_at + toIntervalMinute(20),
    {version:UInt64}
FROM decisions
WHERE tenant_id = 'default'
    AND occurred_at >= {since:DateTime64(9, 'UTC')}
    AND occurred_at < {until:DateTime64(9, 'UTC')}
