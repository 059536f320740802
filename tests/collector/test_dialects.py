"""A span of each instrumentation goes in, a decision comes out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

import pytest

from collector.conftest import KEYS
from support.otlp import key_values, otlp_span, request_of, tool_attributes
from support.stores import MemoryStore
from trainingloop.collector import Pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.processor import Redactor
    from trainingloop.store import Store

DECISION = f"{1:016x}"
CALL = {
    "type": "tool_call",
    "name": "book",
    "arguments": {"day": "Friday"},
    "id": "call_1",
}
SYSTEM = {"role": "system", "parts": [{"type": "text", "content": "You are helpful."}]}
USER = {"role": "user", "parts": [{"type": "text", "content": "Book Friday"}]}
ASKED = {"role": "assistant", "parts": [CALL]}
GIVEN_BACK = {
    "role": "tool",
    "parts": [{"type": "tool_call_response", "response": "done", "id": "call_1"}],
}
ANSWER = {"role": "assistant", "parts": [{"type": "text", "content": "Booked."}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A model turn as one instrumentation records it; all of them record the same turn."""

    dialect: str
    attributes: Mapping[str, object]
    scope: str = "test"
    events: tuple[tuple[str, Mapping[str, object]], ...] = ()
    dropped: tuple[str, ...] = field(default=())
    """Attributes that hold content which is stored under another name now."""


OPENINFERENCE = Turn(
    dialect="openinference",
    attributes={
        "openinference.span.kind": "LLM",
        "llm.system": "openai",
        "llm.model_name": "gpt-4o-2024-08-06",
        "llm.invocation_parameters": '{"model": "gpt-4o", "temperature": 0.5}',
        "llm.input_messages.0.message.role": "system",
        "llm.input_messages.0.message.content": "You are helpful.",
        "llm.input_messages.1.message.role": "user",
        "llm.input_messages.1.message.contents.0.message_content.type": "text",
        "llm.input_messages.1.message.contents.0.message_content.text": "Book Friday",
        "llm.input_messages.2.message.role": "assistant",
        "llm.input_messages.2.message.tool_calls.0.tool_call.id": "call_1",
        "llm.input_messages.2.message.tool_calls.0.tool_call.function.name": "book",
        "llm.input_messages.2.message.tool_calls.0.tool_call.function.arguments": (
            '{"day": "Friday"}'
        ),
        "llm.input_messages.3.message.role": "tool",
        "llm.input_messages.3.message.tool_call_id": "call_1",
        "llm.input_messages.3.message.content": "done",
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": "Booked.",
        "llm.tools.0.tool.json_schema": (
            '{"type": "function", "function": {"name": "book", "parameters": {"type": "object"}}}'
        ),
        "llm.token_count.prompt": 12,
        "llm.token_count.completion": 5,
        "input.value": '{"messages": []}',
        "output.value": "Booked.",
        "session.id": "c-9",
    },
    dropped=("input.value", "output.value", "llm.input_messages.0.message.content"),
)

OPENLLMETRY = Turn(
    dialect="openllmetry",
    attributes={
        "llm.request.type": "chat",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.prompt.0.role": "system",
        "gen_ai.prompt.0.content": "You are helpful.",
        "gen_ai.prompt.1.role": "user",
        "gen_ai.prompt.1.content": '[{"type": "text", "text": "Book Friday"}]',
        "gen_ai.prompt.2.role": "assistant",
        "gen_ai.prompt.2.tool_calls.0.id": "call_1",
        "gen_ai.prompt.2.tool_calls.0.name": "book",
        "gen_ai.prompt.2.tool_calls.0.arguments": '{"day": "Friday"}',
        "gen_ai.prompt.3.role": "tool",
        "gen_ai.prompt.3.tool_call_id": "call_1",
        "gen_ai.prompt.3.content": "done",
        "gen_ai.completion.0.role": "assistant",
        "gen_ai.completion.0.content": "Booked.",
        "gen_ai.completion.0.finish_reason": "stop",
        "llm.request.functions.0.name": "book",
        "llm.request.functions.0.parameters": '{"type": "object"}',
        "gen_ai.usage.prompt_tokens": 12,
        "gen_ai.usage.completion_tokens": 5,
        "traceloop.association.properties.session_id": "c-9",
    },
    dropped=("gen_ai.prompt.0.content", "gen_ai.completion.0.content"),
)

