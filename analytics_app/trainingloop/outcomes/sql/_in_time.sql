-- Whether a decision is in the time of the slice, which the primary key makes cheap.
-- Parameters: from_ms, last_ms.
occurred_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
            AND occurred_at < fromUnixTimestamp64Milli({last_ms:Int64} + 1, 'UTC')
