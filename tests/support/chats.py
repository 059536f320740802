"""Chats for properties: what was said must come back to the letter."""

from __future__ import annotations

import json

from hypothesis import strategies as st

_words = st.sampled_from(
    ["Hello", "A table, please.", "Für zwei?\n", "「はい」", '{"a": 1}', " x "]
)
_arguments = st.dictionaries(
    st.sampled_from(["seats", "day"]), st.one_of(st.integers(-9, 9), _words, st.none()), max_size=2
)


@st.composite
def chats(draw: st.DrawFn) -> list[dict[str, object]]:
    """Chats as the API has them: questions, tools that are called and answer, answers."""
    messages: list[dict[str, object]] = []
    if draw(st.booleans()):
        messages.append({"role": "system", "content": draw(_words)})
    for turn in range(draw(st.integers(1, 3))):
        messages.append({"role": "user", "content": draw(_words)})
        numbers = range(draw(st.integers(0, 2)))
        if numbers:
            calls: list[dict[str, object]] = [
                {
                    "id": f"call-{turn}-{number}",
                    "type": "function",
                    "function": {
                        "name": "book",
                        "arguments": json.dumps(
                            draw(_arguments), separators=(",", ":"), ensure_ascii=False
                        ),
                    },
                }
                for number in numbers
            ]
            messages.append({"role": "assistant", "tool_calls": calls})
            messages += [
                {"role": "tool", "tool_call_id": call["id"], "content": draw(_words)}
                for call in calls
            ]
        messages.append({"role": "assistant", "content": draw(_words)})
    return messages