VERCEL = Turn(
    dialect="vercel_ai_sdk",
    attributes={
        "operation.name": "ai.generateText.doGenerate",
        "ai.operationId": "ai.generateText.doGenerate",
        "ai.model.provider": "openai",
        "ai.model.id": "gpt-4o",
        "ai.response.model": "gpt-4o-2024-08-06",
        "ai.prompt.messages": json.dumps(
            [
                {"role": "system", "content": "You are helpful."},
                {"role": "user", "content": [{"type": "text", "text": "Book Friday"}]},
                {
                    "role": "assistant",
                    "content": [
                        {
                            "type": "tool-call",
                            "toolCallId": "call_1",
                            "toolName": "book",
                            "input": {"day": "Friday"},
                        }
                    ],
                },
                {
                    "role": "tool",
                    "content": [
                        {
                            "type": "tool-result",
                            "toolCallId": "call_1",
                            "toolName": "book",
                            "output": {"type": "text", "value": "done"},
                        }
                    ],
                },
            ]
        ),
        "ai.prompt.tools": [
            '{"type": "function", "name": "book", "inputSchema": {"type": "object"}}'
        ],
        "ai.prompt.toolChoice": '{"type": "auto"}',
        "ai.response.text": "Booked.",
        "ai.response.finishReason": "stop",
        "ai.usage.inputTokens": 12.0,
        "ai.usage.outputTokens": 5.0,
        "ai.request.headers.authorization": "Bearer x",
        "ai.telemetry.metadata.sessionId": "c-9",
    },
    dropped=("ai.prompt.messages", "ai.response.text", "ai.request.headers.authorization"),
)

PYDANTIC_AI_EVENTS = Turn(
    dialect="pydantic_ai",
    scope="pydantic-ai",
    attributes={
        "gen_ai.operation.name": "chat",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.conversation.id": "c-9",
        "events": json.dumps(
            [
                {
                    "event.name": "gen_ai.system.message",
                    "role": "system",
                    "content": "You are helpful.",
                },
                {"event.name": "gen_ai.user.message", "role": "user", "content": "Book Friday"},
                {
                    "event.name": "gen_ai.assistant.message",
                    "role": "assistant",
                    "tool_calls": [
                        {
                            "id": "call_1",
                            "type": "function",
                            "function": {"name": "book", "arguments": '{"day": "Friday"}'},
                        }
                    ],
                },
                {
                    "event.name": "gen_ai.tool.message",
                    "role": "tool",
                    "id": "call_1",
                    "name": "book",
                    "content": "done",
                },
                {
                    "event.name": "gen_ai.choice",
                    "index": 0,
                    "message": {"role": "assistant", "content": "Booked."},
                },
            ]
        ),
        "model_request_parameters": json.dumps(
            {
                "function_tools": [
                    {"name": "book", "parameters_json_schema": {"type": "object"}},
                ],
                "output_tools": [],
            }
        ),
    },
    dropped=("events", "model_request_parameters"),
)

PYDANTIC_AI = Turn(
    dialect="pydantic_ai",
    scope="pydantic-ai",
    attributes={
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.conversation.id": "c-9",
        "gen_ai.input.messages": json.dumps([SYSTEM, USER, ASKED, GIVEN_BACK]),
        "gen_ai.output.messages": json.dumps([ANSWER]),
        "gen_ai.tool.definitions": json.dumps(
            [{"type": "function", "name": "book", "parameters": {"type": "object"}}]
        ),
    },
)

