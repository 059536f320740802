-- Sweeps of a year ago are forgotten. A store that slept so long is swept anew, which writes nothing
-- that has not changed.
ALTER TABLE {database}.outcome_sweeps {on_cluster}
    MODIFY TTL toDateTime(ended_at) + INTERVAL 1 YEAR
