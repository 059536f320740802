-- Whether something may have changed in a thread.
(tenant_id, thread_id) IN due
