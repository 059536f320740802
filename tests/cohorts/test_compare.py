"""Two cohorts of a store: what is counted, what is not, and what is said of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cohorts.histories import NOW, START, History
from trainingloop.cohorts import PARTS, CohortError, compare_cohorts, find_cohort
from trainingloop.prices import Price, Prices

if TYPE_CHECKING:
    from trainingloop.cohorts import ComparedMetric, Report
    from trainingloop.store import Store

DAY = timedelta(days=1)


def metric(report: Report, name: str) -> ComparedMetric:
    """Return one metric of a report."""
    return next(one for one in report.metrics if one.measure.id == name)


def counted(report: Report, name: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the total and the units of a metric, of a and of b."""
    comparison = metric(report, name).comparison
    a, b = ((round((one.value or 0) * one.n, 6), one.n) for one in (comparison.a, comparison.b))
    return a, b


def test_a_rule_of_conversations_counts_each_conversation_once(history: History) -> None:
    """Two escalated turns of one conversation are one escalated conversation."""
    for thread, state in (("c-1", "yes"), ("c-1", "yes"), ("c-2", "no")):
        history.outcome(history.decide(thread, cohort="a"), "escalation_triggered", state)
    history.outcome(history.decide("c-3", cohort="b"), "escalation_triggered", "no")

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW)

    assert counted(report, "escalation_triggered") == ((1, 2), (0, 1))


def test_a_rule_of_turns_counts_turns_and_knows_their_conversations(history: History) -> None:
    """Three turns in one conversation are one cluster."""
    for state in ("yes", "yes", "no"):
        history.outcome(
            history.decide("c-1", cohort="a"), "customer_replied", state, unit="turn",
            direction="neutral",
        )  # fmt: skip
    history.decide("c-2", cohort="b")

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW)

    estimate = metric(report, "customer_replied").comparison.a
    assert counted(report, "customer_replied")[0] == (2, 3)
    assert estimate.clusters == 1


def test_what_is_pending_never_enters_a_rate(history: History) -> None:
    """Not even an early yes: young decisions would look better than they are."""
    young = NOW - DAY
    for thread, state, at in (
        ("c-1", "no", START),
        ("c-2", "yes", young),
        ("c-3", "pending", young),
        ("c-4", "pending", START),
    ):
        history.outcome(history.decide(thread, cohort="a", at=at), "paid", state)
    history.outcome(history.decide("c-5", cohort="b"), "paid", "yes")

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW)

    assert counted(report, "paid") == ((0, 1), (1, 1))
    assert (metric(report, "paid").a_pending, metric(report, "paid").b_pending) == (3, 0)


def test_an_outcome_counts_for_the_decision_it_is_attributed_to(history: History) -> None:
    """The other decisions of the turn say nothing of it."""
    for is_attributed in (False, True):
        history.outcome(
            history.decide("c-1", cohort="a"), "replied", "yes", unit="turn",
            is_attributed=is_attributed,
        )  # fmt: skip
    history.decide("c-2", cohort="b")

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW)

    assert counted(report, "replied")[0] == (1, 1)


def test_silence_is_not_a_resolution(history: History) -> None:
    """Only an end that the assistant brought about counts as resolved."""
    for number, ending in enumerate(("resolved_by_assistant", "unknown", "customer_left")):
        history.outcome(
            history.decide(f"c-{number}", cohort="a"), "no_further_inbound", "yes",
            unit="turn", direction="neutral", ending=ending,
        )  # fmt: skip
    history.outcome(history.decide("c-9", cohort="b"), "no_further_inbound", "no")

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW)

    assert counted(report, "resolved") == ((1, 3), (0, 1))


def test_a_rule_may_have_the_name_of_another_metric(history: History) -> None:
    """A business that reports 'resolved' is not mixed up with how conversations end."""
    for cohort in ("a", "b"):
        decision = history.decide(f"c-{cohort}", cohort=cohort)
        history.outcome(decision, "resolved", "yes")
        history.outcome(decision, "no_further_inbound", "no", direction="neutral")

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW)

    assert counted(report, "outcome:resolved") == ((1, 1), (1, 1))
    assert counted(report, "resolved") == ((0, 1), (0, 1))


