-- How many conversations have decisions in two cohorts. One row.
-- Parameters: those of _cohort_filter, and the same of the other cohort, each called other_…
SELECT count() AS conversations
FROM (
    SELECT thread_id
    FROM decisions
    WHERE {{cohort_filter}}
    GROUP BY thread_id
)
WHERE thread_id IN (
    SELECT thread_id
    FROM decisions
    WHERE {{cohort_other_filter}}
)