LOGFIRE = Turn(
    dialect="pydantic_ai",
    scope="logfire.openai",
    attributes={
        "logfire.msg": "Chat Completion",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "session.id": "c-9",
        "request_data": json.dumps(
            {
                "model": "gpt-4o",
                "messages": [
                    {"role": "system", "content": "You are helpful."},
                    {"role": "user", "content": "Book Friday"},
                    {
                        "role": "assistant",
                        "content": None,
                        "tool_calls": [
                            {
                                "id": "call_1",
                                "type": "function",
                                "function": {"name": "book", "arguments": '{"day": "Friday"}'},
                            }
                        ],
                    },
                    {"role": "tool", "tool_call_id": "call_1", "content": "done"},
                ],
                "tools": [
                    {
                        "type": "function",
                        "function": {"name": "book", "parameters": {"type": "object"}},
                    }
                ],
            }
        ),
        "response_data": json.dumps(
            {
                "message": {"role": "assistant", "content": "Booked."},
                "usage": {"prompt_tokens": 12, "completion_tokens": 5},
            }
        ),
    },
    dropped=("request_data", "response_data"),
)

LANGFUSE = Turn(
    dialect="langfuse",
    attributes={
        "langfuse.observation.type": "generation",
        "gen_ai.system": "openai",
        "langfuse.observation.model.name": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "langfuse.observation.input": json.dumps(
            {
                "messages": [
                    {"role": "system", "content": "You are helpful."},
                    {"role": "user", "content": "Book Friday"},
                    {
                        "role": "assistant",
                        "content": "",
                        "tool_calls": [
                            {
                                "id": "call_1",
                                "type": "function",
                                "function": {"name": "book", "arguments": '{"day": "Friday"}'},
                            }
                        ],
                    },
                    {"role": "tool", "tool_call_id": "call_1", "content": "done"},
                ],
                "tools": [
                    {
                        "type": "function",
                        "function": {"name": "book", "parameters": {"type": "object"}},
                    }
                ],
            }
        ),
        "langfuse.observation.output": '{"role": "assistant", "content": "Booked."}',
        "langfuse.observation.usage_details": '{"input": 12, "output": 5, "total": 17}',
        "langfuse.session.id": "c-9",
    },
    dropped=("langfuse.observation.input", "langfuse.observation.output"),
)

GENAI = Turn(
    dialect="genai",
    attributes={**PYDANTIC_AI.attributes},
)

GENAI_STRUCTURED = Turn(
    dialect="genai",
    attributes={
        **PYDANTIC_AI.attributes,
        "gen_ai.input.messages": [SYSTEM, USER, ASKED, GIVEN_BACK],
        "gen_ai.output.messages": [ANSWER],
    },
)

_WITHOUT_CONTENT = {
    key: value for key, value in PYDANTIC_AI.attributes.items() if "messages" not in key
}

GENAI_EVENTS = Turn(
    dialect="genai",
    attributes=_WITHOUT_CONTENT,
    events=(
        ("gen_ai.system.message", {"content": "You are helpful."}),
        ("gen_ai.user.message", {"gen_ai.event.content": '{"content": "Book Friday"}'}),
        (
            "gen_ai.assistant.message",
            {
                "gen_ai.event.content": json.dumps(
                    {
                        "tool_calls": [
                            {
                                "id": "call_1",
                                "function": {"name": "book", "arguments": '{"day": "Friday"}'},
                            }
                        ]
                    }
                )
            },
        ),
        ("gen_ai.tool.message", {"id": "call_1", "content": "done"}),
        ("gen_ai.choice", {"index": 0, "finish_reason": "stop", "message": "Booked."}),
    ),
)

GENAI_RETIRED = Turn(
    dialect="genai",
    attributes={
        **_WITHOUT_CONTENT,
        "gen_ai.prompt": json.dumps(
            [
                {"role": "system", "content": "You are helpful."},
                {"role": "user", "content": "Book Friday"},
                {
                    "role": "assistant",
                    "tool_calls": [
                        {
                            "id": "call_1",
                            "function": {"name": "book", "arguments": '{"day": "Friday"}'},
                        }
                    ],
                },
                {"role": "tool", "tool_call_id": "call_1", "content": "done"},
            ]
        ),
        "gen_ai.completion": '[{"role": "assistant", "content": "Booked."}]',
    },
    dropped=("gen_ai.prompt", "gen_ai.completion"),
)

