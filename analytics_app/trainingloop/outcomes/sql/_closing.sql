-- How a close says that the conversation ended. What says that it was not resolved is no resolution.
-- Parameters: timed_out, customer_left, by_human, not_resolved, resolved: regular expressions.
multiIf(
                match(lower(concat(reason, ' ', target)), {timed_out:String}), 'timed_out',
                match(lower(concat(reason, ' ', target)), {customer_left:String}), 'customer_left',
                match(lower(concat(reason, ' ', target)), {by_human:String}), 'resolved_by_human',
                match(lower(concat(reason, ' ', target)), {not_resolved:String}), 'unknown',
                match(lower(concat(reason, ' ', target)), {resolved:String}), 'resolved_by_assistant',
                'unknown'
            )
