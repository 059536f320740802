"""The SQL says what a plain reading of the rules says, whatever came in, in whatever order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final, cast

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from outcomes.reference import Derived, Matches, Thread, Verdict, derive
from support.histories import Decision, Event, at, nanoseconds, put
from trainingloop.outcomes import sweep
from trainingloop.outcomes.rules import BUILT_IN, ChannelWindow, Rule, Rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.store import Store

_HOUR: Final = 3600
_RULES: Final = Rules(
    rules=(
        *BUILT_IN.rules,
        Rule(
            id="quick_reply",
            title="A message was answered within the hour",
            window=timedelta(hours=24),
            when="event.kind = 'inbound' AND decision.kind = 'message' "
            "AND event.seconds_after < 3600",
        ),
        Rule(
            id="closed",
            title="It was closed",
            window=timedelta(hours=10),
            when="event.kind = 'close' AND event.reason != ''",
            channel_windows=(ChannelWindow(channel="mail", window=timedelta(hours=50)),),
        ),
    ),
    escalation_tools=("escalate*",),
)
_MATCHES: Final[Mapping[str, Matches]] = {
    "customer_replied": lambda event, _: event.kind == "inbound",
    "no_further_inbound": lambda event, _: event.kind == "inbound",
    "escalation_triggered": lambda event, _: event.kind == "escalation",
    "quick_reply": lambda event, decision: (
        event.kind == "inbound"
        and decision.kind == "message"
        and nanoseconds(event.at) - nanoseconds(decision.at) - decision.seconds * 1e9 < 3600e9
    ),
    "closed": lambda event, _: event.kind == "close" and event.reason != "",
}
_ZONES: Final = (UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8)))
# Moments that meet: on the second, and at the very ends of windows.
_SECONDS: Final = st.one_of(
    st.sampled_from([0, 1, 2, 60, 61, 3600, 86400, 86401, 259_200, 259_201]),
    st.integers(0, 90).map(lambda hours: hours * _HOUR),
    st.integers(0, 90 * _HOUR),
)
_THREADS: Final = st.sampled_from([("acme", "a"), ("acme", "b"), ("globex", "a")])


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What there is, when it comes in, and when it is swept."""

    rows: tuple[Decision | Event, ...]
    arrivals: tuple[int, ...]
    """With which sweep each row comes in."""
    duplicates: tuple[int, ...]
    """Rows that come in once more with the last sweep."""
    clocks: tuple[datetime, ...]
    """What the clock says at each sweep; it may have jumped."""


@st.composite
def _moments(draw: st.DrawFn) -> datetime:
    return at(0).astimezone(draw(st.sampled_from(_ZONES))) + timedelta(seconds=draw(_SECONDS))


@st.composite
def _decisions(draw: st.DrawFn) -> Decision:
    tenant, thread = draw(_THREADS)
    return Decision(
        id="",
        tenant=tenant,
        thread=thread,
        at=draw(_moments()),
        seconds=draw(st.sampled_from([0, 0.25, 1, 60, 7200])),
        kind=draw(st.sampled_from(["message", "message", "tool_call", "playbook"])),
        channel=draw(st.sampled_from(["chat", "mail"])),
        prompt_hash=draw(st.sampled_from(["p", "q"])),
        user_messages=draw(st.integers(0, 3)),
        input_text=draw(st.sampled_from(["", "yes", "no", "where is it"])),
        tools=draw(st.sampled_from([(), (), (), ("search", "escalate_now")])),
    )


@st.composite
def _events(draw: st.DrawFn) -> Event:
    tenant, thread = draw(_THREADS)
    kind = draw(st.sampled_from(["inbound", "inbound", "escalation", "close", "outcome"]))
    is_outcome, is_close = kind == "outcome", kind == "close"
    reasons = ["", "resolved", "not resolved", "auto timeout", "Customer left", "by a HUMAN"]
    return Event(
        id="",
        kind=kind,
        tenant=tenant,
        thread=thread,
        at=draw(_moments()),
        reason=draw(st.sampled_from(reasons)) if is_close else "",
        outcome=draw(st.sampled_from(["paid", "rated"])) if is_outcome else "",
        value=draw(st.sampled_from(["yes", "no", "perhaps"])) if is_outcome else "",
        decision_id=draw(st.sampled_from(["", "0", "1", "nobody"])) if is_outcome else "",
        source=draw(st.sampled_from(["otlp", "otlp", "api", "sdk"])),
    )


@st.composite
def _histories(draw: st.DrawFn) -> History:
    drawn = draw(st.lists(st.one_of(_decisions(), _events()), min_size=1, max_size=14))
    rows = tuple(replace(row, id=str(number)) for number, row in enumerate(drawn))
    hours = draw(st.lists(st.integers(0, 200), max_size=3))
    last = draw(st.sampled_from([30, 100, 170, 1000]))
    return History(
        rows=rows,
        arrivals=tuple(draw(st.integers(0, len(hours))) for _ in rows),
        duplicates=tuple(draw(st.lists(st.integers(0, len(rows) - 1), max_size=3))),
        clocks=tuple(at(hour) for hour in (*hours, last)),
    )


