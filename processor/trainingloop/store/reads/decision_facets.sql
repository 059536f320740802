-- The values each filter of the Decisions page can take in a time range, most frequent first.
-- Grain: a facet and a value. Parameters: tenant, since, until.
-- Decisions that are alike in all of them are counted first: there are few such combinations.
WITH combinations AS (
    SELECT
        decision_kind,
        model,
        playbook_id,
        playbook_version,
        if(prompt_name != '', prompt_name, prompt_hash) AS prompt,
        prompt_version,
        code_version,
        cohort,
        experiment_variant,
        channel,
        status,
        service_name,
        tool_names,
        count() AS alike
    FROM decisions
    WHERE tenant_id = {tenant:String}
        AND occurred_at >= {since:DateTime64(9, 'UTC')}
        AND occurred_at < {until:DateTime64(9, 'UTC')}
    GROUP BY
        decision_kind,
        model,
        playbook_id,
        playbook_version,
        prompt,
        prompt_version,
        code_version,
        cohort,
        experiment_variant,
        channel,
        status,
        service_name,
        tool_names
)
SELECT
    pair.1 AS facet,
    pair.2 AS value,
    sum(alike) AS decisions
FROM combinations
ARRAY JOIN
    arrayConcat(
        [
            ('kind', toString(decision_kind)),
            ('model', toString(model)),
            ('playbook', toString(playbook_id)),
            ('playbook_version', toString(playbook_version)),
            ('prompt', toString(prompt)),
            ('prompt_version', toString(prompt_version)),
            ('code_version', toString(code_version)),
            ('cohort', toString(cohort)),
            ('variant', toString(experiment_variant)),
            ('channel', toString(channel)),
            ('status', toString(status)),
            ('service', toString(service_name))
        ],
        arrayMap(name -> ('tool', toString(name)), arrayDistinct(tool_names))
    ) AS pair
WHERE value != ''
GROUP BY
    facet,
    value
ORDER BY
    facet,
    decisions DESC,
    value
LIMIT 100 BY facet
