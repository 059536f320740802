tenant_id = {tenant:String}
    AND occurred_at >= {other_since:DateTime64(9, 'UTC')}
    AND occurred_at < {other_until:DateTime64(9, 'UTC')}
    AND ({other_kind:String} = '' OR decision_kind = {other_kind:String})
    AND ({other_model:String} = '' OR model = {other_model:String})
    AND ({other_playbook:String} = '' OR playbook_id = {other_playbook:String})
    AND ({other_playbook_version:String} = '' OR playbook_version = {other_playbook_version:String})
    AND ({other_prompt:String} = '' OR prompt_name = {other_prompt:String} OR prompt_hash = {other_prompt:String})
    AND ({other_prompt_version:String} = '' OR prompt_version = {other_prompt_version:String})
    AND ({other_code_version:String} = '' OR code_version = {other_code_version:String})
    AND ({other_cohort:String} = '' OR cohort = {other_cohort:String})
    AND ({other_variant:String} = '' OR experiment_variant = {other_variant:String})
    AND ({other_channel:String} = '' OR channel = {other_channel:String})
    AND ({other_status:String} = '' OR status = {other_status:String})
    AND ({other_service:String} = '' OR service_name = {other_service:String})
    AND ({other_tool:String} = '' OR has(tool_names, {other_tool:String}))
    AND ({other_thread:String} = '' OR thread_id = {other_thread:String})
    AND (
        {other_text:String} = ''
        OR positionCaseInsensitiveUTF8(output_text, {other_text:String}) > 0
        OR positionCaseInsensitiveUTF8(input_text, {other_text:String}) > 0
    )
    AND (
        {other_any_model:String} = ''
        OR model = {other_any_model:String}
        OR request_model = {other_any_model:String}
    )
    AND ({other_experiment:String} = '' OR experiment_id = {other_experiment:String})
    AND ({other_agent:String} = '' OR agent_name = {other_agent:String})
    AND ({other_environment:String} = '' OR environment = {other_environment:String})
    AND ingested_at <= {other_frozen_at:DateTime64(3, 'UTC')}