TURNS = {
    "openinference": OPENINFERENCE,
    "openllmetry": OPENLLMETRY,
    "vercel": VERCEL,
    "pydantic_ai_events": PYDANTIC_AI_EVENTS,
    "pydantic_ai": PYDANTIC_AI,
    "logfire": LOGFIRE,
    "langfuse": LANGFUSE,
    "genai": GENAI,
    "genai_structured": GENAI_STRUCTURED,
    "genai_events": GENAI_EVENTS,
    "genai_retired": GENAI_RETIRED,
}


def decision(store: Store) -> dict[str, object]:
    """Return the one decision there is."""
    (record,) = store.reads("default").table("decision", {"decision": DECISION}).records()
    return record


def loaded(record: dict[str, object], column: str) -> object:
    """Return what the JSON in a column stands for."""
    return cast("object", json.loads(str(record[column])))


def accept(pipeline: Pipeline, turn: Turn) -> None:
    """Have the turn stored."""
    span = otlp_span(turn.attributes, number=1)
    for name, attributes in turn.events:
        event = span.events.add()
        event.name = name
        event.time_unix_nano = span.start_time_unix_nano
        event.attributes.extend(key_values(attributes))
    outcome = pipeline.accept(request_of(span, scope=turn.scope), source="test")
    assert outcome.stored == 1


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS.keys())
def test_every_dialect_tells_the_same_turn(pipeline: Pipeline, store: Store, turn: Turn) -> None:
    """Whoever recorded it: one decision, with the same input, output, tools, model and tokens."""
    accept(pipeline, turn)

    record = decision(store)
    assert (record["source"], record["dialect"]) == ("otlp", turn.dialect)
    assert (record["decision_kind"], record["operation"]) == ("message", "chat")
    assert loaded(record, "input_messages") == [SYSTEM, USER, ASKED, GIVEN_BACK]
    assert loaded(record, "output_messages") == [ANSWER]
    assert loaded(record, "tool_definitions") == [
        {"type": "function", "name": "book", "parameters": {"type": "object"}}
    ]
    assert (record["input_text"], record["output_text"]) == ("Book Friday", "Booked.")
    assert (record["provider"], record["request_model"]) == ("openai", "gpt-4o")
    assert record["response_model"] == "gpt-4o-2024-08-06"
    assert (record["input_tokens"], record["output_tokens"]) == (12, 5)
    assert record["conversation_id"] == "c-9"
    assert record["prompt_hash"] != ""


@pytest.mark.parametrize(
    ("turn", "costs"),
    [
        (OPENINFERENCE, {"llm.cost.total": 0.0125, "llm.cost.prompt": 0.01}),
        (OPENINFERENCE, {"llm.cost.prompt": 0.01, "llm.cost.completion": "0.0025"}),
        (OPENLLMETRY, {"gen_ai.usage.cost": 0.0125}),
        (VERCEL, {"gen_ai.usage.cost": 0.0125}),
        (PYDANTIC_AI, {"operation.cost": 0.0125}),
        (LOGFIRE, {"operation.cost": "0.0125"}),
        (LANGFUSE, {"langfuse.observation.cost_details": '{"input": 0.01, "total": 0.0125}'}),
        (LANGFUSE, {"langfuse.observation.cost_details": '{"input": 0.01, "output": 0.0025}'}),
        (GENAI, {"gen_ai.usage.total_cost": 0.0125}),
        (GENAI, {"trainingloop.usage.cost_usd": 0.0125, "gen_ai.usage.cost": 7}),
    ],
)
def test_what_a_dialect_says_a_call_cost_is_its_cost(
    redactor: Redactor, turn: Turn, costs: dict[str, object]
) -> None:
    """In US dollars; a total comes before the sum of its parts."""
    store = MemoryStore()

    with Pipeline(store, redactor, keys=KEYS) as pipeline:
        accept(pipeline, replace(turn, attributes={**turn.attributes, **costs}))

    (row,) = store.rows
    assert float(row.span_attributes["trainingloop.usage.cost_usd"]) == pytest.approx(0.0125)


