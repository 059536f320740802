"""OpenAI's two wire formats, on the side of the endpoint: requests in, answers out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, cast

from trainingloop.demo._dice import digest
from trainingloop.demo._messages import Message, Request, ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.demo._messages import Answer

Json = dict[str, object]
_CREATED: Final = 1_780_000_000
"""A fixed moment: what is answered depends on the request alone."""
_CHARACTERS_PER_TOKEN: Final = 4
_WORDS_PER_CHUNK: Final = 3


def chat_request(body: Json) -> Request:
    """Read the body of ``POST /v1/chat/completions``."""
    entries = _objects(body.get("messages"))
    system = [_text(entry.get("content")) for entry in entries if _is_system(entry)]
    return Request(
        model=str(body.get("model")),
        instructions="\n".join(system),
        messages=tuple(_chat_message(entry) for entry in entries if not _is_system(entry)),
        tools=frozenset(
            str(_object(tool.get("function")).get("name")) for tool in _objects(body.get("tools"))
        ),
        forced_tool=_forced(_object(_object(body.get("tool_choice")).get("function"))),
        allows_parallel_calls=body.get("parallel_tool_calls") is not False,
    )


def responses_request(body: Json) -> Request:
    """Read the body of ``POST /v1/responses``."""
    given = body.get("input")
    said: Json = {"role": "user", "content": given}
    items = [said] if isinstance(given, str) else _objects(given)
    return Request(
        model=str(body.get("model")),
        instructions=_text(body.get("instructions")),
        messages=tuple(_response_item(item) for item in items),
        tools=frozenset(str(tool.get("name")) for tool in _objects(body.get("tools"))),
        forced_tool=_forced(_object(body.get("tool_choice"))),
        allows_parallel_calls=body.get("parallel_tool_calls") is not False,
    )


def chat_completion(request: Request, answer: Answer) -> Json:
    """Give the whole answer to a chat completion."""
    message: Json = {"role": "assistant", "content": answer.text or None, "refusal": None}
    if answer.calls:
        message["tool_calls"] = [_chat_call(call) for call in answer.calls]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(answer)}
    head = _chat_head(request, "chat.completion")
    return {**head, "choices": [choice], "usage": chat_usage(request, answer)}


def chat_chunks(request: Request, answer: Answer, *, has_usage: bool) -> Iterator[Json]:
    """Give the same answer in pieces, as a stream sends it."""
    head = _chat_head(request, "chat.completion.chunk")

    def chunk(delta: Json, finish: str | None = None) -> Json:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    yield chunk({"role": "assistant", "content": "" if answer.text else None})
    for piece in _pieces(answer.text):
        yield chunk({"content": piece})
    for at, call in enumerate(answer.calls):
        started = {**_chat_call(call), "function": {"name": call.name, "arguments": ""}}
        yield chunk({"tool_calls": [{"index": at, **started}]})
        middle = len(call.arguments) // 2
        for part in (call.arguments[:middle], call.arguments[middle:]):
            yield chunk({"tool_calls": [{"index": at, "function": {"arguments": part}}]})
    yield chunk({}, _finish(answer))
    if has_usage:
        yield {**head, "choices": [], "usage": chat_usage(request, answer)}


def chat_usage(request: Request, answer: Answer) -> Json:
    """Count the tokens the way a chat completion reports them."""
    prompt, completion = _tokens(request), answer_tokens(answer)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": _cached_tokens(request)},
    }


def response(request: Request, answer: Answer) -> Json:
    """Give the whole answer of the Responses API."""
    prompt, completion = _tokens(request), answer_tokens(answer)
    identity = _identity(request)
    output = [_response_call(call) for call in answer.calls] or [_response_text(identity, answer)]
    return {
        "id": f"resp_{identity}",
        "object": "response",
        "created_at": _CREATED,
        "model": request.model,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": request.instructions,
        "metadata": {},
        "output": output,
        "parallel_tool_calls": request.allows_parallel_calls,
        "temperature": 1.0,
        "top_p": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": prompt,
            "input_tokens_details": {"cached_tokens": _cached_tokens(request)},
            "output_tokens": completion,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": prompt + completion,
        },
    }


def error(kind: str, message: str) -> Json:
    """Give an error in the shape the client reads."""
    return {"error": {"message": message, "type": kind, "param": None, "code": kind}}


def answer_tokens(answer: Answer) -> int:
    """Count the tokens of an answer."""
    written = answer.text + "".join(call.name + call.arguments for call in answer.calls)
    return max(1, len(written) // _CHARACTERS_PER_TOKEN)


def parse(body: bytes) -> Json | None:
    """Read a JSON object, or nothing if it is none."""
    try:
        parsed: object = json.loads(body)
    except ValueError:
        return None
    return _object(parsed) or None


def _chat_message(entry: Json) -> Message:
    role = entry.get("role")
    if role == "tool":
        text = _text(entry.get("content"))
        return Message(role="tool", text=text, call_id=str(entry.get("tool_call_id")))
    calls = tuple(
        ToolCall(id=str(call.get("id")), name=str(made["name"]), arguments=str(made["arguments"]))
        for call in _objects(entry.get("tool_calls"))
        for made in (_object(call.get("function")),)
    )
    text = _text(entry.get("content"))
    return Message(role="assistant" if role == "assistant" else "user", text=text, calls=calls)


def _response_item(item: Json) -> Message:
    if item.get("type") == "function_call_output":
        text = _text(item.get("output"))
        return Message(role="tool", text=text, call_id=str(item.get("call_id")))
    if item.get("type") == "function_call":
        call = ToolCall(
            id=str(item.get("call_id")),
            name=str(item.get("name")),
            arguments=str(item.get("arguments")),
        )
        return Message(role="assistant", calls=(call,))
    is_assistant = item.get("role") == "assistant"
    return Message(role="assistant" if is_assistant else "user", text=_text(item.get("content")))


def _chat_head(request: Request, kind: str) -> Json:
    identity = f"chatcmpl-{_identity(request)}"
    return {"id": identity, "object": kind, "created": _CREATED, "model": request.model}


def _chat_call(call: ToolCall) -> Json:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function}


def _response_call(call: ToolCall) -> Json:
    return {
        "type": "function_call",
        "id": f"fc_{call.id}",
        "call_id": call.id,
        "name": call.name,
        "arguments": call.arguments,
        "status": "completed",
    }


def _response_text(identity: str, answer: Answer) -> Json:
    return {
        "type": "message",
        "id": f"msg_{identity}",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": answer.text, "annotations": []}],
    }


def _finish(answer: Answer) -> str:
    return "tool_calls" if answer.calls else "stop"


def _pieces(text: str) -> Iterator[str]:
    words = text.split(" ")
    for at in range(0, len(words) if text else 0, _WORDS_PER_CHUNK):
        lead = " " if at else ""
        yield lead + " ".join(words[at : at + _WORDS_PER_CHUNK])


def _identity(request: Request) -> str:
    return digest(request.model, request.instructions, *(repr(item) for item in request.messages))


def _tokens(request: Request) -> int:
    characters = len(request.instructions) + sum(_size(item) for item in request.messages)
    return characters // _CHARACTERS_PER_TOKEN + 12 * len(request.tools)


def _cached_tokens(request: Request) -> int:
    """A provider caches the stable head once a conversation goes on."""
    is_later = len(request.messages) > 1
    return len(request.instructions) // _CHARACTERS_PER_TOKEN if is_later else 0


def _size(message: Message) -> int:
    return len(message.text) + sum(len(call.arguments) + len(call.name) for call in message.calls)


def _is_system(entry: Json) -> bool:
    return entry.get("role") in {"system", "developer"}


def _forced(choice: Mapping[str, object]) -> str | None:
    return str(choice["name"]) if "name" in choice else None


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    return " ".join(str(part.get("text", "")) for part in _objects(content))


def _object(value: object) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}


def _objects(value: object) -> list[Json]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("Json", item) for item in items if isinstance(item, dict)]
