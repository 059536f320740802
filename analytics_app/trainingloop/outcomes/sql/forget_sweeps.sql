-- Forgets the sweeps of a clock that was ahead: what they had seen is looked at again.
-- Parameters: now_ms.
DELETE FROM outcome_sweeps
WHERE started_at > fromUnixTimestamp64Milli({now_ms:Int64}, 'UTC')
    OR watermark > fromUnixTimestamp64Milli({now_ms:Int64}, 'UTC')
