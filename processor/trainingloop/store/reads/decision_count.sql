-- How many decisions a filter leaves. One row. Parameters: those of _decision_filter.
SELECT count() AS decisions
FROM decisions
WHERE {{decision_filter}}
