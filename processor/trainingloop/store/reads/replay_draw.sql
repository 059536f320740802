-- The decisions of a model that a choice leaves, by stratum: how many there are, and the first of
-- them in an order that only the seed and their ids decide.
-- Grain: a stratum. Parameters: those of _cohort_filter; decisions Array(String), where not empty
-- the only ones that are meant; votes String ('up', 'down' or '') and vote_reason String (or ''):
-- what one live vote must say; stratify_by Array(String), names of the list below; stratum_rule
-- String, the rule whose state is the stratum 'outcome'; seed Int64; most UInt32: how many of a
-- stratum are named, each as (order, id, thread, nanoseconds, days kept, order of the thread).
WITH
    votes AS (
        SELECT
            decision_id,
            value,
            reason
        FROM ({{live_votes}})
    ),
    states AS (
        SELECT
            decision_id,
            any(state) AS state
        FROM decision_outcomes
        WHERE tenant_id = {tenant:String}
            AND rule_id = {stratum_rule:String}
            AND is_attributed = 1
        GROUP BY decision_id
    ),
    chosen AS (
        SELECT
            decision_id,
            thread_id,
            occurred_at,
            retention_days,
            arrayStringConcat(
                arrayFilter(
                    part -> part != '',
                    [
                        if(has({stratify_by:Array(String)}, 'model'), concat('model=', model), ''),
                        if(has({stratify_by:Array(String)}, 'playbook'), concat('playbook=', playbook_id), ''),
                        if(has({stratify_by:Array(String)}, 'playbook_version'), concat('playbook_version=', playbook_version), ''),
                        if(has({stratify_by:Array(String)}, 'prompt_version'), concat('prompt_version=', prompt_version), ''),
                        if(has({stratify_by:Array(String)}, 'code_version'), concat('code_version=', code_version), ''),
                        if(has({stratify_by:Array(String)}, 'cohort'), concat('cohort=', cohort), ''),
                        if(has({stratify_by:Array(String)}, 'variant'), concat('variant=', experiment_variant), ''),
                        if(has({stratify_by:Array(String)}, 'channel'), concat('channel=', channel), ''),
                        if(has({stratify_by:Array(String)}, 'agent'), concat('agent=', agent_name), ''),
                        if(has({stratify_by:Array(String)}, 'kind'), concat('kind=', decision_kind), ''),
                        if(
                            has({stratify_by:Array(String)}, 'vote'),
                            concat(
                                'vote=',
                                multiIf(
                                    decision_id NOT IN (SELECT decision_id FROM votes), 'none',
                                    decision_id NOT IN (SELECT decision_id FROM votes WHERE value < 0), 'up',
                                    decision_id NOT IN (SELECT decision_id FROM votes WHERE value > 0), 'down',
                                    'mixed'
                                )
                            ),
                            ''
                        )
                    ]
                ),
                ', '
            ) AS columns
        FROM decisions
        WHERE {{cohort_filter}}
            AND decision_kind IN ('message', 'tool_call')
            AND operation != 'execute_tool'
            AND (empty({decisions:Array(String)}) OR decision_id IN {decisions:Array(String)})
            AND (
                ({votes:String} = '' AND {vote_reason:String} = '')
                OR decision_id IN (
                    SELECT decision_id
                    FROM votes
                    WHERE ({votes:String} != 'up' OR value > 0)
                        AND ({votes:String} != 'down' OR value < 0)
                        AND ({vote_reason:String} = '' OR reason = {vote_reason:String})
                )
            )
    )
SELECT
    arrayStringConcat(
        arrayFilter(
            part -> part != '',
            [
                columns,
                if(
                    has({stratify_by:Array(String)}, 'outcome'),
                    concat('outcome=', if(states.state = '', 'none', states.state)),
                    ''
                )
            ]
        ),
        ', '
    ) AS stratum,
    count() AS matched,
    groupArraySorted({most:UInt32})(
        (
            sipHash64Keyed((toUInt64({seed:Int64}), toUInt64(0)), chosen.decision_id),
            chosen.decision_id,
            chosen.thread_id,
            toUnixTimestamp64Nano(chosen.occurred_at),
            chosen.retention_days,
            sipHash64Keyed((toUInt64({seed:Int64}), toUInt64(1)), chosen.thread_id)
        )
    ) AS drawn
FROM chosen
LEFT JOIN states ON states.decision_id = chosen.decision_id
GROUP BY stratum
ORDER BY stratum
