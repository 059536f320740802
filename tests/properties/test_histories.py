"""A history becomes the same, however much of it was seen before."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from processor.canaries import CANARIES, DISGUISED, HARMLESS
from processor.disguises import DISGUISES
from trainingloop.processor import Redactor, Report
from trainingloop.processor.policy import DEFAULT_POLICY

KEY: Final = b"a key that only tests use, 32+ bytes"
_TEXTS: Final = (
    "Hello, how can I help you today?",
    "My name is Grizelda Ploughwright.",
    "grizelda here again, is my room ready?",
    "This is Bartholomew Quill speaking.",
    "Call me at +1 415 555 0123 or write to ada@example.com.",
    "The number +1 (415) 555-0123 is right.",
    "Thank you, that is all for now.",
    'He said "}, {"role": "user"" and left.',
    "We arrive on 2026-05-12 at 10:45.",
    "a\u2028line, a \u200bzero-width space and an ángström",
)
_MESSAGES: Final = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("user", "assistant", "tool")), st.sampled_from(_TEXTS)),
        st.tuples(
            st.just("tool"), st.just(json.dumps({"customer_name": "Xiomara Vantongeren", "id": 7}))
        ),
    ),
    min_size=1,
    max_size=9,
)


_CONTENTS: Final = st.lists(
    st.one_of(
        st.sampled_from(_TEXTS),
        st.sampled_from([canary.text for canary in (*CANARIES, *DISGUISED)]),
        st.sampled_from([disguise.written for disguise in DISGUISES]),
        st.sampled_from(HARMLESS),
        st.sampled_from(('["ada@example.com"]', '"', "\\", "\n", "\ud83d", "role", "")),
        st.text(max_size=12),
    ),
    max_size=4,
).map(" ".join)
_DOCUMENTS: Final = ('[{"zip": "12345", "street": ""}]', ' {"name": "Quill", "ssn": null} ', '"1"')


def _history(messages: list[tuple[str, str]], separators: tuple[str, str]) -> str:
    # Long enough to be remembered.
    written = [("system", "You are the assistant of a small hotel. " * 6), *messages]
    return json.dumps(
        [{"role": role, "content": content} for role, content in written], separators=separators
    )


@settings(deadline=None, max_examples=150)
@given(
    messages=_MESSAGES,
    steps=st.lists(st.integers(1, 4), max_size=9),
    separators=st.sampled_from(((", ", ": "), (",", ":"))),
    is_conversation=st.booleans(),
)
def test_a_history_that_grew_is_redacted_like_one_seen_at_once(
    messages: list[tuple[str, str]],
    steps: list[int],
    separators: tuple[str, str],
    is_conversation: bool,
) -> None:
    """Text and counts; what an earlier call taught is not forgotten and not learned twice."""
    grown, fresh = (Redactor(key=KEY, engine="fast") for _ in range(2))
    conversation = "c1" if is_conversation else None
    end = 0
    for step in steps:
        end = min(len(messages), end + step)
        grown.attribute(
            "gen_ai.input.messages",
            _history(messages[:end], separators),
            conversation=conversation,
        )
    history = _history(messages, separators)
    reports = Report(), Report()

    again, at_once = (
        redactor.attribute(
            "gen_ai.input.messages", history, conversation=conversation, report=report
        )
        for redactor, report in zip((grown, fresh), reports, strict=True)
    )

    assert again == at_once
    assert reports[0].counts == reports[1].counts


def _shaped(shape: int, text: str, more: str) -> dict[str, object]:
    """A message as one of the clients writes it that do not begin each with its role."""
    calls = [{"id": "1", "name": "look_up", "arguments": more}, {"id": "2", "content": text}]
    parts = [{"content": text, "type": "text"}, {"content": more, "type": "text"}]
    shapes: tuple[dict[str, object], ...] = (
        {"role": "user", "content": text},
        {"content": text, "role": "assistant"},
        {"content": None, "role": "assistant", "tool_calls": calls},
        {"role": "user", "parts": parts},
        {"tool_call_id": "1", "role": "tool", "content": json.dumps({"passenger": more})},
    )
    return shapes[shape]


_SHAPED: Final = st.lists(
    st.builds(_shaped, st.integers(0, 4), st.sampled_from(_TEXTS), st.sampled_from(_TEXTS)),
    min_size=1,
    max_size=9,
)


@settings(deadline=None, max_examples=100)
@given(
    messages=_SHAPED,
    steps=st.lists(st.integers(1, 4), max_size=9),
    separators=st.sampled_from(((", ", ": "), (",", ":"))),
)
def test_messages_of_any_shape_are_cut_where_they_end(
    messages: list[dict[str, object]], steps: list[int], separators: tuple[str, str]
) -> None:
    """A history that grew becomes what it becomes at once, message for message."""
    grown, fresh = (Redactor(key=KEY, engine="fast") for _ in range(2))
    first = {"role": "system", "content": "You are the assistant of a small hotel. " * 6}
    end = 0
    for step in steps:
        end = min(len(messages), end + step)
        part = json.dumps([first, *messages[:end]], separators=separators)
        grown.attribute("gen_ai.input.messages", part, conversation="c1")
    history = json.dumps([first, *messages], separators=separators)

    again = grown.attribute("gen_ai.input.messages", history, conversation="c1")

    tree = json.loads(
        str(fresh.attribute("x", json.dumps({"all": json.loads(history)}), conversation="c1"))
    )
    assert json.loads(str(again)) == tree["all"]


@settings(deadline=None, max_examples=60)
@given(messages=_MESSAGES)
def test_a_history_teaches_nothing_about_another_conversation(
    messages: list[tuple[str, str]],
) -> None:
    """Two conversations may begin with the same words."""
    shared, fresh = (Redactor(key=KEY, engine="fast") for _ in range(2))
    history = _history(messages, (", ", ": "))
    shared.learn({"name": "Zebulon Smallpiece"}, conversation="another")
    shared.attribute(
        "gen_ai.input.messages",
        _history([*messages, ("user", "zebulon and grizelda")], (", ", ": ")),
        conversation="another",
    )
    shared.attribute("gen_ai.input.messages", history, conversation="another")

    redacted = shared.attribute("gen_ai.input.messages", history, conversation="c1")

    assert redacted == fresh.attribute("gen_ai.input.messages", history, conversation="c1")


@settings(deadline=None, max_examples=300)
@given(
    content=st.one_of(_CONTENTS, _CONTENTS, st.sampled_from(_DOCUMENTS)),
    role=st.sampled_from(("user", "assistant", "tool", "system", "ada@example.com")),
    form=st.sampled_from(("bare", "type first", "content first")),
    separators=st.sampled_from(((", ", ": "), (",", ":"))),
    is_ascii=st.booleans(),
)
def test_a_message_of_one_text_becomes_what_any_other_object_becomes(
    content: str, role: str, form: str, separators: tuple[str, str], is_ascii: bool
) -> None:
    """The short cut for what most messages are leaves out nothing."""
    part: dict[str, str] = {"type": "text", "content": content}
    if form == "content first":
        part = dict(reversed(part.items()))
    message = (
        {"role": role, "content": content} if form == "bare" else {"role": role, "parts": [part]}
    )
    first = {"role": "system", "content": "You are the assistant of a small hotel. " * 6}
    history = json.dumps([first, message], separators=separators, ensure_ascii=is_ascii)

    by_short_cut = _SHORT.attribute("gen_ai.input.messages", history)

    assert by_short_cut == _LONG.attribute("gen_ai.input.messages", history)


_SHORT: Final = Redactor(key=KEY, engine="fast", cache_bytes=0)
# Its policy asks for a field of messages, whose value is never a text: it looks at all of them.
_LONG: Final = Redactor(
    key=KEY,
    engine="fast",
    cache_bytes=0,
    policy=replace(DEFAULT_POLICY, known_values=frozenset({"parts"})),
)
