-- The decisions of the slice, as a CTE, under the names that rules use.
-- after_ns: what happens later than this came after the decision: its end, less a second for clocks
-- that differ, but never before its start. A duration that cannot be counts as a year.
    decided AS (
        SELECT
            tenant_id,
            thread_id,
            decision_id,
            occurred_at,
            retention_days,
            toUnixTimestamp64Nano(occurred_at) AS start_ns,
            start_ns + toInt64(least(duration_ns, 31536000000000000)) AS end_ns,
            greatest(start_ns, end_ns - 1000000000) AS after_ns,
            decision_kind IN ('message', 'tool_call') AS is_ai,
            decision_kind AS kind,
            model,
            cohort,
            channel,
            agent_name,
            service_name,
            environment,
            prompt_name,
            prompt_version,
            playbook_id,
            playbook_version,
            code_version,
            experiment_id,
            experiment_variant,
            status,
            input_text,
            output_text,
            turn_index,
            input_tokens,
            output_tokens,
            tool_names,
            rules_fired
        FROM decisions FINAL
        PREWHERE {{in_time}}
            AND {{in_slice}}
    )
