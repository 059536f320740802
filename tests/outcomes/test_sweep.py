"""What a sweep says came of decisions."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from support.histories import Decision, Event, at, put
from trainingloop.collector.errors import BadRequestError
from trainingloop.outcomes import Progress, Sweep, outcome_actions, sweep
from trainingloop.outcomes.rules import BUILT_IN, Rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from trainingloop.store import Store

_NUMBERS = itertools.count()


class World:
    """A tenant of its own in a store that tests share; decisions and events of it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.tenant = f"tenant-{next(_NUMBERS)}"

    def decision(self, name: str, hours: float, **more: object) -> None:
        """Have a decision so many hours after the start."""
        fields = {"id": name, "at": at(hours), "tenant": self.tenant, **more}
        put(self.store, [Decision(**fields)])  # type: ignore[arg-type]  # fields of the dataclass

    def event(self, kind: str, hours: float, name: str = "e", **more: object) -> None:
        """Have an event so many hours after the start."""
        fields = {"id": name, "kind": kind, "at": at(hours), "tenant": self.tenant, **more}
        put(self.store, [Event(**fields)])  # type: ignore[arg-type]  # fields of the dataclass

    def sweep(
        self, hours: float, *, rules: Rules = BUILT_IN, since: datetime | None = None
    ) -> Sweep:
        """Sweep this tenant so many hours after the start."""
        return sweep(self.store, rules, at(hours), tenant=self.tenant, since=since)

    def rows(self, rule: str) -> Sequence[tuple[object, ...]]:
        """Each decision's id, state, ending, attribution and evidence by one rule."""
        table = self.store.execute(
            "SELECT decision_id, state, ending, is_attributed, event_ids FROM decision_outcomes "
            "WHERE tenant_id = {tenant:String} AND rule_id = {rule:String} ORDER BY decision_id",
            {"tenant": self.tenant, "rule": rule},
        )
        return table.rows

    def derived(self) -> list[tuple[object, ...]]:
        """Kind and decision of each event that nobody reported."""
        table = self.store.execute(
            "SELECT event_kind, decision_id FROM conversation_events "
            "WHERE tenant_id = {tenant:String} AND source = 'derived' ORDER BY decision_id",
            {"tenant": self.tenant},
        )
        return list(table.rows)

    def state(self, rule: str, decision: str = "d") -> object:
        """What one decision is by one rule; None without a row."""
        return next((row[1] for row in self.rows(rule) if row[0] == decision), None)


@pytest.fixture
def world(store: Store) -> World:
    """A tenant without decisions."""
    return World(store)


def test_reply_inside_the_window_is_yes_at_once(world: World) -> None:
    """A customer who writes within 24 hours has replied, long before the window has passed."""
    world.decision("d", 0)
    world.event("inbound", 1)

    world.sweep(2)

    assert world.rows("customer_replied") == (("d", "yes", "", 1, ["e"]),)


def test_nothing_is_said_before_the_window_has_passed(world: World) -> None:
    """Without evidence an outcome is pending, neither yes nor no."""
    world.decision("d", 0)

    world.sweep(23)

    assert [world.state(rule.id) for rule in BUILT_IN.rules] == ["pending"] * 3


def test_window_that_passed_settles_it(world: World) -> None:
    """After the windows nobody replied, nothing came, and nobody was escalated."""
    world.decision("d", 0)
    world.sweep(1)

    world.sweep(73)

    assert [world.state(rule.id) for rule in BUILT_IN.rules] == ["no", "yes", "no"]


def test_second_sweep_writes_nothing(world: World) -> None:
    """A sweep with nothing new leaves every row as it is."""
    world.decision("d", 0)
    world.event("inbound", 1)
    first = world.sweep(2)

    second = world.sweep(2)

    assert (first.outcomes, second.outcomes) == (3, 0)


def test_late_event_inside_the_window_corrects_the_row(world: World) -> None:
    """What occurred in time counts, however late it came in; what occurred too late never does."""
    world.decision("d", 0)
    world.sweep(100)
    before = [world.state(rule.id) for rule in BUILT_IN.rules]

    world.event("inbound", 30, "late", ingested_at=at(101))
    world.sweep(102)

    assert before == ["no", "yes", "no"]
    assert [world.state(rule.id) for rule in BUILT_IN.rules] == ["no", "no", "no"]
    assert world.rows("no_further_inbound") == (("d", "no", "", 1, ["late"]),)


