-- Whether a thread is in the slice that is worked on. Parameters: tenant ('' = all), slices, slice.
({tenant:String} = '' OR tenant_id = {tenant:String})
            AND cityHash64(tenant_id, thread_id) % {slices:UInt32} = {slice:UInt32}
