-- Whether a thread is in the slice that is worked on. The thread alone is looked up first: that takes
-- half the time of looking up the pair, and few threads of two tenants have one name.
-- Parameters: sweep_id; from_ms, until_ms: when it began; parts, part: of those.
thread_id IN (
                SELECT
                    thread_id
                FROM outcome_due
                WHERE sweep_id = {sweep_id:UInt64}
                    AND first_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
                    AND first_at < fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC')
                    AND cityHash64(tenant_id, thread_id) % {parts:UInt32} = {part:UInt32}
            )
            AND (tenant_id, thread_id) IN (
                SELECT
                    tenant_id,
                    thread_id
                FROM outcome_due
                WHERE sweep_id = {sweep_id:UInt64}
                    AND first_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
                    AND first_at < fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC')
                    AND cityHash64(tenant_id, thread_id) % {parts:UInt32} = {part:UInt32}
            )
