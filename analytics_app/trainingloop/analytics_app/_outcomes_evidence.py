"""The decisions behind a rate, and the messages each outcome rests on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from trainingloop.analytics_app import _draw, _markup
from trainingloop.analytics_app import _outcomes_look as looks
from trainingloop.analytics_app._cached import CachedReads
from trainingloop.analytics_app._format import counted, moment
from trainingloop.analytics_app._outcomes_page import jump, query
from trainingloop.analytics_app._outcomes_records import NO_FURTHER_INBOUND
from trainingloop.analytics_app._outcomes_words import (
    ENDINGS,
    STATES,
    ending_badge,
    event_text,
    state_badge,
)
from trainingloop.analytics_app._view import (
    CONVERSATION,
    DECISION,
    FOCUS_DECISION,
    FOCUS_EVENT,
    PAGE_NUMBER,
    script,
)
from trainingloop.outcomes import explain

if TYPE_CHECKING:
    from trainingloop.analytics_app._outcomes_page import Page
    from trainingloop.analytics_app._outcomes_records import Evidence, Outcome
    from trainingloop.analytics_app._view import View

ROWS: Final = 10
_KEY: Final = "outcomes.evidence."
_PREVIEW_CHARACTERS: Final = 160


def evidence(page: Page) -> None:
    """The list of decisions that the rate, a version, a day or a state leaves."""
    st.subheader("Decisions and their evidence", anchor=False)
    look, question = page.look, page.look.narrowed(page.question)
    _controls(page)
    total = page.outcomes.evidence_count(question, state=look.state, ending=look.ending)
    if not total:
        st.info("No decision matches.", icon=":material/filter_alt_off:")
        return
    pages = -(-total // ROWS)
    number = _number(pages)
    st.caption(f"{counted(total, 'decision')}, the newest first. Times are UTC.")
    for each in page.outcomes.evidence(
        question, state=look.state, ending=look.ending, number=number, rows=ROWS
    ):
        _row(page, each)
    if pages > 1:
        key = f"{_KEY}page.{number}.{pages}"
        st.pagination(pages, default=number, key=key, on_change=_turned, args=(key,))


def _links(view: View, outcome: Outcome) -> None:
    """The way to the very messages an outcome rests on."""
    focus = {FOCUS_DECISION: outcome.decision_id}
    if outcome.event_ids:
        focus[FOCUS_EVENT] = outcome.event_ids[0]
    st.page_link(
        script("conversation"),
        label="In the conversation",
        icon=":material/forum:",
        query_params=view.query(**{CONVERSATION: outcome.thread_id, **focus}),
    )


def _row(page: Page, each: Evidence) -> None:
    view, outcome = page.view, each.outcome
    with st.container(border=True, gap="xxsmall"):
        _draw.html(
            state_badge(outcome),
            ending_badge(outcome.ending),
            _markup.inline(" · ".join(filter(None, (moment(outcome.decided_at), outcome.cohort)))),
        )
        _draw.html(
            _said("Customer", each.input_preview),
            _said("Assistant", each.output_preview or _did(each)),
        )
        _draw.html(*(_markup.muted(event_text(e, outcome.decided_at)) for e in each.events))
        if page.look.why == outcome.decision_id:
            _why(page, outcome)
        with st.container(horizontal=True, vertical_alignment="center"):
            _links(view, outcome)
            st.page_link(
                script("decision"),
                label="Decision",
                icon=":material/rule:",
                query_params=view.query(**{DECISION: outcome.decision_id}),
            )
            if page.look.why != outcome.decision_id:
                target = {**st.query_params.to_dict(), looks.WHY: outcome.decision_id}
                jump("Why?", ":material/help:", target, key=f"{_KEY}why.{outcome.decision_id}")


def _why(page: Page, outcome: Outcome) -> None:
    """The whole reason in sentences: asked for, because it takes some reads for each decision."""
    told = explain(CachedReads(page.view.tenant), outcome.decision_id, page.as_of, page.rules)
    for each in told.outcomes:
        if each.rule_id == outcome.rule_id:
            _draw.html(*(_markup.muted(sentence) for sentence in each.sentences))


def _said(who: str, text: str) -> str:
    short = text if len(text) <= _PREVIEW_CHARACTERS else f"{text[:_PREVIEW_CHARACTERS]}…"
    return _markup.literal(f"{who}: {short}") if text else ""


def _did(each: Evidence) -> str:
    return ", ".join(f"{name}()" for name in each.tool_names)


def _controls(page: Page) -> None:
    look = page.look
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _select("Known", looks.STATE, {"": "All", **STATES}, look.state)
        if page.rule.rule_id == NO_FURTHER_INBOUND:
            _select("Ended", looks.ENDING, {"": "In any way", **ENDINGS}, look.ending)
        if look.is_narrowed:
            only = " · ".join(
                part
                for part in (
                    looks.PARTS[look.part] + " " + look.version if look.version else "",
                    look.version_number,
                    f"{'week from' if look.step == 'week' else 'day'} {look.day}"
                    if look.day
                    else "",
                )
                if part
            )
            _draw.html(_markup.badge(f"Only {only}", "blue"))
            jump("All of them", ":material/filter_alt_off:", query(page), key=f"{_KEY}all")


def _select(label: str, name: str, options: dict[str, str], chosen: str) -> None:
    key = f"{_KEY}{name}"
    st.session_state[key] = chosen
    st.selectbox(
        label,
        list(options),
        format_func=lambda value: options[value],
        key=key,
        on_change=partial(_selected, name, key),
        width=240,
    )


def _selected(name: str, key: str) -> None:
    st.query_params.pop(PAGE_NUMBER, None)
    chosen = str(st.session_state[key])
    if chosen:
        st.query_params[name] = chosen
    else:
        st.query_params.pop(name, None)


def _number(pages: int) -> int:
    asked = st.query_params.get(PAGE_NUMBER, "1")
    return min(max(int(asked), 1), pages) if asked.isdecimal() else 1


def _turned(key: str) -> None:
    st.query_params[PAGE_NUMBER] = str(st.session_state[key])