@pytest.mark.parametrize("cost", [0, 0.0, -1, "", "cheap", True, "nan", "inf", 1e300, [1]])
def test_a_cost_nobody_knows_is_none(redactor: Redactor, cost: object) -> None:
    """Zero stands for an unknown price; a broken number would be all of a sum."""
    store = MemoryStore()
    attributes = {**GENAI.attributes, "trainingloop.usage.cost_usd": cost}

    with Pipeline(store, redactor, keys=KEYS) as pipeline:
        accept(pipeline, replace(GENAI, attributes=attributes))

    (row,) = store.rows
    assert "trainingloop.usage.cost_usd" not in row.span_attributes


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS.keys())
def test_translated_content_is_not_stored_twice(redactor: Redactor, turn: Turn) -> None:
    """The keys it came in are gone from the span, and so are the events."""
    store = MemoryStore()

    with Pipeline(store, redactor, keys=KEYS) as pipeline:
        accept(pipeline, turn)

    (row,) = store.rows
    assert not set(turn.dropped) & set(row.span_attributes)
    assert row.events_name == []


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        (
            "openinference",
            {
                "openinference.span.kind": "TOOL",
                "tool.name": "book",
                "input.value": '{"day": "Friday"}',
                "input.mime_type": "application/json",
                "output.value": "done",
                "tool_call.id": "call_1",
            },
        ),
        (
            "openllmetry",
            {
                "traceloop.span.kind": "tool",
                "traceloop.entity.name": "book",
                "traceloop.entity.input": '{"args": [], "kwargs": {"day": "Friday"}}',
                "traceloop.entity.output": '"done"',
                "gen_ai.tool.call.id": "call_1",
            },
        ),
        (
            "vercel_ai_sdk",
            {
                "ai.operationId": "ai.toolCall",
                "ai.toolCall.name": "book",
                "ai.toolCall.id": "call_1",
                "ai.toolCall.args": '{"day": "Friday"}',
                "ai.toolCall.result": '"done"',
            },
        ),
        (
            "pydantic_ai",
            {
                "logfire.msg": "running tool: book",
                "gen_ai.tool.name": "book",
                "gen_ai.tool.call.id": "call_1",
                "tool_arguments": '{"day": "Friday"}',
                "tool_response": "done",
            },
        ),
        (
            "langfuse",
            {
                "langfuse.observation.type": "tool",
                "langfuse.observation.input": '{"day": "Friday"}',
                "langfuse.observation.output": '"done"',
                "gen_ai.tool.call.id": "call_1",
            },
        ),
        ("genai", tool_attributes(call_id="call_1")),
    ],
)
def test_every_dialect_tells_the_same_tool_run(
    pipeline: Pipeline, store: Store, name: str, attributes: dict[str, object]
) -> None:
    """A tool that ran is one call with its name, id, arguments and result."""
    span = otlp_span(attributes, number=1, name="book", trace="c-1")

    pipeline.accept(request_of(span), source="test")

    record = decision(store)
    thread = {"thread": str(record["thread_id"])}
    (call,) = store.reads("default").table("tool_calls_of_thread", thread).records()
    assert (record["decision_kind"], record["dialect"]) == ("tool_call", name)
    assert (call["tool"], call["call_key"]) == ("book", "call_1")
    assert json.loads(str(call["call_arguments"])) == {"day": "Friday"}
    assert str(call["call_result"]).strip('"') == "done"


@pytest.mark.parametrize(
    "attributes",
    [
        {
            "agent_name": "assistant",
            "gen_ai.usage.input_tokens": 24,
            "all_messages_events": '[{"event.name": "gen_ai.user.message", "content": "hi"}]',
            "final_result": "Booked.",
            "gen_ai.request.model": "gpt-4o",
        },
        {
            "gen_ai.operation.name": "chat",
            "pydantic_ai.all_messages": json.dumps([USER, ANSWER]),
            "final_result": "Booked.",
        },
        {
            "ai.operationId": "ai.generateText",
            "ai.prompt": '{"prompt": "Book Friday"}',
            "ai.response.text": "Booked.",
            "ai.usage.promptTokens": 12,
        },
        {
            "openinference.span.kind": "AGENT",
            "input.value": "Book Friday",
            "output.value": "Booked.",
        },
        {"traceloop.span.kind": "workflow", "traceloop.entity.name": "booking"},
        {"langfuse.observation.type": "agent", "langfuse.observation.output": "Booked."},
    ],
)
def test_a_run_around_model_turns_is_no_decision(
    pipeline: Pipeline, store: Store, attributes: dict[str, object]
) -> None:
    """The turns below it are recorded as spans of their own: each would count twice."""
    outcome = pipeline.accept(request_of(otlp_span(attributes, number=1)), source="test")

    table = store.reads("default").table("decision", {"decision": DECISION})
    assert outcome.stored == 1
    assert table.rows == ()


