-- What the decisions of a replay set ran, the most frequent first.
-- Grain: a part (model, prompt, playbook, tools) and its value. Parameters: tenant, set String.
WITH
    cases AS (
        SELECT decision_id
        FROM replay_cases
        WHERE tenant_id = {tenant:String}
            AND set_id = {set:String}
            AND unfit = ''
    ),
    parts AS (
        SELECT
            arrayJoin(
                [
                    ('model', toString(if(request_model = '', model, request_model))),
                    ('prompt', if(prompt_name = '', toString(prompt_hash), concat(prompt_name, ' ', prompt_version))),
                    ('playbook', trim(concat(playbook_id, ' ', playbook_version))),
                    ('tools', toString(tools_hash))
                ]
            ) AS part_value
        FROM decisions
        WHERE tenant_id = {tenant:String}
            AND decision_id IN (SELECT decision_id FROM cases)
    )
SELECT
    part_value.1 AS part,
    part_value.2 AS value,
    count() AS decisions
FROM parts
GROUP BY
    part,
    value
ORDER BY
    part,
    decisions DESC,
    value
