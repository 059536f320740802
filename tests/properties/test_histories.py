"""A history becomes the same, however much of it was seen before."""

from __future__ import annotations

import json
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from trainingloop.processor import Redactor, Report

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
