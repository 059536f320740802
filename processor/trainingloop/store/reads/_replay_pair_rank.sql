-- What is first looked at in a pair of answers, the worst first: 1 newly unsafe, 2 the calls that
-- change something differ, 3 handed to a human or no longer, 4 another kind of decision, 5 anything
-- else differs, 6 no answer to compare, 7 nothing differs. Names columns of replay_results.
-- trainingloop.analytics_app names the ranks.
multiIf(
    state NOT IN ('ok', 'truncated', 'refused', 'empty') OR agreement = '', 6,
    notEmpty(newly_unsafe), 1,
    agreement NOT IN ('identical', 'same_calls')
        AND (recorded_kind = 'tool_write' OR replayed_kind = 'tool_write'), 2,
    (recorded_kind = 'escalate') != (replayed_kind = 'escalate'), 3,
    recorded_kind != replayed_kind, 4,
    agreement = 'identical' AND empty(newly_safe), 7,
    5
)
