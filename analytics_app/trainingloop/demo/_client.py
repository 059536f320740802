"""How the assistant asks its model: through the openai client, in the form its plan says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from openai import DefaultHttpxClient, InternalServerError, OpenAI, RateLimitError
from openai.types.chat import ChatCompletionMessageFunctionToolCall

from trainingloop.demo._calendar import spend
from trainingloop.demo._endpoint import ATTEMPT_HEADER, PROCESSING_HEADER
from trainingloop.demo._messages import Answer, Message, Request, ToolCall
from trainingloop.demo._plans import MINI_MODEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import httpx2
    from openai import Stream
    from openai.types.chat import (
        ChatCompletionChunk,
        ChatCompletionFunctionToolParam,
        ChatCompletionMessageFunctionToolCallParam,
        ChatCompletionMessageParam,
        ChatCompletionToolChoiceOptionParam,
    )
    from openai.types.responses import FunctionToolParam, ResponseInputItemParam

_ATTEMPTS: Final = (1, 2)
_TEMPERATURE: Final = 0.2


class ModelUnavailableError(RuntimeError):
    """The model did not answer, not even at the second try."""


def openai_client(base_url: str) -> OpenAI:
    """Give a client of the local endpoint; trying again is the assistant's own business."""
    http_client = DefaultHttpxClient(event_hooks={"response": [_spend_processing_time]})
    return OpenAI(
        base_url=base_url, api_key="demo", max_retries=0, timeout=20.0, http_client=http_client
    )


def _spend_processing_time(response: httpx2.Response) -> None:
    """Let the time pass that the answer would have taken; it runs inside the recorded call."""
    spend(float(response.headers.get(PROCESSING_HEADER, 0)) / 1000)


class Model:
    """One model, asked the way this model is served."""

    def __init__(
        self,
        client: OpenAI,
        *,
        is_streamed: bool,
        tools: Sequence[ChatCompletionFunctionToolParam],
    ) -> None:
        self._client = client
        self._is_streamed = is_streamed
        self._tools = tools
        self.calls = 0
        """How often it was asked, failed tries included."""

    def answer(self, request: Request) -> Answer:
        """Ask once more after a rate limit, and give up after a fault."""
        for attempt in _ATTEMPTS:
            self.calls += 1
            try:
                return self._ask(request, {ATTEMPT_HEADER: str(attempt)})
            except RateLimitError:
                continue
            except InternalServerError as error:
                raise ModelUnavailableError from error
        raise ModelUnavailableError

    def _ask(self, request: Request, headers: dict[str, str]) -> Answer:
        if request.model == MINI_MODEL:
            return self._respond(request, headers)
        return self._stream(request, headers) if self._is_streamed else self._chat(request, headers)

    def _chat(self, request: Request, headers: dict[str, str]) -> Answer:
        completion = self._client.chat.completions.create(
            model=request.model,
            messages=_chat_messages(request),
            tools=self._tools,
            tool_choice=_tool_choice(request),
            parallel_tool_calls=request.allows_parallel_calls,
            temperature=_TEMPERATURE,
            extra_headers=headers,
        )
        message = completion.choices[0].message
        calls = tuple(
            ToolCall(id=call.id, name=call.function.name, arguments=call.function.arguments)
            for call in message.tool_calls or ()
            if isinstance(call, ChatCompletionMessageFunctionToolCall)
        )
        return Answer(text=message.content or "", calls=calls)

    def _stream(self, request: Request, headers: dict[str, str]) -> Answer:
        stream = self._client.chat.completions.create(
            model=request.model,
            messages=_chat_messages(request),
            tools=self._tools,
            tool_choice=_tool_choice(request),
            parallel_tool_calls=request.allows_parallel_calls,
            temperature=_TEMPERATURE,
            stream=True,
            stream_options={"include_usage": True},
            extra_headers=headers,
        )
        return _joined(stream)

    def _respond(self, request: Request, headers: dict[str, str]) -> Answer:
        given = self._client.responses.create(
            model=request.model,
            instructions=request.instructions,
            input=[item for message in request.messages for item in _items(message)],
            tools=[_response_tool(tool) for tool in self._tools],
            tool_choice={"type": "function", "name": request.forced_tool}
            if request.forced_tool
            else "auto",
            parallel_tool_calls=request.allows_parallel_calls,
            extra_headers=headers,
        )
        calls = tuple(
            ToolCall(id=item.call_id, name=item.name, arguments=item.arguments)
            for item in given.output
            if item.type == "function_call"
        )
        return Answer(text=given.output_text, calls=calls)


def _joined(stream: Stream[ChatCompletionChunk]) -> Answer:
    """Put the pieces of a stream together, as an agent that shows them as they come has to."""
    text: list[str] = []
    calls: dict[int, ToolCall] = {}
    for chunk in stream:
        for choice in chunk.choices:
            text.append(choice.delta.content or "")
            for piece in choice.delta.tool_calls or ():
                made = piece.function
                before = calls.get(piece.index, ToolCall(id="", name="", arguments=""))
                calls[piece.index] = ToolCall(
                    id=before.id or piece.id or "",
                    name=before.name or (made.name if made else None) or "",
                    arguments=before.arguments + ((made.arguments if made else None) or ""),
                )
    return Answer(text="".join(text), calls=tuple(calls[at] for at in sorted(calls)))


def _tool_choice(request: Request) -> ChatCompletionToolChoiceOptionParam:
    if request.forced_tool is None:
        return "auto"
    return {"type": "function", "function": {"name": request.forced_tool}}


def _chat_messages(request: Request) -> list[ChatCompletionMessageParam]:
    messages: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": request.instructions}
    ]
    messages.extend(_chat_message(message) for message in request.messages)
    return messages


def _chat_message(message: Message) -> ChatCompletionMessageParam:
    if message.role == "user":
        return {"role": "user", "content": message.text}
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.call_id, "content": message.text}
    if not message.calls:
        return {"role": "assistant", "content": message.text}
    return {"role": "assistant", "tool_calls": [_chat_call(call) for call in message.calls]}


def _chat_call(call: ToolCall) -> ChatCompletionMessageFunctionToolCallParam:
    return {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": call.arguments},
    }


def _items(message: Message) -> Iterable[ResponseInputItemParam]:
    if message.role == "tool":
        yield {
            "type": "function_call_output",
            "call_id": message.call_id,
            "output": message.text,
        }
    elif message.calls:
        for call in message.calls:
            yield {
                "type": "function_call",
                "call_id": call.id,
                "name": call.name,
                "arguments": call.arguments,
            }
    else:
        yield {"role": message.role, "content": message.text}


def _response_tool(tool: ChatCompletionFunctionToolParam) -> FunctionToolParam:
    function = tool["function"]
    return {
        "type": "function",
        "name": function["name"],
        "description": function.get("description"),
        "parameters": function.get("parameters"),
        "strict": False,
    }
