"""The contract with the openai instrumentation: whole spans of real calls over HTTP.

Also run against openai 2.x by ``test_openai2.py``.
"""

from __future__ import annotations

import asyncio
import gc
import json
from typing import TYPE_CHECKING, Any, cast

import openai
import pytest
from openai.resources.chat.completions import AsyncCompletions, Completions
from openai.resources.responses.responses import AsyncResponses, Responses
from opentelemetry.trace import SpanKind, StatusCode
from pydantic import BaseModel

from support.openai_server import MODEL_SERVED, Call, Reply, openai_server
from trainingloop.instrumentation import conversation, decision, semconv, shutdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

MODEL = "gpt-4o-mini"
MESSAGES: Any = [
    {"role": "system", "content": "You book tables."},
    {"role": "user", "content": "A table on Friday."},
]
TOOL: Any = {
    "type": "function",
    "function": {"name": "book", "parameters": {"type": "object", "properties": {}}},
}
RESPONSES_TOOL: Any = {"type": "function", "strict": False, **TOOL["function"]}
TWO_CALLS = Reply(
    tool_calls=(
        Call("book", {"day": "Friday"}, id="call_friday"),
        Call("book", {"day": "Sunday"}, id="call_sunday"),
    )
)
BOTH = [Call("book", {"day": "Friday"}), Call("book", {"day": "Sunday"})]

_COMMON = {
    "gen_ai.operation.name": "str",
    "gen_ai.provider.name": "str",
    "gen_ai.request.model": "str",
    "server.address": "str",
    "server.port": "int",
    "trainingloop.code.version": "str",
    "trainingloop.library.version": "str",
    "trainingloop.source": "str",
    "trainingloop.tenant.id": "str",
}
_ANSWERED = {
    **_COMMON,
    "gen_ai.input.messages": "json",
    "gen_ai.output.messages": "json",
    "gen_ai.response.finish_reasons": "tuple",
    "gen_ai.response.id": "str",
    "gen_ai.response.model": "str",
    "gen_ai.usage.input_tokens": "int",
    "gen_ai.usage.output_tokens": "int",
}
_WITH_TOOLS = {
    "gen_ai.tool.definitions": "json",
    "trainingloop.request.params": "json",
}
_STREAMED = {
    "gen_ai.request.stream": "bool",
    "gen_ai.response.time_to_first_chunk": "float",
    "trainingloop.request.params": "json",
}
_RESPONSES = {"gen_ai.system_instructions": "json", "openai.api.type": "str"}


def _shape(span: ReadableSpan) -> dict[str, str]:
    """Every attribute of a span with the type of its value."""

    def kind(value: object) -> str:
        if isinstance(value, str) and value[:1] in "[{":
            json.loads(value)
            return "json"
        return type(value).__name__

    return {name: kind(value) for name, value in (span.attributes or {}).items()}


def _only(spans: InMemorySpanExporter) -> ReadableSpan:
    (span,) = spans.get_finished_spans()
    return span


def _json(span: ReadableSpan, name: str) -> Any:
    return json.loads(str((span.attributes or {})[name]))


def _asked(span: ReadableSpan) -> list[Call]:
    parts = [part for message in _json(span, semconv.OUTPUT_MESSAGES) for part in message["parts"]]
    return [Call(p["name"], p["arguments"]) for p in parts if p["type"] == "tool_call"]


def _call(
    base_url: str, api: str, *, is_async: bool, is_streamed: bool = False, **extra: Any
) -> None:
    """One model call, read to its end."""
    kwargs: dict[str, Any] = {"model": MODEL, **extra}
    if api == "chat":
        kwargs["messages"] = MESSAGES
        if is_streamed:
            kwargs["stream_options"] = {"include_usage": True}
    else:
        kwargs |= {"instructions": "You book tables.", "input": "A table on Friday."}
    if is_streamed:
        kwargs["stream"] = True
    if is_async:
        asyncio.run(_call_async(base_url, api, kwargs))
        return
    with openai.OpenAI(base_url=base_url, api_key="unused", max_retries=0) as client:
        owner: Any = client.chat.completions if api == "chat" else client.responses
        result = owner.create(**kwargs)
        if is_streamed:
            assert list(cast("Iterable[object]", result))


