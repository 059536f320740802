-- The same, for threads in which something may have changed.
({tenant:String} = '' OR tenant_id = {tenant:String})
            AND cityHash64(tenant_id, thread_id) % {slices:UInt32} = {slice:UInt32}
            AND (tenant_id, thread_id) IN threads
