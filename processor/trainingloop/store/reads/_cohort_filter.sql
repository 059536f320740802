{{decision_filter}}
    AND (
        {any_model:String} = ''
        OR model = {any_model:String}
        OR request_model = {any_model:String}
    )
    AND ({experiment:String} = '' OR experiment_id = {experiment:String})
    AND ({agent:String} = '' OR agent_name = {agent:String})
    AND ({environment:String} = '' OR environment = {environment:String})
    AND ingested_at <= {frozen_at:DateTime64(3, 'UTC')}
