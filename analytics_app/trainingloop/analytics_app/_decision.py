"""The parts of the Decision page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from trainingloop.analytics_app import _draw, _markup, _vote
from trainingloop.analytics_app._format import count, counted, duration, moment
from trainingloop.analytics_app._messages import (
    chat_messages,
    entity_counts,
    offered_tools,
    rule_checks,
    system_prompt,
)
from trainingloop.analytics_app._view import CONVERSATION, DECISION, script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.analytics_app._messages import ChatMessage
    from trainingloop.analytics_app._records import DecisionDetail, ToolCall
    from trainingloop.analytics_app._view import View

_SYSTEM_ROLES: Final = frozenset({"system", "developer"})


def header(view: View, decision: DecisionDetail) -> None:
    """What it is, when it was, and the way to its neighbours."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.header("Decision", anchor=False, width="content")
        _neighbours(view, decision)
    state = (
        _markup.badge(decision.error_type or "error", "red")
        if decision.status == "error"
        else _markup.badge("ok", "green")
    )
    tokens = f"{count(decision.input_tokens)} tokens in, {count(decision.output_tokens)} out"
    told = (
        f"{moment(decision.occurred_at)} UTC",
        decision.model,
        duration(decision.duration_ms),
        tokens if decision.input_tokens or decision.output_tokens else "",
    )
    _draw.html(
        _markup.kind_badge(decision.kind),
        state,
        _markup.inline(" · ".join(part for part in told if part)),
    )
    st.code(decision.decision_id, language=None, width="content")


def _neighbours(view: View, decision: DecisionDetail) -> None:
    thread = view.decisions.thread(decision.thread_id)
    ids = [each.decision_id for each in thread.decisions] if thread else []
    here = ids.index(decision.decision_id) if decision.decision_id in ids else -1
    before = ids[here - 1] if here > 0 else ""
    after = ids[here + 1] if 0 <= here < len(ids) - 1 else ""
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        if here >= 0:
            st.caption(f"{here + 1} of {len(ids)}", width="content")
        _step(view, "Previous", ":material/chevron_left:", before)
        _step(view, "Next", ":material/chevron_right:", after)
        st.page_link(
            script("conversation"),
            label="Conversation" if decision.has_conversation else "Trace",
            icon=":material/forum:",
            query_params=view.query(**{CONVERSATION: decision.thread_id}),
        )


def _step(view: View, label: str, icon: str, decision_id: str) -> None:
    st.page_link(
        script("decision"),
        label=label,
        icon=icon,
        query_params=view.query(**{DECISION: decision_id}),
        disabled=not decision_id,
    )


def failure(decision: DecisionDetail) -> None:
    """How it failed, when it did."""
    if decision.status != "error":
        return
    with st.container(border=True):
        _draw.html(_markup.badge(decision.error_type or "error", "red"))
        if decision.status_message:
            _draw.html(_markup.literal(decision.status_message))


def did(decision: DecisionDetail, calls: Sequence[ToolCall]) -> None:
    """Its text, the tools it called, and what came of them."""
    st.subheader("What it did", anchor=False)
    answer = _without_calls(chat_messages(decision.output_messages), calls)
    for message in answer:
        _draw.chat_message(message)
    if not answer and decision.output_text:
        _draw.html(_markup.literal(decision.output_text))
    for call in calls:
        _draw.tool_call(call)
    checks = rule_checks(decision.playbook_rules)
    if checks:
        _draw.rules(checks)
    if decision.reason:
        st.caption("Reason")
        _draw.html(_markup.literal(decision.reason))
    if not (answer or decision.output_text or calls or checks or decision.reason):
        st.caption("Nothing was recorded of what it did.")


def _without_calls(answer: Sequence[ChatMessage], calls: Sequence[ToolCall]) -> list[ChatMessage]:
    """The answer without the calls that are shown apart, with what came of them."""
    if not calls:
        return list(answer)
    kept = (
        replace(message, blocks=tuple(b for b in message.blocks if b.kind != "tool_call"))
        for message in answer
    )
    return [message for message in kept if message.blocks]


def knew(decision: DecisionDetail) -> None:
    """Its system prompt, history, tools, playbook and parameters."""
    st.subheader("What it knew", anchor=False)
    recorded = chat_messages(decision.input_messages)
    prompt = system_prompt(decision.system_instructions, recorded)
    messages = [message for message in recorded if message.role not in _SYSTEM_ROLES]
    tools = offered_tools(decision.tool_definitions)
    if prompt:
        with st.expander("System prompt", icon=":material/tune:"):
            _draw.html(_markup.literal(prompt))
    if messages:
        title = f"History: {counted(len(messages), 'message')}"
        with st.expander(title, icon=":material/history:", expanded=True):
            _draw.history(messages, key="decision.history")
    if tools:
        title = f"Tools offered: {len(tools)}"
        with st.expander(title, icon=":material/build:"):
            _draw.offered(tools)
    _json_part("Playbook settings", ":material/menu_book:", decision.playbook_settings)
    _json_part("Parameters", ":material/settings:", decision.request_params)
    known = (prompt, messages, tools, decision.playbook_settings, decision.request_params)
    if not any(known):
        st.caption("Nothing was recorded of what it knew.")


def _json_part(title: str, icon: str, recorded: str) -> None:
    if recorded:
        with st.expander(title, icon=icon):
            _draw.json_code(recorded)


def feedback(view: View, decision: DecisionDetail) -> None:
    """What people think of it, and a way to say so."""
    st.subheader("Feedback", anchor=False)
    votes = _vote.votes_of(view).history(decision.decision_id)
    votable = _vote.Votable(
        tenant=view.tenant, decision_id=decision.decision_id, answer=decision.output_text
    )
    _vote.thumbs(votable, [vote for vote in votes if vote.is_live], key="decision.vote")
    _vote.history(votes, decision.output_text)


def versions(decision: DecisionDetail) -> None:
    """Every part of the fingerprint."""
    st.subheader("Versions", anchor=False)
    _draw.facts(decision.versions)


def circumstances(decision: DecisionDetail) -> None:
    """Where and for whom it was decided."""
    st.subheader("Circumstances", anchor=False)
    _draw.facts(decision.circumstances)


def proof(decision: DecisionDetail) -> None:
    """What redaction did to it before it was stored."""
    st.subheader("Redaction", anchor=False)
    if not decision.redaction_version:
        st.warning(
            "This decision carries no redaction proof: it did not come through trainingloop's "
            "recorder or gateway.",
            icon=":material/gpp_maybe:",
        )
        return
    tone: _markup.Tone = "green" if decision.redaction_status == "ok" else "red"
    counts = entity_counts(decision.redaction_entities)
    _draw.html(
        _markup.badge(decision.redaction_status or "no status", tone),
        *(_markup.badge(f"{name} {count(number)}") for name, number in counts.items()),
    )
    _draw.facts(
        {
            "Engine version": decision.redaction_version,
            "Values replaced": count(decision.redaction_count),
            "Values withheld": count(decision.redaction_failures),
        }
    )