def test_a_model_that_asks_for_a_tool_is_a_tool_call(pipeline: Pipeline, store: Store) -> None:
    """Parallel calls of one answer are one decision with two calls."""
    attributes = {
        "openinference.span.kind": "LLM",
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": "Book both",
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.tool_calls.0.tool_call.id": "call_1",
        "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "book",
        "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": '{"n": 1}',
        "llm.output_messages.0.message.tool_calls.1.tool_call.id": "call_2",
        "llm.output_messages.0.message.tool_calls.1.tool_call.function.name": "pay",
        "llm.output_messages.0.message.tool_calls.1.tool_call.function.arguments": "not JSON",
    }

    pipeline.accept(request_of(otlp_span(attributes, number=1)), source="test")

    record = decision(store)
    assert record["decision_kind"] == "tool_call"
    assert record["tool_names"] == ["book", "pay"]


def test_a_customer_is_stored_as_a_pseudonym_only(redactor: Redactor) -> None:
    """Whatever a dialect calls the user's id, it does not reach the store."""
    store = MemoryStore()
    spans = [
        otlp_span({"gen_ai.operation.name": "chat", "user.id": "jane-7"}, number=1),
        otlp_span({"ai.operationId": "ai.x", "ai.telemetry.metadata.userId": "jane-7"}, number=2),
        otlp_span({"langfuse.observation.input": "a", "langfuse.user.id": "jane-7"}, number=3),
        otlp_span({"traceloop.association.properties.user_id": "jane-7"}, number=4),
    ]

    with Pipeline(store, redactor, keys=KEYS) as pipeline:
        pipeline.accept(request_of(*spans), source="test")

    pseudonyms = {row.span_attributes["enduser.pseudo.id"] for row in store.rows}
    assert len(pseudonyms) == 1
    assert "jane-7" not in str(store.rows)


@pytest.mark.parametrize(
    "attributes",
    [
        {"openinference.span.kind": "LLM", "llm.input_messages.999999999999.message.role": "user"},
        {"openinference.span.kind": "LLM", "llm.input_messages.0": "flat", "llm.tools.0": 5},
        {"openinference.span.kind": 7, "metadata": "[1, 2]"},
        {"gen_ai.prompt.0.content": 5, "gen_ai.prompt.0.content.deeper": "x"},
        {"gen_ai.completion.0.tool_calls": "text", "llm.request.functions.x": 1},
        {"ai.operationId": "ai.generateText.doGenerate", "ai.response.toolCalls": "[1, null]"},
        {"ai.operationId": "ai.streamText.doStream", "ai.prompt.messages": '{"a": '},
        {"all_messages_events": "null", "events": "null"},
        {
            "events": '[5, {"event.name": "gen_ai.choice", "message": 5}]',
            "logfire.a": 1,
            "gen_ai.system": 1,
        },
        {"request_data": "[]", "response_data": "7", "logfire.a": 1},
        {"langfuse.observation.type": "generation", "langfuse.observation.input": "[[[]]]"},
        {"gen_ai.input.messages": [1, {"role": 5}], "gen_ai.usage.input_tokens": "many"},
        {"gen_ai.operation.name": ["chat"], "gen_ai.response.finish_reasons": 5},
    ],
)
def test_what_a_dialect_does_not_expect_is_still_stored(
    redactor: Redactor, attributes: dict[str, object]
) -> None:
    """No span is lost because its sender wrote something else where messages should be."""
    store = MemoryStore()

    with Pipeline(store, redactor, keys=KEYS) as pipeline:
        outcome = pipeline.accept(request_of(otlp_span(attributes, number=1)), source="test")

    assert (outcome.stored, outcome.rejected) == (1, 0)
