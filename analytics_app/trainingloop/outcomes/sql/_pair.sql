-- The first event after each decision for one rule that looks at both, as a CTE.
    pair_{{number}} AS (
        SELECT
            decision.tenant_id AS tenant_id,
            decision.thread_id AS thread_id,
            decision.decision_id AS decision_id,
            decision.start_ns AS start_ns,
            min((happened.at_ns, happened.event_id)) AS found
        FROM decided AS decision
        INNER JOIN happened
            ON decision.tenant_id = happened.tenant_id
            AND decision.thread_id = happened.thread_id
        WHERE happened.at_ns > decision.after_ns
            AND happened.at_ns <= decision.end_ns + {{longest_ns}}
            AND {{when}}
        GROUP BY
            tenant_id,
            thread_id,
            decision_id,
            start_ns
    )
