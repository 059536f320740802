"""Whatever a conversation looks like, its decisions and tool calls are all counted."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hypothesis import given
from hypothesis import strategies as st

from support.transcripts import decisions, good, spans
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from collections.abc import Mapping

IDS = st.one_of(st.none(), st.sampled_from(["a", "b", "a#2", "c"]))
"""Few ids, so that they repeat; one that looks like a repetition."""
TEXTS = st.one_of(st.none(), st.text(max_size=20))
NAMES = st.sampled_from(["look", "book"])
FUNCTIONS = st.fixed_dictionaries({"name": NAMES, "arguments": st.just("{}")})
CALLS = st.lists(st.fixed_dictionaries({"id": IDS, "function": FUNCTIONS}), max_size=3)
MESSAGES: st.SearchStrategy[Mapping[str, object]] = st.one_of(
    st.fixed_dictionaries({"role": st.just("user"), "content": TEXTS}),
    st.fixed_dictionaries(
        {"role": st.just("assistant"), "content": TEXTS, "tool_calls": st.none() | CALLS}
    ),
    st.fixed_dictionaries({"role": st.just("tool"), "tool_call_id": IDS, "content": TEXTS}),
    st.fixed_dictionaries({"role": st.just("system"), "content": TEXTS}),
)


@given(st.lists(st.lists(MESSAGES, min_size=1, max_size=12), min_size=1, max_size=3))
def test_nothing_is_lost_and_nothing_counted_twice(
    chats: list[list[Mapping[str, object]]],
) -> None:
    """Decisions, tool calls and ids agree with a count made on the file itself."""
    messages = [message for chat in chats for message in chat]
    turns = [message for message in messages if message["role"] == "assistant"]
    asked = sum(len(cast("list[object]", turn["tool_calls"] or [])) for turn in turns)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chats.json"
        path.write_text(json.dumps([{"messages": chat} for chat in chats]))
        found, made, emitted = good(path), decisions(path), spans(path)

    assert sum(conversation.decisions for conversation in found) == len(turns)
    assert sum(conversation.tool_calls for conversation in found) == asked
    assert len(made) == len(turns)
    assert len({span.span_id for span in emitted}) == len(emitted)
    ids = [
        (conversation.id, call.id)
        for conversation in found
        for message in conversation.messages
        for call in message.calls
    ]
    assert len(set(ids)) == asked
    assert all(semconv.OUTPUT_MESSAGES in decision for decision in made)
