tenant_id = {tenant:String}
    AND rule_id = {rule:String}
    AND decided_at >= {since:DateTime64(9, 'UTC')}
    AND decided_at < {until:DateTime64(9, 'UTC')}
    AND ({cohort:String} = '' OR cohort = {cohort:String})
    AND (
        {is_narrowed:UInt8} = 0
        OR cityHash64(decision_id) IN (SELECT cityHash64(decision_id) FROM decisions WHERE {{decision_filter}})
    )
