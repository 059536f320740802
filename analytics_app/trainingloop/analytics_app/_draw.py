"""Draws what several pages show: messages, tool calls, badges, links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from trainingloop.analytics_app import _markup
from trainingloop.analytics_app._format import counted, duration, pretty_json
from trainingloop.analytics_app._view import CONVERSATION, DECISION, script
from trainingloop.instrumentation.environment import DEFAULT_ENDPOINT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trainingloop.analytics_app._messages import Block, ChatMessage, OfferedTool, RuleCheck
    from trainingloop.analytics_app._records import ToolCall
    from trainingloop.analytics_app._view import View
    from trainingloop.analytics_app._workspace import Workspace

_AVATARS: Final = {
    "user": ":material/person:",
    "assistant": ":material/smart_toy:",
    "system": ":material/tune:",
    "developer": ":material/tune:",
    "tool": ":material/build:",
}
_HISTORY_TAIL: Final = 20
_HISTORY_PAGE: Final = 200
_MOST_LINES: Final = 16
_MOST_CHARACTERS: Final = 2000
_LONG_CODE_PIXELS: Final = 380
"""A long value scrolls in its own box, or nothing else of the page would be seen."""


def html(*parts: str) -> None:
    """Put markup of `trainingloop.analytics_app._markup` on the page."""
    body = "".join(parts)
    if body:
        st.html(body)


def history(messages: Sequence[ChatMessage], *, key: str) -> None:
    """A history as a chat: its end, and page by page what went before."""
    if len(messages) <= _HISTORY_TAIL:
        shown = messages
    elif not st.toggle(f"Show all {counted(len(messages), 'message')}", key=key):
        shown = messages[-_HISTORY_TAIL:]
        st.caption(f"The last {_HISTORY_TAIL} of {counted(len(messages), 'message')}.")
    else:
        pages = -(-len(messages) // _HISTORY_PAGE)
        number = st.pagination(pages, default=pages, key=f"{key}.page") if pages > 1 else 1
        shown = messages[(number - 1) * _HISTORY_PAGE : number * _HISTORY_PAGE]
    for message in shown:
        chat_message(message)


def chat_message(message: ChatMessage) -> None:
    """One message with all its parts."""
    with st.chat_message(message.role, avatar=_AVATARS.get(message.role, ":material/help:")):
        html(_markup.muted(message.role))
        if not message.blocks:
            html(_markup.muted("(no content)"))
        for part in message.blocks:
            block(part)


def block(part: Block) -> None:
    """One part of a message."""
    match part.kind:
        case "text":
            html(_markup.literal(part.body))
        case "reasoning":
            html(_markup.badge("reasoning"), _markup.literal(part.body))
        case "tool_call":
            html(_markup.badge("asks for", "violet"), _markup.strong(part.title))
            json_code(part.body)
        case "tool_result":
            html(_markup.badge("result of", "violet"), _markup.strong(part.title))
            json_code(part.body)
        case "other":
            html(_markup.badge(part.title))
            json_code(part.body)


def json_code(body: str) -> None:
    """JSON, or text where it is none, with a button to copy it."""
    shown = pretty_json(body)
    is_long = shown.count("\n") >= _MOST_LINES or len(shown) > _MOST_CHARACTERS
    st.code(
        shown,
        language="json",
        wrap_lines=True,
        height=_LONG_CODE_PIXELS if is_long else "content",
    )


def tool_call(call: ToolCall) -> None:
    """A tool call: what was asked for, and what came of it."""
    with st.container(border=True):
        html(
            _markup.badge("tool", "violet"),
            _markup.strong(call.tool),
            _outcome(call),
        )
        if call.arguments:
            json_code(call.arguments)
        if call.result:
            st.caption("Result")
            json_code(call.result)


def _outcome(call: ToolCall) -> str:
    if not call.is_executed:
        return " " + _markup.badge("no run recorded")
    if call.status == "error":
        return " " + _markup.badge(call.error_type or "error", "red")
    return " " + _markup.badge(duration(call.duration_ms) or "done", "green")


def offered(tools: Iterable[OfferedTool]) -> None:
    """The tools a model could have called, with their parameters."""
    for tool in tools:
        html(_markup.strong(tool.name), _markup.muted(tool.description))
        json_code(tool.schema)


def rules(checks: Iterable[RuleCheck]) -> None:
    """The rules that were considered, which of them applied, and why."""
    html(*(_markup.rule(c.name, is_fired=c.is_fired, reason=c.reason) for c in checks))


def facts(pairs: Mapping[str, str]) -> None:
    """Names and values; those without a value are left out."""
    html(_markup.facts(pairs.items()))


def unknown(view: View, what: str, wanted: str) -> None:
    """Say that there is no such decision or conversation."""
    if not wanted:
        st.info(f"This address names no {what}.", icon=":material/link_off:")
        return
    st.warning(f"**There is no such {what}.**", icon=":material/search_off:")
    html(
        _markup.muted(f"Asked for, of the tenant {view.tenant!r}:"),
        _markup.quoted(wanted),
    )
    st.caption(
        "It may belong to another tenant, be older than what is kept, or not have arrived yet."
    )


def first_steps(view: View, workspace: Workspace) -> None:
    """How to send the first decision."""
    http_url = workspace.gateway.http_url if workspace.gateway else DEFAULT_ENDPOINT
    with st.container(border=True):
        st.subheader("No decision has been recorded yet", anchor=False)
        html(_markup.muted(f"Nothing is stored for the tenant {view.tenant!r}. Two ways to begin:"))
        st.markdown("**Record an agent** that uses the openai client, without touching its code:")
        st.code(
            "pip install trainingloop\n"
            f"OTEL_EXPORTER_OTLP_ENDPOINT={http_url} OTEL_SERVICE_NAME=my-agent "
            "opentelemetry-instrument python agent.py",
            language="shell",
            wrap_lines=True,
        )
        st.markdown("**Or import transcripts** you already have:")
        st.code("trainingloop import conversations.jsonl", language="shell")
        st.caption("This page shows them a few seconds later: reload it.")


def links(view: View, decision_id: str, thread_id: str) -> None:
    """The ways to a decision and to its conversation, side by side."""
    with st.container(horizontal=True, width="content"):
        st.page_link(
            script("decision"),
            label="Decision",
            icon=":material/open_in_full:",
            query_params=view.query(**{DECISION: decision_id}),
        )
        st.page_link(
            script("conversation"),
            label="Conversation",
            icon=":material/forum:",
            query_params=view.query(**{CONVERSATION: thread_id}),
        )