def test_corrected_row_has_a_higher_version_though_the_clock_went_back(world: World) -> None:
    """A row that is written again wins over its older one whatever the clock says."""
    world.decision("d", 0)
    world.sweep(1000)
    world.event("inbound", 1, "e", ingested_at=at(1))

    world.sweep(2)

    assert world.state("customer_replied") == "yes"


def test_clock_that_was_ahead_is_corrected(world: World) -> None:
    """What a wrong clock let mature is pending again once the clock is right."""
    world.decision("d", 0)
    world.sweep(1000)
    before = world.state("customer_replied")

    world.sweep(1)

    assert (before, world.state("customer_replied")) == ("no", "pending")


def test_event_counts_when_its_time_has_come(world: World) -> None:
    """An event ahead of the clock is no evidence yet."""
    world.decision("d", 0)
    world.event("inbound", 5, ingested_at=at(0))
    world.sweep(1)
    before = world.state("customer_replied")

    world.sweep(6)

    assert (before, world.state("customer_replied")) == ("pending", "yes")


def test_only_the_last_ai_decision_before_the_event_answers_for_it(world: World) -> None:
    """Of three decisions before a reply, the last that is no playbook is the one it replies to."""
    world.decision("a", 0)
    world.decision("b", 1, kind="tool_call")
    world.decision("c", 2, kind="playbook")
    world.event("inbound", 3)

    world.sweep(4)

    assert [row[3] for row in world.rows("customer_replied")] == [0, 1, 0]


def test_without_an_event_each_turn_has_one_decision_that_answers_for_it(world: World) -> None:
    """The last decision of a turn stands for the turn when nothing came of it."""
    world.decision("a", 0)
    world.decision("b", 1)
    world.event("inbound", 2)
    world.decision("c", 3)

    world.sweep(4)

    assert [row[3] for row in world.rows("escalation_triggered")] == [0, 1, 1]


@pytest.mark.parametrize(
    ("events", "ending"),
    [
        ((), "unknown"),
        ((("close", "resolved by agent"),), "resolved_by_assistant"),
        ((("close", "Not resolved"),), "unknown"),
        ((("close", "handled by a human"),), "resolved_by_human"),
        ((("escalation", ""),), "resolved_by_human"),
        ((("escalation", ""), ("close", "resolved")), "resolved_by_human"),
        ((("close", "auto_resolve_after"),), "timed_out"),
        ((("close", "idle for 30 minutes"),), "timed_out"),
        ((("close", "customer left the chat"),), "customer_left"),
        ((("escalation", ""), ("close", "timeout")), "timed_out"),
    ],
)
def test_silence_says_how_it_ended(
    world: World, events: Sequence[tuple[str, str]], ending: str
) -> None:
    """No further message is no success by itself: somebody must have said that it was resolved."""
    world.decision("d", 0)
    for number, (kind, reason) in enumerate(events):
        world.event(kind, 1 + number, f"e{number}", reason=reason)

    world.sweep(80)

    assert [row[1:3] for row in world.rows("no_further_inbound")] == [("yes", ending)]


def test_conversation_closed_before_its_last_words_is_closed(world: World) -> None:
    """An agent closes with a tool and then says goodbye: the close belongs to that answer."""
    world.event("inbound", 0, "i")
    world.event("close", 1, "c", reason="resolved")
    world.decision("d", 2)

    world.sweep(80)

    assert [row[2] for row in world.rows("no_further_inbound")] == ["resolved_by_assistant"]


def test_reported_outcome_is_about_the_decision_it_names(world: World) -> None:
    """A report without a decision is about the last one before it; the newest report holds."""
    world.decision("a", 0)
    world.decision("b", 1)
    world.event("outcome", 2, "e1", outcome="order_paid", value="yes", decision_id="a")
    world.event("outcome", 3, "e2", outcome="order_paid", value="yes")
    world.event("outcome", 4, "e3", outcome="order_paid", value="no")

    world.sweep(5)

    assert world.rows("order_paid") == (
        ("a", "yes", "", 1, ["e1"]),
        ("b", "no", "", 1, ["e3"]),
    )


