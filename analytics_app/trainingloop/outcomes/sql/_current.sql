-- What the store says now of the slice, as a CTE, tombstones included: a row that comes back must
-- have a version above that of its tombstone. Needs is_by_rule: whether rules or reports are judged.
    current AS (
        SELECT
            tenant_id,
            rule_id,
            thread_id,
            decision_id,
            decided_at,
            max(stored.version) AS version,
            argMax(stored.is_deleted, stored.version) AS is_deleted,
            argMax(stored.retention_days, stored.version) AS retention_days,
            argMax(stored.detected_at, stored.version) AS detected_at,
            argMax(cityHash64(stored.state, stored.event_ids), stored.version) AS finding,
            argMax(
                cityHash64(
                    stored.rule_version, stored.cohort, stored.direction, stored.unit,
                    stored.state, stored.ending, stored.is_attributed, stored.event_ids,
                    toInt64(ifNull(toUnixTimestamp64Nano(stored.event_at), 0)),
                    toUnixTimestamp64Milli(stored.matures_at), stored.is_deleted
                ),
                stored.version
            ) AS content
        FROM decision_outcomes AS stored
        WHERE stored.decided_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
            AND stored.decided_at < fromUnixTimestamp64Milli({last_ms:Int64} + 1, 'UTC')
            AND {{in_slice}}
            AND (stored.rule_id IN {rule_ids:Array(String)}) = is_by_rule
        GROUP BY
            tenant_id,
            rule_id,
            thread_id,
            decision_id,
            decided_at
    )
