-- The values each filter of the Decisions page can take in a time range, most frequent first.
-- Grain: a facet and a value. Parameters: tenant, since, until.
SELECT
    pair.1 AS facet,
    pair.2 AS value,
    count() AS decisions
FROM decisions
ARRAY JOIN
    arrayConcat(
        [
            ('kind', toString(decision_kind)),
            ('model', toString(model)),
            ('playbook', toString(playbook_id)),
            ('playbook_version', toString(playbook_version)),
            ('prompt', if(prompt_name != '', toString(prompt_name), toString(prompt_hash))),
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
WHERE tenant_id = {tenant:String}
    AND occurred_at >= {since:DateTime64(9, 'UTC')}
    AND occurred_at < {until:DateTime64(9, 'UTC')}
    AND value != ''
GROUP BY
    facet,
    value
ORDER BY
    facet,
    decisions DESC,
    value
LIMIT 100 BY facet