def test_decisions_are_measured_by_conversation(history: History) -> None:
    """Errors and times per decision; tokens, replies and tool calls per conversation."""
    for number in range(2):
        history.decide(
            "c-1", cohort="a", duration_ns=(number + 1) * 10**9, input_tokens=10, output_tokens=5,
            status="error" if number else "ok",
        )  # fmt: skip
    history.decide("c-1", cohort="a", decision_kind="tool_call", tool_names=["book", "pay"])
    history.decide("c-1", cohort="a", decision_kind="playbook", status="error")
    history.decide("c-2", cohort="b", input_tokens=7)

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW)

    assert counted(report, "error") == ((1, 3), (0, 1))
    assert counted(report, "latency_ms")[0] == (3000, 2)
    assert counted(report, "input_tokens") == ((20, 1), (7, 1))
    assert counted(report, "output_tokens") == ((10, 1), (0, 1))
    assert counted(report, "replies") == ((2, 1), (1, 1))
    assert counted(report, "tool_calls") == ((2, 1), (0, 1))
    assert (report.a.messages, report.a.tool_calls, report.a.playbook_decisions) == (2, 1, 1)
    assert (report.a.duration_ms_p50, report.b.duration_ms_p50) == (1500, None)


def test_a_cost_that_is_not_known_is_not_nothing(history: History) -> None:
    """Conversations with a call without a price are left out of the mean, and that is said."""
    history.decide("c-1", cohort="a", cost_usd=0.25)
    history.decide("c-1", cohort="a", model="known", input_tokens=1_000_000)
    history.decide("c-2", cohort="a", model="unknown", input_tokens=5)
    history.decide("c-3", cohort="b", cost_usd=0.5)
    prices = Prices(entries=(Price(model="known", input_usd=2, cached_input_usd=1, output_usd=4),))

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW, prices=prices)

    assert counted(report, "cost_usd") == ((2.25, 1), (0.5, 1))
    assert "The cost is known of 1 of 2 conversations of a only" in "\n".join(report.notes)


def test_live_votes_count_and_those_taken_back_do_not(history: History) -> None:
    """One vote of each reviewer."""
    first, second = (history.decide(thread, cohort="a") for thread in ("c-1", "c-2"))
    history.vote(first, 1, reviewer="r1")
    history.vote(first, -1, reviewer="r1", number=1)
    history.vote(first, 1, reviewer="r2")
    history.vote(second, 1, reviewer="r1")
    history.vote(second, 0, reviewer="r1", number=1)
    history.decide("c-3", cohort="b")

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW)

    assert counted(report, "thumbs_up") == ((1, 2), (0, 0))


def test_another_tenant_is_another_world(history: History, store: Store) -> None:
    """The same tags and the same conversation ids of someone else change nothing."""
    other = History(store=store, tenant=f"{history.tenant}-other")
    for one, state in ((history, "yes"), (other, "no")):
        for cohort in ("a", "b"):
            decision = one.decide(f"c-{cohort}", cohort=cohort)
            one.outcome(decision, "paid", state)
            one.vote(decision, 1)
    other.decide("c-a", cohort="b")
    other.write()

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW)

    assert counted(report, "paid") == ((1, 1), (1, 1))
    assert counted(report, "thumbs_up") == ((1, 1), (1, 1))
    assert (report.a.decisions, report.b.decisions) == (1, 1)
    assert report.shared_conversations == 0


def test_what_came_after_the_moment_of_looking_does_not_count(history: History) -> None:
    """Both cohorts are cut at the same moment."""
    for cohort in ("a", "b"):
        for at in (START, NOW + DAY):
            history.outcome(history.decide(f"{cohort}-{at}", cohort=cohort, at=at), "paid", "yes")
    reads = history.write()

    early = compare_cohorts(reads, "a", "b", as_of=START + DAY)
    late = compare_cohorts(reads, "a", "b", as_of=NOW)

    assert (early.a.decisions, metric(early, "paid").a_pending) == (1, 1)
    assert (late.a.decisions, metric(late, "paid").a_pending) == (1, 0)


def test_a_time_range_cuts_both_cohorts(history: History) -> None:
    """Its first moment counts, its last does not."""
    for cohort in ("a", "b"):
        for days in range(4):
            history.decide(f"{cohort}-{days}", cohort=cohort, at=START + days * DAY)

    report = compare_cohorts(
        history.write(), "a", "b", as_of=NOW, since=START + DAY, until=START + 3 * DAY
    )

    assert (report.a.conversations, report.b.conversations) == (2, 2)