async def _call_async(base_url: str, api: str, kwargs: dict[str, Any]) -> None:
    async with openai.AsyncOpenAI(base_url=base_url, api_key="unused", max_retries=0) as client:
        owner: Any = client.chat.completions if api == "chat" else client.responses
        result = await owner.create(**kwargs)
        if kwargs.get("stream"):
            assert [event async for event in result]


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(
    ("api", "tool", "own"), [("chat", TOOL, {}), ("responses", RESPONSES_TOOL, _RESPONSES)]
)
def test_a_call_with_parallel_tool_calls_is_one_whole_span(
    spans: InMemorySpanExporter, api: str, tool: Any, own: dict[str, str], *, is_async: bool
) -> None:
    """A turn that asks for two tools at once is one span with everything a decision needs."""
    with openai_server(TWO_CALLS) as server:
        _call(server.base_url, api, is_async=is_async, tools=[tool], tool_choice="required")

    span = _only(spans)
    assert (span.name, span.kind) == (f"chat {MODEL}", SpanKind.CLIENT)
    assert _shape(span) == {**_ANSWERED, **_WITH_TOOLS, **own}
    assert _asked(span) == BOTH
    assert _json(span, semconv.REQUEST_PARAMS)["tool_choice"] == "required"


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(
    ("api", "tool", "own"), [("chat", TOOL, {}), ("responses", RESPONSES_TOOL, _RESPONSES)]
)
def test_a_streamed_call_is_the_same_span(
    spans: InMemorySpanExporter, api: str, tool: Any, own: dict[str, str], *, is_async: bool
) -> None:
    """Streaming adds two attributes; the tool calls are put together from their pieces."""
    with openai_server(TWO_CALLS) as server:
        _call(server.base_url, api, is_async=is_async, is_streamed=True, tools=[tool])

    span = _only(spans)
    assert _shape(span) == {**_ANSWERED, **_WITH_TOOLS, **_STREAMED, **own}
    assert _asked(span) == BOTH


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_message_is_told_with_both_model_names(spans: InMemorySpanExporter, api: str) -> None:
    """The model asked for and the model that answered are both there."""
    with openai_server(Reply("Which day?")) as server:
        _call(server.base_url, api, is_async=False)

    attributes = _only(spans).attributes or {}
    assert attributes[semconv.REQUEST_MODEL] == MODEL
    assert attributes[semconv.RESPONSE_MODEL] == MODEL_SERVED
    assert decision.describe(attributes)[semconv.OUTPUT_TEXT] == "Which day?"
    assert decision.describe(attributes)[semconv.INPUT_TEXT] == "A table on Friday."


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_refusal_reaches_the_agent_and_the_span(
    spans: InMemorySpanExporter, api: str, *, is_async: bool
) -> None:
    """A 429 is raised as openai raises it, and its type is on the span."""
    with (
        openai_server(Reply(status=429, error="Slow down.")) as server,
        pytest.raises(openai.RateLimitError),
    ):
        _call(server.base_url, api, is_async=is_async)

    span = _only(spans)
    attributes = span.attributes or {}
    assert span.status.status_code is StatusCode.ERROR
    assert attributes[semconv.ERROR_TYPE] == "openai.RateLimitError"
    assert set(_COMMON) | {semconv.INPUT_MESSAGES} <= set(attributes)


def test_an_abandoned_stream_still_ends_its_span(spans: InMemorySpanExporter) -> None:
    """A stream that nobody reads to its end is recorded when it is thrown away."""
    with (
        openai_server(Reply("one two three four five")) as server,
        openai.OpenAI(base_url=server.base_url, api_key="unused", max_retries=0) as client,
    ):
        stream: Any = client.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True)
        next(iter(stream))
        raw = stream.response
        del stream
        gc.collect()
        raw.close()

    assert _only(spans).name == f"chat {MODEL}"


def test_a_stream_closed_early_ends_its_span(spans: InMemorySpanExporter) -> None:
    """Leaving a stream's ``with`` block early loses nothing of what had arrived."""
    with (
        openai_server(Reply("one two three four five")) as server,
        openai.OpenAI(base_url=server.base_url, api_key="unused", max_retries=0) as client,
        client.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True) as stream,
    ):
        next(iter(stream))

    assert _only(spans).name == f"chat {MODEL}"


class _Booking(BaseModel):
    day: str


