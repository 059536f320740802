tenant_id = {tenant:String}
    AND occurred_at >= {since:DateTime64(9, 'UTC')}
    AND occurred_at < {until:DateTime64(9, 'UTC')}
    AND ({kind:String} = '' OR decision_kind = {kind:String})
    AND ({model:String} = '' OR model = {model:String})
    AND ({playbook:String} = '' OR playbook_id = {playbook:String})
    AND ({playbook_version:String} = '' OR playbook_version = {playbook_version:String})
    AND ({prompt:String} = '' OR prompt_name = {prompt:String} OR prompt_hash = {prompt:String})
    AND ({prompt_version:String} = '' OR prompt_version = {prompt_version:String})
    AND ({code_version:String} = '' OR code_version = {code_version:String})
    AND ({cohort:String} = '' OR cohort = {cohort:String})
    AND ({variant:String} = '' OR experiment_variant = {variant:String})
    AND ({channel:String} = '' OR channel = {channel:String})
    AND ({status:String} = '' OR status = {status:String})
    AND ({service:String} = '' OR service_name = {service:String})
    AND ({tool:String} = '' OR has(tool_names, {tool:String}))
    AND ({thread:String} = '' OR thread_id = {thread:String})
    AND (
        -- A rule and what it says, such as 'escalation_triggered:yes'.
        {outcome:String} = ''
        OR decision_id IN (
            SELECT outcome.decision_id
            FROM decision_outcomes AS outcome
            WHERE outcome.tenant_id = {tenant:String}
                AND outcome.rule_id = arrayStringConcat(arrayPopBack(splitByChar(':', {outcome:String})), ':')
                AND outcome.state = arrayElement(splitByChar(':', {outcome:String}), -1)
                AND outcome.is_attributed = 1
                AND outcome.decided_at >= {since:DateTime64(9, 'UTC')}
                AND outcome.decided_at < {until:DateTime64(9, 'UTC')}
        )
    )
    AND (
        {text:String} = ''
        OR positionCaseInsensitiveUTF8(output_text, {text:String}) > 0
        OR positionCaseInsensitiveUTF8(input_text, {text:String}) > 0
    )