def test_report_under_the_name_of_a_rule_counts_for_nothing(world: World) -> None:
    """Nobody can report what a rule finds out."""
    world.decision("d", 0)
    world.event("outcome", 1, outcome="customer_replied", value="yes")

    world.sweep(2)

    assert world.state("customer_replied") == "pending"


def test_decision_that_arrives_late_takes_over_a_report(world: World) -> None:
    """A report moves to the decision that turns out to have been the last before it."""
    world.decision("a", 0)
    world.event("outcome", 2, outcome="order_paid", value="yes")
    world.sweep(3)

    world.decision("b", 1, ingested_at=at(4))
    world.sweep(5)

    assert world.rows("order_paid") == (("b", "yes", "", 1, ["e"]),)


def test_outcomes_go_with_their_decision(world: World) -> None:
    """A decision that is settled away leaves no outcome behind."""
    world.decision("a", 0)
    world.decision("b", 1, kind="tool_call")
    world.sweep(2)

    world.decision("b", 1, kind="tool_call", version=1, is_deleted=True, ingested_at=at(3))
    world.sweep(4)

    assert [row[0] for row in world.rows("customer_replied")] == ["a"]


def test_rule_that_is_gone_takes_its_outcomes_along(world: World) -> None:
    """Other rules are another version: everything is judged again by those that hold."""
    world.decision("d", 0)
    world.sweep(2)
    fewer = Rules(rules=BUILT_IN.rules[:1])

    world.sweep(3, rules=fewer)

    assert [world.state(rule.id) for rule in BUILT_IN.rules] == ["pending", None, None]


def test_rule_in_another_version_is_told_on_every_row(world: World) -> None:
    """A changed rule judges what was judged before, too."""
    world.decision("d", 0)
    world.sweep(30)
    changed = replace(BUILT_IN.rules[0], version="2", window=timedelta(hours=48))

    world.sweep(30, rules=Rules(rules=(changed, *BUILT_IN.rules[1:])))

    assert world.state("customer_replied") == "pending"


