-- Notes the threads that a sweep has to look at, how much that is and for what.
-- Grain: a thread that has decisions.
-- Parameters: sweep_id, tenant ('' = all), rule_ids; escalation_tools: a regular expression over a
-- tool's name in lower case; unless all threads are due: since_ms, swept_ms, now_ms.
INSERT INTO outcome_due (
    sweep_id, tenant_id, thread_id, first_at, last_at, moments, may_be_inbound, may_be_escalation,
    may_be_report
)
WITH
{{due}}
    found AS (
        SELECT
            tenant_id,
            thread_id,
            1 AS is_moment,
            toNullable(occurred_at) AS decided_at,
            user_messages > 0 AS may_be_inbound,
            arrayExists(
                name -> match(lower(name), {escalation_tools:String}), tool_names
            ) AS may_be_escalation,
            0 AS may_be_report
        FROM decisions
        WHERE ({tenant:String} = '' OR tenant_id = {tenant:String})
            AND {{is_due}}
        UNION ALL
        SELECT
            tenant_id,
            thread_id,
            1 AS is_moment,
            NULL AS decided_at,
            source = 'derived' AND event_kind = 'inbound' AS may_be_inbound,
            source = 'derived' AND event_kind = 'escalation' AS may_be_escalation,
            event_kind = 'outcome' AS may_be_report
        FROM conversation_events
        WHERE ({tenant:String} = '' OR tenant_id = {tenant:String})
            AND {{is_due}}
        UNION ALL
        SELECT
            tenant_id,
            thread_id,
            0 AS is_moment,
            decided_at,
            0 AS may_be_inbound,
            0 AS may_be_escalation,
            1 AS may_be_report
        FROM decision_outcomes
        WHERE ({tenant:String} = '' OR tenant_id = {tenant:String})
            AND rule_id NOT IN {rule_ids:Array(String)}
            AND {{is_due}}
    )
SELECT
    {sweep_id:UInt64} AS sweep_id,
    tenant_id,
    thread_id,
    min(found.decided_at) AS first_at,
    max(found.decided_at) AS last_at,
    sum(found.is_moment) AS moments,
    max(found.may_be_inbound) AS may_be_inbound,
    max(found.may_be_escalation) AS may_be_escalation,
    max(found.may_be_report) AS may_be_report
FROM found
GROUP BY
    tenant_id,
    thread_id
HAVING count(found.decided_at) > 0
SETTINGS final = 0, max_bytes_before_external_group_by = 200000000
