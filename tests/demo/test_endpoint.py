"""The scripted endpoint, as the openai client sees it."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import openai
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletionMessageFunctionToolCall, ChatCompletionMessageParam

from trainingloop.demo._business import tool_schemas
from trainingloop.demo._client import openai_client
from trainingloop.demo._endpoint import ATTEMPT_HEADER, scripted_endpoint
from trainingloop.demo._plans import LARGE_MODEL, MINI_MODEL
from trainingloop.demo._playbooks import playbook_version

if TYPE_CHECKING:
    from collections.abc import Generator

CONTROL = playbook_version("booking", "control")
TODAY = date(2026, 11, 20)
TOOLS = tool_schemas(CONTROL.tools)
TWO_SHOPS = "A brake check please, at the Harbour or Station shop, whichever is faster."


@pytest.fixture(scope="module")
def client() -> Generator[OpenAI]:
    """Give a client of a running endpoint."""
    with scripted_endpoint() as base_url, openai_client(base_url) as client:
        yield client


def messages(text: str, prompt: str = "") -> list[ChatCompletionMessageParam]:
    """Give a conversation that has just been opened."""
    return [
        {"role": "system", "content": prompt or CONTROL.system_prompt(TODAY)},
        {"role": "user", "content": text},
    ]


def said(client: OpenAI, text: str, prompt: str = "") -> str:
    """Give what the model answers to ``text``."""
    completion = client.chat.completions.create(model=LARGE_MODEL, messages=messages(text, prompt))
    return completion.choices[0].message.content or ""


def failing_text(client: OpenAI, error: type[openai.APIStatusError]) -> str:
    """Find a message that fails in this way; about one in a hundred does."""
    for at in range(3000):
        text = f"Hello number {at}"
        try:
            said(client, text)
        except error:
            return text
        except openai.APIStatusError:
            continue
    pytest.fail("no message failed")


def test_a_chat_completion_has_text_usage_and_the_model_asked_for(client: OpenAI) -> None:
    """A plain answer is complete: text, finish reason, tokens and model."""
    completion = client.chat.completions.create(model=LARGE_MODEL, messages=messages("A slot?"))

    assert completion.choices[0].finish_reason == "stop"
    assert completion.choices[0].message.content
    assert completion.model == LARGE_MODEL
    assert completion.usage is not None
    assert completion.usage.total_tokens > completion.usage.completion_tokens > 0


def test_the_same_request_gets_the_same_answer(client: OpenAI) -> None:
    """Answers depend on the request alone, down to the identifier."""
    first = client.chat.completions.create(model=LARGE_MODEL, messages=messages(TWO_SHOPS))
    again = client.chat.completions.create(model=LARGE_MODEL, messages=messages(TWO_SHOPS))

    assert first == again


def test_two_shops_are_asked_in_parallel(client: OpenAI) -> None:
    """One answer may hold two tool calls."""
    completion = client.chat.completions.create(
        model=LARGE_MODEL, messages=messages(TWO_SHOPS), tools=TOOLS
    )

    calls = completion.choices[0].message.tool_calls or []
    functions = [
        call.function for call in calls if isinstance(call, ChatCompletionMessageFunctionToolCall)
    ]
    assert completion.choices[0].finish_reason == "tool_calls"
    assert [json.loads(made.arguments)["shop"] for made in functions] == ["Harbour", "Station"]


def test_parallel_calls_can_be_forbidden(client: OpenAI) -> None:
    """``parallel_tool_calls=False`` is obeyed."""
    completion = client.chat.completions.create(
        model=LARGE_MODEL, messages=messages(TWO_SHOPS), tools=TOOLS, parallel_tool_calls=False
    )

    assert len(completion.choices[0].message.tool_calls or []) == 1


def test_a_forced_tool_is_called(client: OpenAI) -> None:
    """``tool_choice`` leaves the model no choice."""
    completion = client.chat.completions.create(
        model=LARGE_MODEL,
        messages=messages("A slot?"),
        tools=TOOLS,
        tool_choice={"type": "function", "function": {"name": "transfer_to_human"}},
    )

    call = (completion.choices[0].message.tool_calls or [])[0]
    assert isinstance(call, ChatCompletionMessageFunctionToolCall)
    assert call.function.name == "transfer_to_human"


def test_a_stream_says_what_the_whole_answer_says(client: OpenAI) -> None:
    """The pieces of a stream add up to the answer, and usage comes last."""
    whole = said(client, "A slot?")

    stream = client.chat.completions.create(
        model=LARGE_MODEL,
        messages=messages("A slot?"),
        stream=True,
        stream_options={"include_usage": True},
    )

    chunks = list(stream)
    pieces = [choice.delta.content or "" for chunk in chunks for choice in chunk.choices]
    assert "".join(pieces) == whole
    assert len(chunks) > 3
    assert chunks[-1].usage is not None


def test_a_streamed_tool_call_comes_in_pieces_that_are_json_together(client: OpenAI) -> None:
    """Arguments are split over chunks, as a real endpoint does."""
    stream = client.chat.completions.create(
        model=LARGE_MODEL, messages=messages(TWO_SHOPS), tools=TOOLS, stream=True
    )

    arguments: dict[int, str] = {}
    for chunk in stream:
        for piece in chunk.choices[0].delta.tool_calls or []:
            assert piece.function is not None
            before = arguments.get(piece.index, "")
            arguments[piece.index] = before + (piece.function.arguments or "")
    assert [json.loads(text)["shop"] for text in arguments.values()] == ["Harbour", "Station"]


def test_the_responses_api_answers_with_text_and_tools(client: OpenAI) -> None:
    """The second wire format leads to the same decisions."""
    made = [tool["function"] for tool in TOOLS]
    asked = client.responses.create(
        model=MINI_MODEL,
        instructions=CONTROL.system_prompt(TODAY),
        input=TWO_SHOPS.replace("brake check", "service"),
    )

    called = client.responses.create(
        model=MINI_MODEL,
        instructions=CONTROL.system_prompt(TODAY),
        input=[{"role": "user", "content": TWO_SHOPS}],
        tools=[
            {
                "type": "function",
                "name": function["name"],
                "parameters": function.get("parameters"),
                "strict": False,
            }
            for function in made
        ],
    )

    assert "what has to be done" in asked.output_text
    assert [item.type for item in called.output] == ["function_call", "function_call"]
    assert called.usage is not None
    assert called.usage.output_tokens > 0


def test_the_versions_of_a_playbook_answer_differently(client: OpenAI) -> None:
    """The older version asks for one thing, the newer one for everything."""
    text = "Can I book something?"
    experiment = playbook_version("booking", "experiment").system_prompt(TODAY)

    old, new = said(client, text), said(client, text, experiment)

    assert "shop" in old
    assert "phone number" not in old
    assert "shop" in new
    assert "phone number" in new


def test_a_rate_limit_passes_with_the_second_try(client: OpenAI) -> None:
    """A 429 is the kind of failure that trying again helps with."""
    text = failing_text(client, openai.RateLimitError)

    again = client.chat.completions.create(
        model=LARGE_MODEL, messages=messages(text), extra_headers={ATTEMPT_HEADER: "2"}
    )

    assert again.choices[0].message.content


def test_a_fault_stays(client: OpenAI) -> None:
    """A 500 is the kind of failure an agent has to live with."""
    text = failing_text(client, openai.InternalServerError)

    with pytest.raises(openai.InternalServerError):
        client.chat.completions.create(
            model=LARGE_MODEL, messages=messages(text), extra_headers={ATTEMPT_HEADER: "2"}
        )


def test_an_unknown_model_is_refused_by_name(client: OpenAI) -> None:
    """The answer says which models there are."""
    with pytest.raises(openai.NotFoundError, match=LARGE_MODEL):
        client.chat.completions.create(model="gpt-unknown", messages=messages("Hi"))
