"""Outcomes on the pages of decisions and conversations."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from trainingloop.analytics_app import _draw, _markup
from trainingloop.analytics_app._cached import CachedReads
from trainingloop.analytics_app._outcomes import Outcomes
from trainingloop.analytics_app._outcomes_records import NO_FURTHER_INBOUND
from trainingloop.analytics_app._outcomes_words import (
    STATES,
    ending_badge,
    rule_named,
    state_badge,
    state_text,
    tone_of,
)
from trainingloop.analytics_app._timeline import Decided, Happened, Said
from trainingloop.analytics_app._view import (
    CONVERSATION,
    FOCUS_DECISION,
    FOCUS_EVENT,
    script,
)
from trainingloop.outcomes import explain
from trainingloop.outcomes.rules import rules_from_environment

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from trainingloop.analytics_app._outcomes_records import Outcome
    from trainingloop.analytics_app._records import DecisionDetail, Thread
    from trainingloop.analytics_app._timeline import Item
    from trainingloop.analytics_app._view import View
    from trainingloop.outcomes.rules import Rules

_SCROLL: Final = """<script>
(() => {
  const look = (tries) => {
    const focus = document.querySelector('[class*="st-key-focus-"]');
    if (focus) focus.scrollIntoView({block: 'center'});
    if (tries > 0) setTimeout(() => look(tries - 1), 150);
  };
  look(8);
})();
</script>"""
"""Fixed text: what is recorded never comes near it. Pages grow for a moment after they ran."""


def outcomes_of(view: View) -> Outcomes:
    """What came of the decisions that ``view`` shows."""
    return Outcomes(CachedReads(view.tenant))


def choices(view: View) -> Mapping[str, str]:
    """What decisions can be chosen by: each rule with each state, by its value in the address."""
    rules = rules_from_environment()
    return {
        f"{seen.rule_id}:{state}": f"{rule_named(rules, seen.rule_id).title}: {word.lower()}"
        for seen in outcomes_of(view).rules(view.period)
        for state, word in STATES.items()
    }


def listed(view: View, decisions: pd.DataFrame) -> pd.DataFrame:
    """``decisions`` with what is known to have come of each."""
    ids = [str(name) for name in decisions["decision_id"]]
    decided = dict(zip(ids, decisions["occurred_at"], strict=True))
    known = outcomes_of(view).known_of(decided)
    outcomes = pd.Series([list(known.get(name, ())) for name in ids], dtype=object)
    return decisions.assign(outcomes=outcomes)


def happened_next(view: View, decision: DecisionDetail) -> None:
    """What came of one decision, each outcome with its reason and the way to its evidence."""
    st.subheader("What happened next", anchor=False)
    rules = rules_from_environment()
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    told = explain(CachedReads(view.tenant), decision.decision_id, now, rules)
    outcomes = {
        each.rule_id: each
        for each in outcomes_of(view).of_decision(decision.decision_id, decision.occurred_at)
    }
    if told.note:
        st.caption(told.note)
    for each in told.outcomes:
        with st.container(border=True, gap="xxsmall"):
            outcome = outcomes.get(each.rule_id)
            _draw.html(
                _markup.strong(f"{each.title} "),
                state_badge(outcome) if outcome else "",
                ending_badge(each.ending),
                *(_markup.muted(sentence) for sentence in each.sentences),
            )
            for found in each.evidence:
                _to_message(view, decision, found.event_id)


def _to_message(view: View, decision: DecisionDetail, event_id: str) -> None:
    focus = {FOCUS_DECISION: decision.decision_id, FOCUS_EVENT: event_id}
    st.page_link(
        script("conversation"),
        label="In the conversation",
        icon=":material/forum:",
        query_params=view.query(**{CONVERSATION: decision.thread_id, **focus}),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of the decisions of one conversation."""

    rules: Rules
    by_decision: Mapping[str, tuple[Outcome, ...]]

    def badges(self, decision_id: str) -> str:
        """What came of one decision, as pills; only what speaks for it and not for a later one."""
        spoken = (each for each in self.by_decision.get(decision_id, ()) if each.is_attributed)
        return "".join(
            _markup.badge(
                f"{rule_named(self.rules, each.rule_id).title}: {state_text(each)}", tone_of(each)
            )
            for each in spoken
        )

    @property
    def ending(self) -> str:
        """How the conversation ended, or "" while it is not known to have."""
        outcomes = [each for found in self.by_decision.values() for each in found]
        silences = [each for each in outcomes if each.rule_id == NO_FURTHER_INBOUND]
        last = max(silences, key=lambda each: each.decided_at, default=None)
        return last.ending if last and last.state == "yes" else ""


def came_of(view: View, thread: Thread) -> Came:
    """What came of the decisions of ``thread``."""
    times = [decision.occurred_at for decision in thread.decisions]
    outcomes: Sequence[Outcome] = (
        outcomes_of(view).of_thread(thread.thread_id, first_at=min(times), last_at=max(times))
        if times
        else ()
    )
    by_decision: dict[str, tuple[Outcome, ...]] = {}
    for each in outcomes:
        by_decision[each.decision_id] = (*by_decision.get(each.decision_id, ()), each)
    return Came(rules=rules_from_environment(), by_decision=by_decision)


def ended(came: Came) -> None:
    """How a conversation ended, where it is known."""
    if came.ending:
        _draw.html(_markup.inline("Ended: "), ending_badge(came.ending))


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """What of a conversation somebody was sent to."""

    decision: str
    event: str

    def keys(self, items: Sequence[Item]) -> Mapping[int, str]:
        """By its place in ``items``, the key of each container that sets something apart."""
        found: dict[str, int] = {}
        for place, item in enumerate(items):
            if key := self._key(item):
                # A key can be on a page once: the first of what says it is the same counts.
                found.setdefault(key, place)
        return {place: key for key, place in found.items()}

    def _key(self, item: Item) -> str:
        match item:
            case Said(event_id=event_id) if event_id and event_id == self.event:
                return "focus-event"
            case Happened(event=event) if event.event_id and event.event_id == self.event:
                return "focus-event"
            case Decided(decision=decision) if decision.decision_id == self.decision:
                return "focus-decision"
            case _:
                return ""


def asked_focus() -> Focus:
    """What the address asks for."""
    return Focus(
        decision=st.query_params.get(FOCUS_DECISION, ""),
        event=st.query_params.get(FOCUS_EVENT, ""),
    )


@contextlib.contextmanager
def set_apart(key: str | None) -> Generator[None]:
    """Draw what is inside as what somebody was sent to; without a key as anything else."""
    if not key:
        yield
        return
    with st.container(key=key):
        yield


def scroll_to_focus() -> None:
    """Bring what is set apart into sight."""
    st.html(_SCROLL, unsafe_allow_javascript=True)
