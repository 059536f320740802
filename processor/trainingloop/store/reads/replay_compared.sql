-- The answers of a run's candidate, each beside what was recorded and what the second arm answered.
-- recorded_*: of the decision it is compared with; its cost as in _cost_usd. recorded_id: '' where
-- that decision is not stored any more. floor_state: '' where no second arm was asked.
-- served_model, floor_model: those that said they answered; '' where none did. request_model: the one
-- that was asked for when the decision was recorded.
-- judgement: '' where there is none, or the answer was not redacted as a whole.
-- Grain: a decision and a step. Parameters: tenant, run String and those of _cost_usd.sql.
WITH
    answers AS (
        SELECT
            arm,
            decision_id,
            step,
            if(compared_id = '', decision_id, compared_id) AS compared,
            thread_id,
            decided_at,
            stratum,
            weight,
            state,
            -- What is said of an answer that lost words to a failed redaction says nothing.
            if(redaction_status = 'partial', '', judgement) AS whole_judgement,
            model AS served_model,
            input_tokens,
            output_tokens,
            cost_usd,
            latency_ms
        FROM replay_results
        WHERE tenant_id = {tenant:String}
            AND run_id = {run:String}
    ),
    candidates AS (
        SELECT
            decision_id,
            step,
            compared,
            thread_id,
            stratum,
            weight,
            state,
            whole_judgement,
            served_model,
            input_tokens,
            output_tokens,
            cost_usd,
            latency_ms
        FROM answers
        WHERE arm = 'candidate'
    ),
    floors AS (
        SELECT
            decision_id,
            step,
            state,
            whole_judgement,
            served_model
        FROM answers
        WHERE arm != 'candidate'
    ),
    recorded AS (
        SELECT
            decision_id,
            channel,
            request_model,
            model,
            playbook_version,
            input_tokens,
            output_tokens,
            duration_ns,
            {{cost_usd}} AS cost
        FROM decisions
        WHERE tenant_id = {tenant:String}
            -- What a chain goes on to comes later than the decision it starts at.
            AND occurred_at >= (SELECT min(decided_at) FROM answers)
            AND occurred_at <= (SELECT max(decided_at) FROM answers) + INTERVAL 1 DAY
            AND decision_id IN (SELECT compared FROM candidates)
    )
SELECT
    candidates.decision_id AS decision_id,
    candidates.step AS step,
    candidates.compared AS compared_id,
    candidates.thread_id AS thread_id,
    candidates.stratum AS stratum,
    candidates.weight AS weight,
    candidates.state AS state,
    candidates.whole_judgement AS judgement,
    candidates.served_model AS served_model,
    candidates.input_tokens AS input_tokens,
    candidates.output_tokens AS output_tokens,
    candidates.cost_usd AS cost_usd,
    candidates.latency_ms AS latency_ms,
    floors.state AS floor_state,
    floors.whole_judgement AS floor_judgement,
    floors.served_model AS floor_model,
    recorded.decision_id AS recorded_id,
    recorded.channel AS channel,
    recorded.request_model AS request_model,
    recorded.model AS model,
    recorded.playbook_version AS playbook_version,
    recorded.input_tokens AS recorded_input_tokens,
    recorded.output_tokens AS recorded_output_tokens,
    recorded.duration_ns AS recorded_duration_ns,
    recorded.cost AS recorded_cost_usd
FROM candidates
LEFT JOIN floors ON floors.decision_id = candidates.decision_id AND floors.step = candidates.step
LEFT JOIN recorded ON recorded.decision_id = candidates.compared
ORDER BY
    decision_id,
    step