def _sweep_all(store: Store, history: History) -> None:
    """Let rows in as they come, and sweep after each batch."""
    for number, clock in enumerate(history.clocks):
        is_last = number == len(history.clocks) - 1
        batch = [
            row
            for place, row in enumerate(history.rows)
            if _arrival(history, place) == number or (is_last and place in history.duplicates)
        ]
        put(store, [replace(row, ingested_at=clock) for row in batch])
        sweep(store, _RULES, clock)


def _arrival(history: History, place: int) -> int:
    """With which sweep a row comes in: nothing is taken in that is a day ahead of the clock."""
    row, wanted = history.rows[place], history.arrivals[place]
    for number in range(wanted, len(history.clocks)):
        if row.at <= history.clocks[number] + timedelta(hours=23):
            return number
    return len(history.clocks) - 1


def _clear(store: Store) -> None:
    for table in ("decisions", "conversation_events", "decision_outcomes", "outcome_sweeps"):
        store.execute(f"TRUNCATE TABLE {table}", {})


def _stored(store: Store) -> dict[tuple[str, str, str], Verdict]:
    table = store.execute(
        "SELECT tenant_id, rule_id, decision_id, state, ending, is_attributed, event_ids, "
        "toUnixTimestamp64Nano(event_at), toUnixTimestamp64Milli(matures_at) "
        "FROM decision_outcomes",
        {},
    )
    rows = cast("list[tuple[str, str, str, str, str, int, list[str], int | None, int]]", table.rows)
    return {
        (tenant, rule, decision): Verdict(
            state=state,
            ending=ending,
            is_attributed=bool(is_attributed),
            event_ids=tuple(event_ids),
            event_at=event_at,
            matures_at=matures_at,
        )
        for (
            tenant, rule, decision, state, ending, is_attributed, event_ids, event_at, matures_at,
        ) in rows
    }  # fmt: skip


def _stored_derived(store: Store) -> dict[Derived, str]:
    """Each derived event with the id it got."""
    table = store.execute(
        "SELECT event_id, event_kind, tenant_id, thread_id, decision_id, "
        "toUnixTimestamp64Nano(occurred_at) FROM conversation_events WHERE source = 'derived'",
        {},
    )
    rows = cast("list[tuple[str, str, str, str, str, int]]", table.rows)
    return {
        Derived(kind=kind, tenant=tenant, thread=thread, decision_id=decision, at=moment): event_id
        for event_id, kind, tenant, thread, decision, moment in rows
    }


def _threads(rows: Sequence[Decision | Event]) -> list[tuple[list[Decision], list[Event]]]:
    keys = sorted({(row.tenant, row.thread) for row in rows})
    return [
        (
            [row for row in rows if isinstance(row, Decision) and (row.tenant, row.thread) == key],
            [row for row in rows if isinstance(row, Event) and (row.tenant, row.thread) == key],
        )
        for key in keys
    ]


def _expected(
    history: History, derived: Mapping[Derived, str]
) -> dict[tuple[str, str, str], Verdict]:
    now = nanoseconds(history.clocks[-1])
    found: dict[tuple[str, str, str], Verdict] = {}
    for decisions, reported in _threads(history.rows):
        ids = {decision.id for decision in decisions}
        events = [
            *reported,
            *(_event(each, derived) for each in derived if each.decision_id in ids),
        ]
        thread = Thread(decisions, events, now)
        for decision in decisions:
            for rule in _RULES.rules:
                verdict = thread.verdict(decision, rule, _MATCHES[rule.id])
                found[decision.tenant, rule.id, decision.id] = verdict
        for (name, decision_id), verdict in thread.reported(_RULES.reported).items():
            found[decisions[0].tenant, name, decision_id] = verdict
    return found


def _event(derived: Derived, ids: Mapping[Derived, str]) -> Event:
    moment = at(0) + timedelta(microseconds=(derived.at - nanoseconds(at(0))) // 1000)
    return Event(
        id=ids[derived],
        kind=derived.kind,
        at=moment,
        thread=derived.thread,
        tenant=derived.tenant,
        source="derived",
    )


@settings(
    max_examples=25,
    deadline=None,
    # A history is small as it is, and a try takes a fifth of a second.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=_histories())
def test_sql_agrees_with_the_reference(store: Store, history: History) -> None:
    """Late, doubled, out of order, in any time zone and with a clock that jumps.

    The last of all sweeps leaves what one look at everything would have found.
    """
    _clear(store)

    _sweep_all(store, history)

    derived = _stored_derived(store)
    assert set(derived) == {each for thread in _threads(history.rows) for each in derive(*thread)}
    assert _stored(store) == _expected(history, derived)
