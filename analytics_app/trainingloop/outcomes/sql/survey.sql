-- How much a sweep has to look at, and for what. Grain: one row.
-- Parameters: now_ms, tenant ('' = all), slices, slice; escalation_tools: a regular expression over a
-- tool's name in lower case; rule_ids.
WITH
    found AS (
        SELECT
            tenant_id,
            thread_id,
            1 AS is_moment,
            user_messages > 0 AS may_be_inbound,
            arrayExists(
                name -> match(lower(name), {escalation_tools:String}), tool_names
            ) AS may_be_escalation,
            0 AS may_be_report
        FROM decisions
        WHERE {{is_due}}
        UNION ALL
        SELECT
            tenant_id,
            thread_id,
            1 AS is_moment,
            source = 'derived' AND event_kind = 'inbound' AS may_be_inbound,
            source = 'derived' AND event_kind = 'escalation' AS may_be_escalation,
            event_kind = 'outcome' AS may_be_report
        FROM conversation_events
        WHERE {{is_due}}
        UNION ALL
        SELECT
            tenant_id,
            thread_id,
            0 AS is_moment,
            0 AS may_be_inbound,
            0 AS may_be_escalation,
            1 AS may_be_report
        FROM decision_outcomes
        WHERE {{is_due}}
            AND rule_id NOT IN {rule_ids:Array(String)}
    )
SELECT
    uniqExact(tenant_id, thread_id) AS threads,
    sum(is_moment) AS moments,
    max(may_be_inbound) AS has_inbound,
    max(may_be_escalation) AS has_escalations,
    max(may_be_report) AS has_reports
FROM found
SETTINGS final = 0
