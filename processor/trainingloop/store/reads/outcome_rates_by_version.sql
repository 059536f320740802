-- How often an outcome came true by version, as the sums that intervals are computed from; see
-- outcome_rates. This joins the decisions, which outcome_rates does not.
-- Grain: a version: name and version of what `by` says.
-- Parameters: those of outcome_rates; by String ('model', 'playbook', 'prompt', 'code').
WITH
    -- A number joins faster than an id.
    versions AS (
        SELECT
            cityHash64(decision_id) AS decision,
            multiIf(
                {by:String} = 'model', toString(model),
                {by:String} = 'playbook', toString(playbook_id),
                {by:String} = 'prompt', if(prompt_name != '', toString(prompt_name), toString(prompt_hash)),
                toString(code_version)
            ) AS version_name,
            multiIf(
                {by:String} = 'playbook', toString(playbook_version),
                {by:String} = 'prompt', toString(prompt_version),
                ''
            ) AS version_version
        FROM decisions
        WHERE {{decision_filter}}
    ),
    outcomes AS (
        SELECT
            cityHash64(decision_id) AS decision,
            thread_id,
            state,
            matures_at
        FROM decision_outcomes
        WHERE {{outcome_rows}}
            AND is_attributed = 1
    ),
    conversations AS (
        SELECT
            version_name,
            version_version,
            cityHash64(thread_id) AS conversation,
            {{outcome_counts}}
        FROM outcomes
        INNER JOIN versions USING (decision)
        GROUP BY
            version_name,
            version_version,
            conversation
    )
SELECT
    version_name AS name,
    version_version AS version,
    {{outcome_sums}}
FROM conversations
GROUP BY
    version_name,
    version_version
ORDER BY
    units DESC,
    name,
    version
LIMIT 200
SETTINGS do_not_merge_across_partitions_select_final = 1
