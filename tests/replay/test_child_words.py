"""What the process that asks makes of an endpoint's words: bodies, headers, and requests."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingloop.replay import Answer, Answered, AnswerState, ToolCall, Usage
from trainingloop.replay._child.inert import acting_part, sent_body
from trainingloop.replay._child.pauses import asked_wait_s, backoff_s, exhausted_wait_s
from trainingloop.replay._child.readings import read_chat, read_moderation, read_response
from trainingloop.replay._wire import answered_document, answered_from

# Keys an answer has, so that the strategy gets past the first look.
_KEYS = st.sampled_from(
    [
        "choices",
        "message",
        "content",
        "tool_calls",
        "function",
        "name",
        "arguments",
        "usage",
        "finish_reason",
        "output",
        "status",
        "type",
        "results",
        "categories",
        "prompt_tokens",
    ]
)
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
_WORDS = st.sampled_from(["completed", "message", "function_call", "stop", "output_text", "\ud800"])
_JSON = st.recursive(
    _LEAVES | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=30,
)


@given(_JSON)
def test_any_json_is_read_as_something(body: object) -> None:
    """Never an error, never a text that no store could hold, never a count below nothing."""
    for read in (read_chat, read_response, read_moderation):
        reading = read(body)

        answer = reading.answer
        calls = [text for call in answer.tool_calls for text in (call.name, call.arguments)]
        for text in (answer.text, answer.refusal, answer.finish_reason, reading.model, *calls):
            text.encode("utf-8")
        assert reading.usage.input_tokens >= 0


@given(
    st.builds(
        Answered,
        question_id=st.text(),
        state=st.sampled_from(AnswerState),
        answer=st.builds(
            Answer, text=st.text(), tool_calls=st.lists(st.builds(ToolCall)).map(tuple)
        ),
        usage=st.builds(Usage),
        asked_at=st.just(datetime(2026, 11, 22, 18, 0, tzinfo=UTC)),
    )
)
def test_an_answer_comes_over_the_pipe_as_it_was(answered: Answered) -> None:
    """With every field, as one line."""
    line = json.dumps(answered_document(answered))

    assert "\n" not in line
    assert answered_from(json.loads(line)) == answered


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0.0),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "-7"}, 0.0),
        ({"retry-after": "inf"}, 0.0),
        ({"retry-after": "nan"}, 0.0),
        ({"retry-after": "7", "retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "Thu, 01 Jan 1970 00:01:40 GMT"}, 60.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:10 GMT"}, 0.0),
        ({"retry-after": "Thu, 99 Jan 1970 00:00:10 GMT"}, 0.0),
        ({"x-ratelimit-reset-requests": "6m0s"}, 360.0),
        ({"x-ratelimit-reset-tokens": "1h2m3.5s"}, 3723.5),
        ({"x-ratelimit-reset-tokens": "120ms", "x-ratelimit-reset-requests": "1s"}, 1.0),
        ({"x-ratelimit-reset-tokens": "tomorrow"}, 0.0),
        ({"x-ratelimit-reset-tokens": "9" * 5_000 + "s"}, 0.0),
        (
            {
                "x-ratelimit-remaining-tokens": "0",
                "x-ratelimit-reset-tokens": "2s",
                "x-ratelimit-reset-requests": "8h",
            },
            2.0,
        ),
    ],
)
def test_a_wait_is_understood_as_endpoints_write_it(
    headers: dict[str, str], seconds: float
) -> None:
    """Of the limits' headers, the one that is used up counts; nonsense asks for nothing."""
    waited_s = asked_wait_s(headers, now_s=40.0)

    assert waited_s == pytest.approx(seconds)


def test_an_endpoint_with_something_left_asks_for_no_wait() -> None:
    """When the limit is reset matters only once it is reached."""
    some_left = {"x-ratelimit-remaining-tokens": "9", "x-ratelimit-reset-tokens": "2s"}

    assert exhausted_wait_s(some_left) == 0
    assert exhausted_wait_s({**some_left, "x-ratelimit-remaining-tokens": "0"}) == 2


def test_retries_wait_longer_each_time_up_to_a_bound() -> None:
    """And never all at the same moment."""
    longest = [backoff_s(attempt, 1.0) for attempt in range(1, 9)]

    assert longest == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0]
    assert backoff_s(1, 0.0) == 0.25


def test_a_body_goes_out_with_what_its_writer_added() -> None:
    """``extra_body`` is merged before anything looks at it."""
    body = sent_body({"model": "m", "extra_body": {"background": True}}, is_kept=False)

    assert body == {"model": "m", "background": True}
    assert acting_part(body).startswith("background")


def test_functions_are_no_danger() -> None:
    """A model may ask for them; nobody is there to run them."""
    tools = [{"type": "function", "function": {"name": "f"}}, {"type": "custom", "name": "g"}]

    assert acting_part({"model": "m", "tools": tools, "tool_choice": "auto"}) == ""


@pytest.mark.parametrize(
    "model", ["vendor/m-1:online", "m-4-search-preview-2025", "m3-deep-research"]
)
def test_models_that_search_are_not_asked(model: str) -> None:
    """What they search for would be words of a customer."""
    assert "searches the web" in acting_part({"model": model})


@pytest.mark.parametrize("kept", [{"store": True}, {"previous_response_id": "resp_1"}])
def test_nothing_is_kept_at_the_endpoint(kept: dict[str, object]) -> None:
    """However it got into the request."""
    body = sent_body({"model": "m", "extra_body": kept}, is_kept=True)

    assert acting_part(body)


@pytest.mark.parametrize("tools", [[{"type": []}], [{"type": {}}], [7], 7, "search", {"type": "f"}])
def test_tools_of_no_known_shape_are_not_sent(tools: object) -> None:
    """What nobody understands is refused as what would act, and ends no process."""
    assert acting_part({"model": "m", "tools": tools}).startswith("a tool of another type")
