-- Whether a thread is in the slice in which rules are tried. Parameters: tenant, slices, slice.
tenant_id = {tenant:String}
            AND cityHash64(tenant_id, thread_id) % {slices:UInt32} = {slice:UInt32}
