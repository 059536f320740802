-- The same, for threads in which something may have changed. Parameters: now_ms besides.
(tenant_id, thread_id) IN (
                SELECT
                    tenant_id,
                    thread_id
                FROM outcome_due
                WHERE sweep_ms = {now_ms:Int64}
                    AND cityHash64(tenant_id, thread_id) % {slices:UInt32} = {slice:UInt32}
            )
