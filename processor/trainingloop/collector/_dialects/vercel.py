"""Vercel AI SDK: ``ai.*`` on an outer span for the call and an inner one for each model turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.collector._anyvalue import json_text
from trainingloop.collector._dialects import genai
from trainingloop.collector._dialects._messages import messages, tool_call
from trainingloop.collector._dialects._values import (
    Attributes,
    fill,
    items,
    parsed,
    pop_first,
    rename,
)
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from trainingloop.collector._draft import Draft

NAME: Final = "vercel_ai_sdk"

_OPERATION: Final = "ai.operationId"
_TOOL_OPERATION: Final = "ai.toolCall"
_METADATA: Final = "ai.telemetry.metadata."
_SETTINGS: Final = "ai.settings."
_RENAMED: Final = (
    ("ai.model.id", semconv.REQUEST_MODEL),
    ("ai.model.provider", semconv.PROVIDER_NAME),
    ("ai.response.model", semconv.RESPONSE_MODEL),
    ("ai.response.id", semconv.RESPONSE_ID),
    ("ai.response.finishReason", semconv.FINISH_REASONS),
    ("ai.usage.inputTokens", semconv.INPUT_TOKENS),
    ("ai.usage.promptTokens", semconv.INPUT_TOKENS),
    ("ai.usage.outputTokens", semconv.OUTPUT_TOKENS),
    ("ai.usage.completionTokens", semconv.OUTPUT_TOKENS),
    ("ai.usage.cachedInputTokens", semconv.CACHE_READ_TOKENS),
    ("ai.usage.reasoningTokens", semconv.REASONING_TOKENS),
    ("ai.telemetry.functionId", semconv.AGENT_NAME),
)
_CONTENT: Final = (
    "ai.prompt",
    "ai.prompt.messages",
    "ai.prompt.tools",
    "ai.prompt.toolChoice",
    "ai.response.text",
    "ai.response.object",
    "ai.response.reasoning",
    "ai.response.toolCalls",
    "ai.result.text",
    "ai.result.object",
    "ai.result.toolCalls",
)


def is_spoken(draft: Draft, families: frozenset[str]) -> bool:
    """Whether the span names an operation of the SDK."""
    return "ai" in families and str(draft.attributes.get(_OPERATION, "")).startswith("ai.")


def translate(draft: Draft) -> None:
    """Write the inner spans as model turns and the outer ones as what they are: an agent's turn."""
    attributes = draft.attributes
    operation = str(attributes[_OPERATION])
    # They hold the authorisation of the call to the provider.
    for key in [key for key in attributes if key.startswith("ai.request.headers.")]:
        del attributes[key]
    if operation == _TOOL_OPERATION:
        _translate_tool(attributes)
    elif operation.endswith((".doGenerate", ".doStream")):
        _translate_turn(attributes)
    elif operation.startswith(("ai.generate", "ai.stream")):
        # Its prompt and answer are those of the turns below it.
        pop_first(attributes, *_CONTENT)
        attributes[semconv.OPERATION_NAME] = semconv.OPERATION_INVOKE_AGENT
    rename(attributes, _RENAMED)
    _translate_metadata(attributes)


def _translate_turn(attributes: Attributes) -> None:
    content = {name: attributes.pop(name, None) for name in _CONTENT}
    parts: list[object] = []
    if reasoning := content["ai.response.reasoning"]:
        parts.append({"type": "reasoning", "content": str(reasoning)})
    text = next((content[name] for name in _ANSWERS if content[name]), None)
    if text:
        parts.append({"type": "text", "content": str(text)})
    calls = items(content["ai.response.toolCalls"] or content["ai.result.toolCalls"])
    parts += [tool_call(call) for call in calls]
    genai.set_turn(
        attributes,
        given=messages(content["ai.prompt.messages"] or content["ai.prompt"], role="user"),
        answered=[{"role": "assistant", "parts": parts}] if parts else [],
        tools=content["ai.prompt.tools"],
    )
    attributes[semconv.OPERATION_NAME] = semconv.OPERATION_CHAT
    _translate_settings(attributes, content["ai.prompt.toolChoice"])


_ANSWERS: Final = ("ai.response.text", "ai.result.text", "ai.response.object", "ai.result.object")


def _translate_settings(attributes: Attributes, tool_choice: object) -> None:
    """Keep what a replay has to repeat."""
    settings = {
        key.removeprefix(_SETTINGS): attributes.pop(key)
        for key in [key for key in attributes if key.startswith(_SETTINGS)]
    }
    if tool_choice is not None:
        settings["toolChoice"] = parsed(tool_choice)  # type: ignore[assignment]  # JSON of the SDK
    if settings:
        fill(attributes, semconv.REQUEST_PARAMS, json_text(settings))


def _translate_tool(attributes: Attributes) -> None:
    attributes[semconv.OPERATION_NAME] = semconv.OPERATION_EXECUTE_TOOL
    rename(
        attributes,
        (
            ("ai.toolCall.name", semconv.TOOL_NAME),
            ("ai.toolCall.id", semconv.TOOL_CALL_ID),
            ("ai.toolCall.args", semconv.TOOL_CALL_ARGUMENTS),
            ("ai.toolCall.input", semconv.TOOL_CALL_ARGUMENTS),
            ("ai.toolCall.result", semconv.TOOL_CALL_RESULT),
            ("ai.toolCall.output", semconv.TOOL_CALL_RESULT),
        ),
    )


def _translate_metadata(attributes: Attributes) -> None:
    fill(
        attributes,
        semconv.CONVERSATION_ID,
        pop_first(
            attributes,
            *(
                f"{_METADATA}{name}"
                for name in ("conversationId", "sessionId", "threadId", "chatId", "session_id")
            ),
        ),
    )
    fill(attributes, "user.id", pop_first(attributes, f"{_METADATA}userId", f"{_METADATA}user_id"))