def test_a_parsed_call_notes_the_schema_it_asked_for(spans: InMemorySpanExporter) -> None:
    """The response format of ``parse`` is a class; its schema is what a replay needs."""
    with (
        openai_server(Reply('{"day": "Friday"}')) as server,
        openai.OpenAI(base_url=server.base_url, api_key="unused", max_retries=0) as client,
    ):
        completion = client.chat.completions.parse(
            model=MODEL, messages=MESSAGES, response_format=_Booking
        )

    assert completion.choices[0].message.parsed == _Booking(day="Friday")
    noted = _json(_only(spans), semconv.REQUEST_PARAMS)["response_format"]
    assert noted["json_schema"] == {"name": "_Booking", "schema": _Booking.model_json_schema()}


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_the_stream_helper_is_one_span(spans: InMemorySpanExporter, api: str) -> None:
    """``.stream()`` calls ``.create()`` inside; it is still one decision."""
    with (
        openai_server(Reply("Which day?")) as server,
        openai.OpenAI(base_url=server.base_url, api_key="unused", max_retries=0) as client,
    ):
        managed: Any = (
            client.chat.completions.stream(model=MODEL, messages=MESSAGES)
            if api == "chat"
            else client.responses.stream(model=MODEL, input="A table on Friday.")
        )
        with managed as stream:
            assert list(stream)

    attributes = _only(spans).attributes or {}
    assert decision.describe(attributes)[semconv.OUTPUT_TEXT].strip() == "Which day?"  # type: ignore[union-attr]


def test_a_raw_response_is_recorded_and_still_raw(spans: InMemorySpanExporter) -> None:
    """An agent that wants the headers gets them, and its decision is recorded all the same."""
    with (
        openai_server(Reply("Which day?")) as server,
        openai.OpenAI(base_url=server.base_url, api_key="unused", max_retries=0) as client,
    ):
        raw = client.chat.completions.with_raw_response.create(model=MODEL, messages=MESSAGES)

    attributes = _only(spans).attributes or {}
    assert raw.headers["content-type"] == "application/json"
    assert raw.parse().choices[0].message.content == "Which day?"
    assert decision.describe(attributes)[semconv.OUTPUT_TEXT] == "Which day?"


def test_request_parameters_are_noted_and_secrets_are_not(spans: InMemorySpanExporter) -> None:
    """What a replay needs is kept; headers and end-user ids are not."""
    with openai_server(Reply("Which day?")) as server:
        _call(
            server.base_url,
            "responses",
            is_async=False,
            reasoning={"effort": "low"},
            previous_response_id="resp_0",
            prompt={"id": "pmpt_1", "version": "2"},
            parallel_tool_calls=False,
            tools=[RESPONSES_TOOL],
            extra_headers={"x-secret": "hidden"},
            user="crm-42",
        )

    params = _json(_only(spans), semconv.REQUEST_PARAMS)
    assert params == {
        "reasoning": {"effort": "low"},
        "previous_response_id": "resp_0",
        "prompt": {"id": "pmpt_1", "version": "2"},
        "parallel_tool_calls": False,
        "tools": [RESPONSES_TOOL],
    }


def test_the_agents_conversation_comes_before_the_providers(spans: InMemorySpanExporter) -> None:
    """A conversation of the Responses API does not tear ours apart."""
    with openai_server(Reply("Which day?")) as server, conversation("c-17"):
        _call(server.base_url, "responses", is_async=False, conversation="conv_1")

    assert (_only(spans).attributes or {})[semconv.CONVERSATION_ID] == "c-17"


def test_an_iterator_of_messages_still_reaches_the_model(spans: InMemorySpanExporter) -> None:
    """Messages that can be read only once are not used up by recording them."""
    with (
        openai_server(Reply("Which day?")) as server,
        openai.OpenAI(base_url=server.base_url, api_key="unused", max_retries=0) as client,
    ):
        client.chat.completions.create(model=MODEL, messages=iter(MESSAGES))

    assert server.requests[0].body["messages"] == MESSAGES


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(
    "broken",
    [
        "create_chat_invocation",  # before the call is made
        "_set_response_properties",  # after the answer has come
    ],
)
def test_a_broken_instrumentation_does_not_break_the_agent(
    spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch, broken: str, *, is_async: bool
) -> None:
    """Whatever fails in the instrumentation, the model is called once and its answer returned."""

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(f"opentelemetry.instrumentation.genai.openai.patch.{broken}", fail)

    with openai_server(Reply("Which day?")) as server:
        _call(server.base_url, "chat", is_async=is_async)

    assert len(server.requests) == 1


def test_shutdown_leaves_the_client_as_it_was(spans: InMemorySpanExporter) -> None:
    """After shutdown() no wrapper of ours or of the instrumentation is left."""
    shutdown()

    owners: tuple[type, ...] = (Completions, AsyncCompletions, Responses, AsyncResponses)
    methods = [vars(owner)[name] for owner in owners for name in ("create", "parse")]
    assert {type(method).__name__ for method in methods} == {"function"}
    with openai_server() as server:
        _call(server.base_url, "chat", is_async=False)
    assert spans.get_finished_spans() == ()
