-- What rules would find of the decisions of the slice. Nothing is written. Grain: a rule.
-- Parameters: now_ms, since_ms (decisions from then on), tenant, slices, slice; of the rules, in one
-- order: rule_ids, rule_versions, directions, units, absences.
-- counted, counted_yes: turns or conversations that a rate counts, and those of them with a yes.
-- The parts in double braces are written from the rules; see _statements.py.
WITH
{{decided}},
{{happened}},{{pairs}}
{{judged}},
    told AS (
        SELECT
            rule_id,
            rule_version,
            direction,
            unit,
            state,
            (tenant_id, if(unit = 'conversation', thread_id, decision_id)) AS unit_id,
            is_attributed AND matures_ms <= {now_ms:Int64} AS is_counted
        FROM judged
        WHERE decided_at >= fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
    )
SELECT
    rule_id,
    rule_version,
    direction,
    unit,
    countIf(state = 'yes') AS yes,
    countIf(state = 'no') AS no,
    countIf(state = 'pending') AS pending,
    uniqExactIf(unit_id, is_counted) AS counted,
    uniqExactIf(unit_id, is_counted AND state = 'yes') AS counted_yes
FROM told
GROUP BY
    rule_id,
    rule_version,
    direction,
    unit
SETTINGS final = 0
