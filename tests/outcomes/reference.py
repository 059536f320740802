"""What outcomes mean, in plain Python: slow, simple, and written apart from the SQL.

Times are nanoseconds since 1970. A history is small, so everything is a loop over all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias

from support.histories import Decision, Event, nanoseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trainingloop.outcomes.rules import Rule

SECOND: Final = 1_000_000_000
_MILLISECOND: Final = 1_000_000
_AROUND: Final = 300 * SECOND

Matches: TypeAlias = "Callable[[Event, Decision], bool]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of one decision by one rule."""

    state: str
    ending: str
    is_attributed: bool
    event_ids: tuple[str, ...]
    event_at: int | None
    matures_at: int
    """Milliseconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """An event that nobody reported."""

    kind: str
    tenant: str
    thread: str
    decision_id: str
    at: int


def end_of(decision: Decision) -> int:
    """When a decision ended."""
    return nanoseconds(decision.at) + int(decision.seconds * SECOND)


def after(decision: Decision) -> int:
    """What happens later than this comes after the decision."""
    return max(nanoseconds(decision.at), end_of(decision) - SECOND)


def last_of(decisions: Iterable[Decision]) -> Decision | None:
    """The AI decision that comes last on the line of time."""
    own = [each for each in decisions if each.kind in ("message", "tool_call")]
    return max(own, key=_order, default=None)


def _order(decision: Decision) -> tuple[int, int, str]:
    return after(decision), nanoseconds(decision.at), decision.id


class Thread:
    """The decisions and events of one thread, as of one moment."""

    def __init__(self, decisions: Sequence[Decision], events: Sequence[Event], now: int) -> None:
        self.decisions = decisions
        self.events = sorted(
            (event for event in events if nanoseconds(event.at) <= now),
            key=lambda event: (nanoseconds(event.at), event.id),
        )
        self.now = now

    def verdict(self, decision: Decision, rule: Rule, matches: Matches) -> Verdict:
        """What came of ``decision`` by ``rule``."""
        window = int(rule.window_on(decision.channel).total_seconds()) * SECOND
        matures_ms = -(-(end_of(decision) + window) // _MILLISECOND)
        until = matures_ms * _MILLISECOND
        found = next(
            (event for event in self._between(after(decision), until) if matches(event, decision)),
            None,
        )
        is_over = matures_ms <= self.now // _MILLISECOND
        if found:
            state = "no" if rule.is_absence else "yes"
        elif is_over:
            state = "yes" if rule.is_absence else "no"
        else:
            state = "pending"
        has_ending = rule.id == "no_further_inbound" and state == "yes"
        return Verdict(
            state=state,
            ending=self._ending(decision, until) if has_ending else "",
            is_attributed=self._is_attributed(decision, found, until),
            event_ids=(found.id,) if found else (),
            event_at=nanoseconds(found.at) if found else None,
            matures_at=matures_ms,
        )

    def _between(self, lower: int, upper: int, kind: str = "") -> list[Event]:
        return [
            event
            for event in self.events
            if lower < nanoseconds(event.at) <= upper and kind in ("", event.kind)
        ]

    def _is_attributed(self, decision: Decision, found: Event | None, until: int) -> bool:
        """Whether no later AI decision stands between this one and what came of it."""
        if found:
            turn_ends = nanoseconds(found.at)
        else:
            inbound = self._between(after(decision), until, "inbound")
            turn_ends = nanoseconds(inbound[0].at) if inbound else until
        before = [each for each in self.decisions if after(each) < turn_ends]
        return last_of([*before, decision]) == decision and decision.kind != "playbook"

    def _ending(self, decision: Decision, until: int) -> str:
        how, ended = "", until
        closes = self._between(after(decision), until, "close")
        earlier = [event for event in self.events if nanoseconds(event.at) <= after(decision)]
        since_inbound = [
            event
            for event in earlier
            if event.kind == "close"
            and not any(
                other.kind == "inbound" and nanoseconds(other.at) >= nanoseconds(event.at)
                for other in earlier
            )
        ]
        if closes:
            how, ended = _closing(closes[0]), nanoseconds(closes[0].at)
        elif since_inbound:
            how, ended = _closing(since_inbound[-1]), after(decision)
        if how in ("timed_out", "customer_left"):
            return how
        window = until - after(decision)
        if self._between(after(decision) - window - 1, ended, "escalation"):
            return "resolved_by_human"
        return how or "unknown"

    def reported(self, rule_of: Callable[[str], Rule]) -> dict[tuple[str, str], Verdict]:
        """What was reported by name, by name and decision: the newest report holds."""
        found: dict[tuple[str, str], Verdict] = {}
        for event in self.events:
            if event.kind != "outcome" or event.value not in ("yes", "no"):
                continue
            decision = next(
                (each for each in self.decisions if each.id == event.decision_id),
                last_of(each for each in self.decisions if after(each) < nanoseconds(event.at)),
            )
            if decision is None:
                continue
            window = int(rule_of(event.outcome).window.total_seconds()) * SECOND
            matures_ms = -(-(end_of(decision) + window) // _MILLISECOND)
            if nanoseconds(event.at) <= matures_ms * _MILLISECOND:
                found[event.outcome, decision.id] = Verdict(
                    state=event.value,
                    ending="",
                    is_attributed=True,
                    event_ids=(event.id,),
                    event_at=nanoseconds(event.at),
                    matures_at=matures_ms,
                )
        return found


def _closing(event: Event) -> str:
    """How a close says that it ended; the words a test uses."""
    words = f"{event.reason} {event.target}".lower()
    for pattern, ending in (
        ("timeout|auto", "timed_out"),
        ("left|abandoned", "customer_left"),
        ("human", "resolved_by_human"),
        ("not resolved", "unknown"),
        ("resolved", "resolved_by_assistant"),
    ):
        if re.search(pattern, words):
            return ending
    return "unknown"


def derive(decisions: Sequence[Decision], reported: Sequence[Event]) -> set[Derived]:
    """The events of one thread that nobody reported."""
    return {*_inbound(decisions, reported), *_escalations(decisions, reported)}


def _inbound(decisions: Sequence[Decision], reported: Sequence[Event]) -> Iterable[Derived]:
    told = [event for event in reported if event.kind == "inbound"]
    if any(event.source in ("sdk", "import") for event in told):
        return
    messages: dict[tuple[str, int], list[Decision]] = {}
    is_told: dict[tuple[str, int], bool] = {}
    for decision, nth, since in _new_words(decisions):
        key = (decision.input_text, nth)
        messages.setdefault(key, []).append(decision)
        until = nanoseconds(decision.at) + SECOND
        before = [event for event in told if nanoseconds(event.at) <= until]
        is_in_gap = any(since is None or nanoseconds(event.at) > since for event in before)
        is_told[key] = is_told.get(key, False) or is_in_gap
    for key, seen in messages.items():
        first = min(seen, key=lambda each: (each.at, each.id))
        if not is_told[key]:
            yield Derived(
                kind="inbound",
                tenant=first.tenant,
                thread=first.thread,
                decision_id=first.id,
                at=nanoseconds(first.at),
            )


def _new_words(decisions: Sequence[Decision]) -> Iterable[tuple[Decision, int, int | None]]:
    """Each decision that saw a new message: which of those with its words, reported since when."""
    lanes = sorted(
        (each for each in decisions if each.kind != "playbook" and each.user_messages),
        key=lambda each: (each.prompt_hash, each.at, each.id),
    )
    for _, lane in groupby(lanes, key=lambda each: each.prompt_hash):
        seen: list[Decision] = []
        times: dict[str, int] = {}
        for decision in lane:
            words, last = decision.input_text, seen[-1] if seen else None
            is_new = (
                last is None
                or decision.user_messages > max(each.user_messages for each in seen)
                or words not in {each.input_text for each in seen}
                or (words != last.input_text and decision.user_messages >= last.user_messages)
            )
            seen.append(decision)
            if is_new:
                times[words] = times.get(words, 0) + 1
                yield decision, times[words], nanoseconds(last.at) + SECOND if last else None


def _escalations(decisions: Sequence[Decision], reported: Sequence[Event]) -> Iterable[Derived]:
    told = [nanoseconds(event.at) for event in reported if event.kind == "escalation"]
    last: int | None = None
    calls = [each for each in decisions if any("escalate" in tool for tool in each.tools)]
    for decision in sorted(calls, key=lambda each: (_called(each), each.id)):
        at = _called(decision)
        is_repeated = last is not None and at - last <= _AROUND
        last = at
        if not is_repeated and not any(abs(at - each) <= _AROUND for each in told):
            yield Derived(
                kind="escalation",
                tenant=decision.tenant,
                thread=decision.thread,
                decision_id=decision.id,
                at=at,
            )


def _called(decision: Decision) -> int:
    return max(end_of(decision), nanoseconds(decision.at) + 1000)
