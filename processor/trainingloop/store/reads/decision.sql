-- One decision with everything it knew and did. At most one row.
-- Parameters: tenant, decision String (a span id).
SELECT
    * EXCEPT (version, is_deleted),
    duration_ns / 1e6 AS duration_ms
FROM decisions
WHERE tenant_id = {tenant:String}
    AND decision_id = {decision:String}
LIMIT 1
