-- The values each filter of the pairs of a run can take, the most frequent first.
-- Grain: a filter and a value. Parameters: tenant, run String.
WITH
    pairs AS (
        SELECT
            arrayJoin(
                arrayConcat(
                    [
                        ('agreement', toString(agreement)),
                        ('change', if(recorded_kind != replayed_kind AND agreement != '', concat(recorded_kind, '>', replayed_kind), '')),
                        ('state', toString(state)),
                        ('stratum', toString(stratum))
                    ],
                    arrayMap(name -> ('flag', concat('unsafe:', name)), newly_unsafe),
                    arrayMap(name -> ('flag', concat('safe:', name)), newly_safe)
                )
            ) AS facet_value
        FROM replay_results
        WHERE tenant_id = {tenant:String}
            AND run_id = {run:String}
            AND arm = 'candidate'
    )
SELECT
    facet_value.1 AS facet,
    facet_value.2 AS value,
    count() AS pairs
FROM pairs
WHERE value != ''
GROUP BY
    facet,
    value
ORDER BY
    facet,
    pairs DESC,
    value
