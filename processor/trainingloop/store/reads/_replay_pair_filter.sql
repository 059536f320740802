-- The pairs of a run that filters leave; each bind leaves everything when it is ''. Names columns
-- of replay_results. change: 'reply>escalate', recorded before replayed. flag: 'unsafe:NAME' or
-- 'safe:NAME'. text: in what the customer or either answer said. decision: a recorded one.
-- Parameters: tenant, run String, agreement String, change String, flag String, state String,
-- stratum String, text String, decision String.
tenant_id = {tenant:String}
    AND run_id = {run:String}
    AND arm = 'candidate'
    AND ({agreement:String} = '' OR agreement = {agreement:String})
    AND (
        {change:String} = ''
        OR concat(recorded_kind, '>', replayed_kind) = {change:String}
    )
    AND (
        {flag:String} = ''
        OR has(arrayMap(name -> concat('unsafe:', name), newly_unsafe), {flag:String})
        OR has(arrayMap(name -> concat('safe:', name), newly_safe), {flag:String})
    )
    AND ({state:String} = '' OR state = {state:String})
    AND ({stratum:String} = '' OR stratum = {stratum:String})
    AND (
        {decision:String} = ''
        OR decision_id = {decision:String}
        OR compared_id = {decision:String}
    )
    AND (
        {text:String} = ''
        OR positionCaseInsensitiveUTF8(text, {text:String}) > 0
        OR positionCaseInsensitiveUTF8(tool_calls, {text:String}) > 0
        OR if(compared_id = '', decision_id, compared_id) IN (
            SELECT recorded.decision_id
            FROM decisions AS recorded
            WHERE recorded.tenant_id = {tenant:String}
                AND {text:String} != ''
                AND (
                    positionCaseInsensitiveUTF8(recorded.output_text, {text:String}) > 0
                    OR positionCaseInsensitiveUTF8(recorded.input_text, {text:String}) > 0
                    OR positionCaseInsensitiveUTF8(recorded.tool_calls, {text:String}) > 0
                )
        )
    )