def test_a_clear_difference_is_told_in_words(history: History) -> None:
    """The verdict speaks of b, and of the metric that says most."""
    history.group("old", 300, 100)
    history.group("new", 300, 200)

    report = compare_cohorts(history.write(), "old", "new", as_of=NOW)

    assert report.primary is report.metrics[0]
    assert report.metrics[0].measure.name == "Paid"
    assert report.metrics[0].comparison.verdict == "better"
    assert report.headline.startswith("new is better: 33 % for old")


def test_the_metric_to_judge_by_can_be_chosen(history: History) -> None:
    """It comes first."""
    history.group("a", 2, 1)
    history.group("b", 2, 1)

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW, primary="error")

    assert [report.metrics[0].measure.id, report.metrics[1].measure.id] == ["error", "paid"]


def test_versions_in_use_one_after_the_other_are_observational(history: History) -> None:
    """And the day of the switch is marked."""
    history.group("a", 40, 20)
    switched = START + 10 * DAY
    history.group("b", 1, 1, at=switched)

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW)

    assert report.is_observational
    assert "Observational" in report.notes[0]
    assert "b began after a had ended" in report.notes[0]
    assert report.switched_at == switched
    assert [(day.day.isoformat(), day.is_b, day.conversations) for day in report.days] == [
        ("2026-10-01", False, 12),
        ("2026-10-02", False, 24),
        ("2026-10-03", False, 4),
        ("2026-10-11", True, 1),
    ]


def test_other_traffic_is_shown_and_looked_through(history: History) -> None:
    """A version that got the easy channel looks better and is worse (Simpson's paradox)."""
    history.group("old", 400, 80, channel="whatsapp")
    history.group("old", 100, 90, channel="web")
    history.group("new", 100, 15, channel="whatsapp")
    history.group("new", 400, 330, channel="web")

    report = compare_cohorts(history.write(), "old", "new", as_of=NOW)

    judged = report.metrics[0].comparison
    assert report.adjusted_trait == "channel"
    assert (judged.difference.value or 0) > 0.3
    assert judged.adjustment is not None
    assert judged.adjustment.is_simpson
    assert (judged.adjustment.stratified.value or 0) < 0
    assert judged.verdict != "better"
    (rows,) = (one.mix.rows for one in report.mixes if one.trait == "channel")
    assert [(row.name, row.a_share, row.b_share) for row in rows] == [
        ("web", 0.2, 0.8),
        ("whatsapp", 0.8, 0.2),
    ]


def test_what_was_asked_for_is_not_adjusted_away(history: History) -> None:
    """Two channels differ in their channel, and that is the question."""
    for channel in ("web", "whatsapp"):
        history.group(channel, 60, 30, channel=channel)

    report = compare_cohorts(history.write(), "channel=web", "channel=whatsapp", as_of=NOW)

    assert report.adjusted_trait == ""
    assert "channel" not in [one.trait for one in report.mixes]


def test_arms_of_one_experiment_have_their_split_checked(history: History) -> None:
    """Equal shares unless others are declared; a mismatch takes the trust away."""
    for arm, conversations in (("control", 300), ("candidate", 200)):
        history.group(
            arm, conversations, 50, experiment_id="autumn", experiment_variant=arm, at=START
        )
    reads = history.write()

    equal = compare_cohorts(reads, "control", "candidate", as_of=NOW)
    declared = compare_cohorts(reads, "control", "candidate", as_of=NOW, split=(60, 40))

    assert not equal.is_observational
    assert equal.sample_ratio is not None
    assert equal.sample_ratio.is_mismatch
    assert "did not come out as declared" in equal.notes[0]
    assert declared.sample_ratio is not None
    assert not declared.sample_ratio.is_mismatch


def test_conversations_in_both_cohorts_are_warned_of(history: History) -> None:
    """What came of them counts twice."""
    for number in range(50):
        for cohort in ("a", "b"):
            history.decide("both" if number == 0 else f"{cohort}-{number}", cohort=cohort)

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW)

    assert report.shared_conversations == 1
    assert "1 conversations (2% of the smaller cohort)" in report.notes[0]