def test_restart_completes_what_a_killed_sweep_began(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep that dies between its slices is done again by the next one."""
    monkeypatch.setattr("trainingloop.outcomes._sweep.MOMENTS_A_SLICE", 1)
    threads = [f"t{number}" for number in range(8)]
    put(store, [Decision(id=f"d-{name}", at=at(0), thread=name, tenant="dies") for name in threads])

    with pytest.raises(KeyboardInterrupt):
        sweep(store, BUILT_IN, at(1), on_progress=_die)
    sweep(store, BUILT_IN, at(2))

    table = store.execute(
        "SELECT uniqExact(decision_id) FROM decision_outcomes WHERE tenant_id = 'dies'", {}
    )
    assert table.rows == ((8,),)


def _die(progress: Progress) -> None:
    if progress.slices_done == 2:
        raise KeyboardInterrupt


def test_sweep_tells_how_far_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep over years can be watched."""
    monkeypatch.setattr("trainingloop.outcomes._sweep.MOMENTS_A_SLICE", 2)
    for name in ("a", "b", "c", "d"):
        world.decision(name, 0, thread=name)
    told: list[Progress] = []

    sweep(world.store, BUILT_IN, at(1), tenant=world.tenant, on_progress=told.append)

    assert told == [Progress(slices_done=1, slices=2), Progress(slices_done=2, slices=2)]


def test_tenants_are_judged_apart(world: World) -> None:
    """The same thread and decision ids of two tenants have nothing to do with each other."""
    other = World(world.store)
    world.decision("d", 0)
    other.decision("d", 0)
    other.event("inbound", 1)

    world.sweep(2)
    other.sweep(2)

    assert (world.state("customer_replied"), other.state("customer_replied")) == ("pending", "yes")


def test_customer_whose_messages_nobody_reports_is_heard(world: World) -> None:
    """Decisions that know a newer message tell that the customer wrote."""
    world.decision("a", 0, user_messages=1, input_text="where is it")
    world.decision("b", 0.01, user_messages=1, input_text="where is it")
    world.decision("c", 1, user_messages=2, input_text="thanks")

    world.sweep(2)

    assert [row[1] for row in world.rows("customer_replied")] == ["yes", "yes", "pending"]
    assert world.derived() == [("inbound", "a"), ("inbound", "c")]


def test_message_that_two_prompts_see_is_one(world: World) -> None:
    """A classifier beside the agent does not make the customer write twice."""
    for number, words in enumerate(("where is it", "yes", "yes")):
        more = {"user_messages": number + 1, "input_text": words}
        world.decision(f"a{number}", number, prompt_hash="agent", **more)
        world.decision(f"b{number}", number + 0.01, prompt_hash="classifier", **more)

    world.sweep(4)

    assert world.derived() == [("inbound", "a0"), ("inbound", "a1"), ("inbound", "a2")]


def test_reported_message_replaces_the_derived_one(world: World) -> None:
    """A report that comes in later takes back what was derived: one message counts once."""
    world.decision("a", 0, user_messages=1, input_text="hello")
    world.decision("b", 2, user_messages=2, input_text="thanks")
    world.sweep(3)
    before = world.derived()

    world.event("inbound", 1.9, "told", ingested_at=at(4))
    world.sweep(5)

    assert before == [("inbound", "a"), ("inbound", "b")]
    assert world.derived() == [("inbound", "a")]
    assert world.rows("customer_replied")[0] == ("a", "yes", "", 1, ["told"])


@pytest.mark.parametrize("source", ["sdk", "import"])
def test_nothing_is_derived_where_every_message_is_reported(world: World, source: str) -> None:
    """The SDK and imports report whole conversations."""
    world.event("inbound", 0, source=source)
    world.decision("a", 1, user_messages=1, input_text="hello")
    world.decision("b", 2, user_messages=2, input_text="a prompt of its own")

    world.sweep(3)

    assert world.derived() == []


def test_call_of_a_handover_tool_is_an_escalation(world: World) -> None:
    """One handover is one escalation, though it is tried again; case does not matter."""
    world.decision("a", 0, kind="tool_call", tools=("Transfer_To_Human_Agents",))
    world.decision("b", 0.05, kind="tool_call", tools=("transfer_to_human_agents",))

    world.sweep(1)

    assert world.derived() == [("escalation", "a")]
    assert world.rows("escalation_triggered")[0][1] == "yes"


def test_escalation_that_was_reported_is_not_derived(world: World) -> None:
    """The tool's own report of the handover is the event."""
    world.decision("a", 0, kind="tool_call", tools=("escalate",))
    world.event("escalation", 0.02, "told")

    world.sweep(1)

    assert world.derived() == []
    assert world.rows("escalation_triggered") == (("a", "yes", "", 1, ["told"]),)


def test_derived_event_that_went_comes_back(world: World) -> None:
    """A report that is itself taken back leaves the derived event in its place again."""
    world.decision("a", 0, user_messages=1, input_text="hello")
    world.sweep(1)
    world.event("inbound", 0, "told", ingested_at=at(2))
    world.sweep(3)
    gone = world.derived()

    world.event("inbound", 0, "told", version=1, is_deleted=True, ingested_at=at(4))
    world.sweep(5)

    assert (gone, world.derived()) == ([], [("inbound", "a")])


def test_actions_answer_with_what_was_done(world: World) -> None:
    """Whoever asks over HTTP or the command line learns how much was looked at and written."""
    world.decision("d", 0)
    can = outcome_actions(world.store, BUILT_IN, clock=lambda: at(1))

    told = can["outcomes/run"]({"tenant": world.tenant})
    again = can["outcomes/backfill"]({"tenant": world.tenant, "since": "2026-11-01"})

    assert (told["threads"], told["outcomes"]) == (1, 3)
    assert (again["threads"], again["outcomes"]) == (1, 0)


@pytest.mark.parametrize("document", [{"since": "yesterday"}, {"since": 5}, {"tenant": ""}])
def test_actions_refuse_what_they_cannot_read(world: World, document: Mapping[str, object]) -> None:
    """A request that cannot be understood does nothing."""
    can = outcome_actions(world.store, BUILT_IN, clock=lambda: at(1))

    with pytest.raises(BadRequestError):
        can["outcomes/backfill"](document)
