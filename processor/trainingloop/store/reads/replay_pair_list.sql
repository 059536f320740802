-- Pairs of answers of a run as a list, the worst first, without what was said.
-- Grain: a decision and a step. Parameters: those of _replay_pair_filter, ranks Array(UInt8) (those
-- that are shown), limit UInt32, offset UInt32.
SELECT
    decision_id,
    step,
    compared_id,
    thread_id,
    decided_at,
    stratum,
    state,
    recorded_kind,
    replayed_kind,
    agreement,
    newly_unsafe,
    newly_safe,
    {{replay_pair_rank}} AS pair_rank
FROM replay_results
WHERE {{replay_pair_filter}}
    AND has({ranks:Array(UInt8)}, pair_rank)
ORDER BY
    pair_rank,
    length(newly_unsafe) DESC,
    decided_at,
    decision_id,
    step
LIMIT {limit:UInt32}
OFFSET {offset:UInt32}
