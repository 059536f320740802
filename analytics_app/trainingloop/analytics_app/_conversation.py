"""The parts of the Conversation page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import streamlit as st

from trainingloop.analytics_app import _draw, _markup, _outcomes_parts, _tables, _vote
from trainingloop.analytics_app._format import clock, counted, duration, moment, pause
from trainingloop.analytics_app._messages import rule_checks
from trainingloop.analytics_app._timeline import Decided, Happened, Pause, Ran, Said, timeline
from trainingloop.analytics_app._view import DECISION, script

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.analytics_app._feedback import Vote
    from trainingloop.analytics_app._outcomes_parts import Came
    from trainingloop.analytics_app._records import Thread, ThreadDecision, ThreadEvent
    from trainingloop.analytics_app._timeline import Item
    from trainingloop.analytics_app._view import View

_MOST_THREADS: Final = 200
_ITEMS_PAGE: Final = 200
_EVENTS: Final[dict[str, tuple[str, str, _markup.Tone]]] = {
    "escalation": ("Handed to a human", ":material/support_agent:", "amber"),
    "close": ("Conversation closed", ":material/check_circle:", "green"),
    "outcome": ("Reported", ":material/flag:", "blue"),
}


def recent(view: View) -> str:
    """The conversations of the time range; return the id of the one that was clicked, or ""."""
    threads = view.decisions.threads(view.period, most=_MOST_THREADS)
    if threads.empty:
        st.info("There is no conversation in this time range.", icon=":material/event_busy:")
        return ""
    most = "The most recent " if len(threads) == _MOST_THREADS else ""
    st.caption(f"{most}{counted(len(threads), 'conversation')}. Click a row to open it.")
    return _tables.thread_table(threads, view)


def header(thread: Thread) -> None:
    """How long it is, on which channel, and with whom."""
    all_of_it: list[ThreadDecision | ThreadEvent] = [*thread.decisions, *thread.events]
    times = [each.occurred_at for each in all_of_it]
    channels = sorted({each.channel for each in all_of_it} - {""})
    customers = sorted({each.customer for each in thread.decisions} - {""})
    cohorts = sorted({each.cohort for each in thread.decisions} - {""})
    told = [counted(len(thread.decisions), "decision")]
    if times:
        lasted = max(times) - min(times)
        told.append(f"{moment(min(times))} UTC")
        told += [f"over {pause(lasted)}"] if lasted >= timedelta(minutes=1) else []
    _draw.html(
        *(_markup.badge(channel, "blue") for channel in channels),
        *(_markup.badge(cohort) for cohort in cohorts),
        _markup.inline(" · ".join([*told, *customers])),
    )
    st.code(thread.thread_id, language=None, width="content")


def story(view: View, thread: Thread) -> None:
    """Everything that happened, in its order."""
    items = timeline(thread)
    votes = _vote.votes_of(view).of_thread(thread.thread_id)
    came = _outcomes_parts.came_of(view, thread)
    _outcomes_parts.ended(came)
    focus = _outcomes_parts.asked_focus().keys(items)
    pages, first = -(-len(items) // _ITEMS_PAGE), min(focus, default=0) // _ITEMS_PAGE + 1
    number = st.pagination(pages, default=first, key="conversation.page") if pages > 1 else 1
    start = (number - 1) * _ITEMS_PAGE
    for place, item in enumerate(items[start : start + _ITEMS_PAGE], start):
        with _outcomes_parts.set_apart(focus.get(place)):
            happening(view, item, votes, came)
    if focus:
        _outcomes_parts.scroll_to_focus()


def happening(
    view: View,
    item: Item,
    votes: Mapping[str, tuple[Vote, ...]] | None = None,
    came: Came | None = None,
) -> None:
    """One thing that happened; an answer with its thumbs and outcomes, where they are given."""
    match item:
        case Pause(text=text):
            _draw.html(_markup.gap(text))
        case Said():
            _said(item)
        case Decided():
            _decided(view, item, votes, came)
        case Ran(call=call):
            _draw.tool_call(call)
        case Happened(event=event):
            _happened(event)


def _said(item: Said) -> None:
    note = " · as the assistant knew it" if item.is_derived else ""
    with st.chat_message("user", avatar=":material/person:"):
        _draw.html(_markup.muted(f"Customer · {clock(item.at)}{note}"))
        _draw.html(_markup.literal(item.text) if item.text else _markup.muted("(no text recorded)"))


def _decided(
    view: View,
    item: Decided,
    votes: Mapping[str, tuple[Vote, ...]] | None,
    came: Came | None,
) -> None:
    decision = item.decision
    with st.chat_message("assistant", avatar=":material/smart_toy:"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="top"
        ):
            _draw.html(_markup.kind_badge(decision.kind), _failure(decision), _about(decision))
            st.page_link(
                script("decision"),
                label="Open",
                icon=":material/open_in_full:",
                query_params=view.query(**{DECISION: decision.decision_id}),
            )
        if decision.output_text:
            _draw.html(_markup.literal(decision.output_text))
        for call in item.calls:
            _draw.tool_call(call)
        _draw.rules(rule_checks(decision.playbook_rules))
        if decision.reason:
            _draw.html(_markup.muted(decision.reason))
        if came:
            _draw.html(came.badges(decision.decision_id))
        if votes is not None and decision.kind != "playbook":
            votable = _vote.Votable(
                tenant=view.tenant, decision_id=decision.decision_id, answer=decision.output_text
            )
            _vote.thumbs(votable, votes.get(decision.decision_id, ()), key="conversation.vote")


def _failure(decision: ThreadDecision) -> str:
    if decision.status != "error":
        return ""
    return _markup.badge(decision.error_type or "error", "red")


def _about(decision: ThreadDecision) -> str:
    parts = (
        clock(decision.occurred_at),
        decision.model or decision.playbook,
        duration(decision.duration_ms),
    )
    return _markup.inline(" · ".join(part for part in parts if part))


def _happened(event: ThreadEvent) -> None:
    title, icon, tone = _EVENTS.get(event.kind, (event.kind, ":material/flag:", "gray"))
    reported = f"{event.outcome}: {event.value}".strip(": ")
    parts = (event.target, event.reason, reported, event.text)
    told = " · ".join(part for part in parts if part)
    source = " · concluded from what the assistant did" if event.is_derived else ""
    with st.chat_message(event.kind, avatar=icon):
        _draw.html(
            _markup.badge(title, tone),
            _markup.inline(clock(event.occurred_at) + source),
            _markup.literal(told) if told else "",
        )
