-- How many pairs of a run there are of each rank, see _replay_pair_rank.
-- Grain: a rank. Parameters: those of _replay_pair_filter.
SELECT
    {{replay_pair_rank}} AS pair_rank,
    count() AS pairs
FROM replay_results
WHERE {{replay_pair_filter}}
GROUP BY pair_rank
ORDER BY pair_rank
