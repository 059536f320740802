-- What each recording process handed over, what it lost and what is stored here.
-- Counts are of the whole process, also where it recorded several tenants.
-- Grain: a process. Parameters: tenant, since, until.
SELECT
    Instance AS instance,
    any(ServiceName) AS service,
    max(RecorderEmitted) AS emitted,
    max(RecorderDropped) AS dropped,
    uniqExact(TraceId, SpanId) AS stored,
    greatest(toInt64(emitted) - toInt64(dropped) - toInt64(stored), 0) AS missing,
    sum(RedactionFailures) AS failed_values,
    min(Timestamp) AS first_at,
    max(Timestamp) AS last_at
FROM otel_traces
WHERE RecorderEmitted > 0
    AND Timestamp >= {since:DateTime64(9, 'UTC')}
    AND Timestamp < {until:DateTime64(9, 'UTC')}
    AND Instance IN (SELECT DISTINCT Instance FROM otel_traces WHERE TenantId = {tenant:String})
GROUP BY Instance
ORDER BY
    last_at DESC,
    instance
LIMIT 200
