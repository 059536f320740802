[
        ('all', ''),
        ('day', toString(toDate(min(occurred_at)))),
        ('channel', argMin(channel, occurred_at)),
        ('service', argMin(service_name, occurred_at)),
        ('agent', argMin(agent_name, occurred_at)),
        ('environment', argMin(environment, occurred_at)),
        ('weekday', toString(toDayOfWeek(min(occurred_at)))),
        ('hours', toString(intDiv(toHour(min(occurred_at)), 6) * 6))
    ]
