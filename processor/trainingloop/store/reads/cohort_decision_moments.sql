-- What the decisions of a cohort cost, took and failed, as the sums that intervals are computed from:
-- of each conversation a pair (y, m), such as errors and decisions, or tokens and 1.
-- Conversations of the same kind are summed up before their traits are taken apart: there are far
-- fewer kinds than conversations.
-- Grain: a trait of the conversation, a value of it, and a metric; trait 'all' is the whole cohort.
-- A conversation has the traits of its first decision in the cohort, times are UTC.
-- Parameters: those of _cohort_filter.
WITH
    members AS (
        SELECT
            thread_id,
            occurred_at,
            duration_ns,
            decision_kind,
            decision_kind != 'playbook' AND operation != 'execute_tool' AS is_model_call,
            tool_names,
            input_tokens,
            output_tokens,
            status,
            channel,
            service_name,
            agent_name,
            environment,
            {{cost_usd}} AS cost
        FROM decisions
        WHERE {{cohort_filter}}
    ),
    conversations AS (
        SELECT
            {{cohort_traits}} AS traits,
            toFloat64(countIf(decision_kind != 'playbook')) AS acts,
            toFloat64(countIf(decision_kind != 'playbook' AND status = 'error')) AS errors,
            sumIf(duration_ns, is_model_call) / 1e6 AS duration_ms,
            toFloat64(countIf(is_model_call AND duration_ns > 0)) AS timed,
            toFloat64(sum(input_tokens)) AS tokens_in,
            toFloat64(sum(output_tokens)) AS tokens_out,
            toFloat64(tokens_in + tokens_out > 0) AS has_tokens,
            sumIf(cost, is_model_call) AS cost_sum,
            toFloat64(countIf(is_model_call) > 0 AND countIf(is_model_call AND cost IS NULL) = 0) AS has_cost,
            toFloat64(countIf(decision_kind = 'message')) AS replies,
            toFloat64(sumIf(length(tool_names), decision_kind = 'tool_call')) AS tool_calls
        FROM members
        GROUP BY thread_id
    ),
    pairs AS (
        SELECT
            traits,
            [errors, duration_ms, tokens_in, tokens_out, if(has_cost = 1, cost_sum, 0), replies, tool_calls] AS y,
            [acts, timed, has_tokens, has_tokens, has_cost, 1, 1] AS m
        FROM conversations
    ),
    kinds AS (
        SELECT
            any(traits) AS kind_traits,
            sumForEach(arrayMap(units -> toUInt64(units > 0), m)) AS kind_clusters,
            sumForEach(m) AS kind_m,
            sumForEach(y) AS kind_y,
            sumForEach(arrayMap(one -> one * one, y)) AS kind_y2,
            sumForEach(arrayMap(one -> one * one, m)) AS kind_m2,
            sumForEach(arrayMap((one, units) -> one * units, y, m)) AS kind_ym
        FROM pairs
        GROUP BY cityHash64(traits)
    ),
    sums AS (
        SELECT
            trait,
            sumForEach(kind_clusters) AS all_clusters,
            sumForEach(kind_m) AS all_m,
            sumForEach(kind_y) AS all_y,
            sumForEach(kind_y2) AS all_y2,
            sumForEach(kind_m2) AS all_m2,
            sumForEach(kind_ym) AS all_ym
        FROM kinds
        ARRAY JOIN kind_traits AS trait
        GROUP BY trait
    )
SELECT
    trait.1 AS trait_name,
    trait.2 AS trait_value,
    metric,
    clusters,
    units,
    total,
    sum_y2,
    sum_m2,
    sum_ym
FROM sums
ARRAY JOIN
    ['error', 'latency_ms', 'input_tokens', 'output_tokens', 'cost_usd', 'replies', 'tool_calls'] AS metric,
    all_clusters AS clusters,
    all_m AS units,
    all_y AS total,
    all_y2 AS sum_y2,
    all_m2 AS sum_m2,
    all_ym AS sum_ym
ORDER BY
    trait_name,
    trait_value,
    metric
