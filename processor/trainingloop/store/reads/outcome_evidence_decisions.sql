-- What the decisions behind a rate answered, in short.
-- Grain: a decision. Parameters: tenant, decisions Array(String), since and until DateTime64(9): a
-- range that holds them, so that few days are read.
SELECT
    decision_id,
    decision_kind,
    leftUTF8(input_text, 200) AS input_preview,
    leftUTF8(output_text, 200) AS output_preview,
    tool_names
FROM decisions
WHERE tenant_id = {tenant:String}
    AND decision_id IN {decisions:Array(String)}
    AND occurred_at >= {since:DateTime64(9, 'UTC')}
    AND occurred_at <= {until:DateTime64(9, 'UTC')}
-- Every version of a decision has the same id, so the index on it can be trusted under FINAL.
SETTINGS use_skip_indexes_if_final_exact_mode = 0
