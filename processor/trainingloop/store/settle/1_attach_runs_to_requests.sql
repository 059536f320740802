-- Gives an execution without a call id the key of the request it answers: the n-th run of a tool
-- with the same arguments in a thread answers the n-th such request.
-- Parameters: since DateTime64(3), only threads with something ingested since then are settled.
INSERT INTO tool_executions (
    tenant_id, thread_id, call_key, side, call_id, tool_name, arguments, arguments_hash, result,
    status, error_type, occurred_at, duration_ns, trace_id, span_id, position, version, is_deleted
)
WITH
    threads AS (
        SELECT DISTINCT tenant_id, thread_id
        FROM tool_executions
        WHERE ingested_at >= {since:DateTime64(3)} AND version = 0
    ),
    known AS (
        SELECT *
        FROM tool_executions FINAL
        WHERE (tenant_id, thread_id) IN threads AND arguments_hash != ''
    ),
    requests AS (
        SELECT
            *,
            row_number() OVER (
                PARTITION BY tenant_id, thread_id, tool_name, arguments_hash
                ORDER BY occurred_at, position, call_key
            ) AS nth
        FROM known
        WHERE side = 'requested'
          AND (tenant_id, thread_id, call_key) NOT IN (
              SELECT tenant_id, thread_id, call_key FROM known WHERE side = 'executed'
          )
    ),
    runs AS (
        SELECT
            *,
            row_number() OVER (
                PARTITION BY tenant_id, thread_id, tool_name, arguments_hash
                ORDER BY occurred_at, span_id
            ) AS nth
        FROM known
        WHERE side = 'executed' AND call_id = '' AND startsWith(call_key, 'span:')
    )
SELECT
    runs.tenant_id AS tenant_id,
    runs.thread_id AS thread_id,
    if(row = 'attached', requests.call_key, runs.call_key) AS call_key,
    'executed' AS side,
    if(row = 'attached', requests.call_id, '') AS call_id,
    runs.tool_name AS tool_name,
    runs.arguments AS arguments,
    runs.arguments_hash AS arguments_hash,
    runs.result AS result,
    runs.status AS status,
    runs.error_type AS error_type,
    runs.occurred_at AS occurred_at,
    runs.duration_ns AS duration_ns,
    runs.trace_id AS trace_id,
    runs.span_id AS span_id,
    runs.position AS position,
    1 AS version,
    if(row = 'attached', 0, 1) AS is_deleted
FROM runs
INNER JOIN requests
    ON runs.tenant_id = requests.tenant_id
    AND runs.thread_id = requests.thread_id
    AND runs.tool_name = requests.tool_name
    AND runs.arguments_hash = requests.arguments_hash
    AND runs.nth = requests.nth
ARRAY JOIN ['attached', 'waiting'] AS row
