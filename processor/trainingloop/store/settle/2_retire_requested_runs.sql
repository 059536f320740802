-- Takes an execute_tool span out of the decisions when a recorded model turn asked for that call:
-- the turn is the decision, the span is what came of it.
-- Parameters: since DateTime64(3), only threads with something ingested since then are settled.
INSERT INTO decisions (
    tenant_id, decision_id, trace_id, thread_id, occurred_at, decision_kind, operation,
    retention_days, version, is_deleted
)
WITH
    threads AS (
        SELECT DISTINCT tenant_id, thread_id
        FROM tool_executions
        WHERE ingested_at >= {since:DateTime64(3)}
    ),
    answered AS (
        SELECT tenant_id, thread_id, call_key
        FROM tool_executions FINAL
        WHERE (tenant_id, thread_id) IN threads
        GROUP BY tenant_id, thread_id, call_key
        HAVING uniqExact(side) = 2
    )
SELECT
    tenant_id,
    decision_id,
    trace_id,
    thread_id,
    occurred_at,
    decision_kind,
    operation,
    retention_days,
    1 AS version,
    1 AS is_deleted
FROM decisions FINAL
WHERE operation = 'execute_tool'
  AND (tenant_id, thread_id) IN threads
  AND (tenant_id, decision_id) IN (
      SELECT tenant_id, span_id
      FROM tool_executions FINAL
      WHERE side = 'executed' AND (tenant_id, thread_id, call_key) IN answered
  )