@pytest.mark.parametrize("part", PARTS)
def test_both_sides_of_the_overlap_filter_alike(history: History, part: str) -> None:
    """The filter of the other cohort is a copy under other names: each condition works in both."""
    columns: dict[str, object] = {
        "model": "v", "playbook_id": "v", "playbook_version": "v", "prompt_name": "v",
        "prompt_version": "v", "code_version": "v", "experiment_id": "v",
        "experiment_variant": "v", "channel": "v", "service_name": "v", "agent_name": "v",
        "environment": "v", "tool_names": ["v"], "status": "v", "output_text": "v",
    }  # fmt: skip
    history.decide("hit", cohort="v", at=START, **{**columns, "decision_kind": "v"})
    history.decide("miss")
    reads = history.write()
    cohort = find_cohort(reads, f"{part}=v")
    everyone = find_cohort(reads, "since=2000-01-01")
    other = {f"other_{name}": value for name, value in cohort.parameters().items()}

    facts = reads.table("cohort_facts", cohort.parameters()).rows[0]
    overlap = reads.table("cohort_overlap", {**everyone.parameters(), **other}).rows[0]

    assert (facts[0], overlap[0]) == (1, 1)


def test_a_model_is_known_by_either_of_its_names(history: History) -> None:
    """What was asked for, or what answered."""
    history.decide("c-1", model="gpt-4o-2024-08-06", request_model="gpt-4o")
    reads = history.write()

    found = [
        reads.table("cohort_facts", find_cohort(reads, f"model={name}").parameters()).rows[0][0]
        for name in ("gpt-4o", "gpt-4o-2024-08-06", "gpt-4")
    ]

    assert found == [1, 1, 0]


def test_one_conversation_is_not_enough_data(history: History) -> None:
    """No interval pretends, nothing fails."""
    history.group("a", 1, 1)
    history.group("b", 1, 0)

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW)

    assert {one.comparison.verdict for one in report.metrics} == {"not enough data"}
    assert all(not one.comparison.sequential.has_interval for one in report.metrics)


def test_all_yes_has_no_interval_of_no_width(history: History) -> None:
    """A hundred of a hundred is not certainty."""
    history.group("a", 100, 100)
    history.group("b", 100, 100)

    report = compare_cohorts(history.write(), "a", "b", as_of=NOW)

    difference = report.metrics[0].comparison.difference
    assert difference.value == 0
    assert (difference.low or 0) < -0.01 < 0.01 < (difference.high or 0)


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        ("a", "a", "is the same cohort as"),
        ("a", "nobody", "there is a"),
        ("a", "cohort=nobody", "holds no decision in this time range"),
        ("a", "@saved", "no saved cohort is called '@saved'"),
        ("a", "colour=red", "'colour' is no condition: use cohort, model"),
        ("a", "=", "is no list of conditions"),
        ("a", "model=", "the value of 'model' must be a text"),
        ("a", "model=x,model=y", "a condition is given twice"),
        ("a", "since=yesterday", "'since' is no time"),
        ("a", "since=2026-11-01,until=2026-10-01", "since must lie before until"),
    ],
)
def test_what_cannot_be_compared_is_answered_clearly(
    history: History, a: str, b: str, words: str
) -> None:
    """With what was given, what is allowed and what to do."""
    history.decide("c-1", cohort="a")

    with pytest.raises(CohortError) as refused:
        compare_cohorts(history.write(), a, b, as_of=NOW)

    assert words in str(refused.value)


def test_a_value_may_hold_commas_and_conditions_may_have_spaces(history: History) -> None:
    """It ends where the next condition begins."""
    cohort = find_cohort(history.reads, "playbook = Sales, support ,playbook-version=3")

    assert cohort.definition.parts == (("playbook", "Sales, support"), ("playbook_version", "3"))


def test_times_in_conditions_narrow_the_cohort(history: History) -> None:
    """Before and after a day can be compared."""
    for days in range(3):
        history.decide(f"c-{days}", cohort="a", at=START + days * DAY)

    report = compare_cohorts(
        history.write(), "until=2026-10-02", "since=2026-10-02T00:00:00+00:00", as_of=NOW
    )

    assert (report.a.decisions, report.b.decisions) == (1, 2)
    assert report.b.cohort.definition.since == datetime(2026, 10, 2, tzinfo=UTC)
