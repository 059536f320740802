"""A scripted OpenAI-compatible endpoint on a free local port: chat and responses, also streamed.

```python
asked = Reply(tool_calls=(Call("book", {"day": "Friday"}),))
with openai_server(asked, Reply("Booked.")) as server:
    client = openai.OpenAI(base_url=server.base_url, api_key="unused")
```
Replies are given in the order of the requests; the last one is repeated.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    Event = dict[str, Any]

MODEL_SERVED = "gpt-4o-mini-2024-07-18"
_CREATED_S = 1_750_000_000


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call the model asks for."""

    name: str
    arguments: dict[str, object] = field(default_factory=dict[str, object])
    id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the endpoint answers to one request."""

    text: str = ""
    tool_calls: tuple[Call, ...] = ()
    status: int = 200
    error: str = "The request was refused."


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the endpoint got it."""

    path: str
    body: dict[str, Any]


class OpenAIServer:
    """The endpoint, its address and what it was asked."""

    def __init__(self, script: Callable[[Request], Reply]) -> None:
        self.requests: list[Request] = []
        self._script = script
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def base_url(self) -> str:
        """What the client takes as ``base_url``."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def answer(self, request: Request) -> tuple[Reply, int]:
        """The next reply of the script and its number."""
        with self._lock:
            self.requests.append(request)
            return self._script(request), len(self.requests)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)


@contextmanager
def openai_server(
    *replies: Reply, script: Callable[[Request], Reply] | None = None
) -> Generator[OpenAIServer]:
    """Run an endpoint that gives these replies, or whatever the script says."""
    server = OpenAIServer(script or _in_order(replies or (Reply("How can I help?"),)))
    server.start()
    try:
        yield server
    finally:
        server.close()


def _in_order(replies: tuple[Reply, ...]) -> Callable[[Request], Reply]:
    remaining = list(replies)

    def script(_request: Request) -> Reply:
        return remaining.pop(0) if len(remaining) > 1 else remaining[0]

    return script


def _handler_for(server: OpenAIServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # the name is http.server's
            length = int(self.headers.get("content-length", "0"))
            body = cast("dict[str, Any]", json.loads(self.rfile.read(length)))
            reply, number = server.answer(Request(path=self.path, body=body))
            is_chat = self.path.endswith("/chat/completions")
            if reply.status != 200:
                error = {"message": reply.error, "type": "requests", "code": "refused"}
                self._send_json(reply.status, {"error": error})
            elif body.get("stream"):
                make = _chat_events if is_chat else _response_events
                self._send_events(make(reply, number, body))
            else:
                make_one = _completion if is_chat else _response
                self._send_json(200, make_one(reply, number, body))

        def _send_json(self, status: int, value: object) -> None:
            encoded = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        def _send_events(self, events: Iterator[Event]) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("connection", "close")
            self.end_headers()
            self.close_connection = True
            try:
                for event in events:
                    name = f"event: {event['type']}\n" if "type" in event else ""
                    self.wfile.write(f"{name}data: {json.dumps(event)}\n\n".encode())
                    self.wfile.flush()
                self.wfile.write(b"data: [DONE]\n\n")
            except (BrokenPipeError, ConnectionResetError):
                return  # the client abandoned the stream

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep the tests' output clean."""

    return Handler


def _call_id(call: Call, number: int, index: int) -> str:
    return call.id or f"call_{number}_{index}"


def _tool_calls(reply: Reply, number: int) -> list[Event]:
    return [
        {
            "id": _call_id(call, number, index),
            "type": "function",
            "function": {"name": call.name, "arguments": json.dumps(call.arguments)},
        }
        for index, call in enumerate(reply.tool_calls)
    ]


def _completion(reply: Reply, number: int, _body: Event) -> Event:
    message: Event = {"role": "assistant", "content": reply.text or None}
    if reply.tool_calls:
        message["tool_calls"] = _tool_calls(reply, number)
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": _CREATED_S,
        "model": MODEL_SERVED,
        "choices": [
            {
                "index": 0,
                "message": message,
                "finish_reason": "tool_calls" if reply.tool_calls else "stop",
            }
        ],
        "usage": {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25},
    }


def _chat_events(reply: Reply, number: int, body: Event) -> Iterator[Event]:
    def chunk(delta: Event, finish: str | None = None) -> Event:
        return {
            "id": f"chatcmpl-{number}",
            "object": "chat.completion.chunk",
            "created": _CREATED_S,
            "model": MODEL_SERVED,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }

    yield chunk({"role": "assistant", "content": ""})
    for word in reply.text.split(" ") if reply.text else []:
        yield chunk({"content": f"{word} "})
    for index, call in enumerate(_tool_calls(reply, number)):
        function = call["function"]
        half = len(function["arguments"]) // 2
        started = {**call, "index": index, "function": {"name": function["name"], "arguments": ""}}
        yield chunk({"tool_calls": [started]})
        for piece in (function["arguments"][:half], function["arguments"][half:]):
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    yield chunk({}, "tool_calls" if reply.tool_calls else "stop")
    options = cast("dict[str, object]", body.get("stream_options") or {})
    if options.get("include_usage"):
        usage = {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25}
        yield {**chunk({}), "choices": [], "usage": usage}


def _output_items(reply: Reply, number: int) -> list[Event]:
    items: list[Event] = []
    if reply.text:
        content: Event = {"type": "output_text", "text": reply.text, "annotations": []}
        items.append(
            {
                "id": f"msg_{number}",
                "type": "message",
                "role": "assistant",
                "status": "completed",
                "content": [content],
            }
        )
    for index, call in enumerate(reply.tool_calls):
        items.append(  # a nested literal reads better in a loop
            {
                "id": f"fc_{number}_{index}",
                "type": "function_call",
                "call_id": _call_id(call, number, index),
                "name": call.name,
                "arguments": json.dumps(call.arguments),
                "status": "completed",
            }
        )
    return items


def _response(reply: Reply, number: int, body: Event) -> Event:
    return {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": _CREATED_S,
        "status": "completed",
        "model": MODEL_SERVED,
        "output": _output_items(reply, number),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": body.get("tools", []),
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "metadata": {},
        "usage": {
            "input_tokens": 20,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 5,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 25,
        },
    }


def _response_events(reply: Reply, number: int, body: Event) -> Iterator[Event]:
    full = _response(reply, number, body)
    sequence = 0

    def event(kind: str, **fields: object) -> Event:
        nonlocal sequence
        sequence += 1
        return {"type": kind, "sequence_number": sequence, **fields}

    yield event("response.created", response={**full, "status": "in_progress", "output": []})
    for index, item in enumerate(full["output"]):
        started = {**item, "status": "in_progress"}
        if item["type"] == "message":
            place = {"item_id": item["id"], "output_index": index, "content_index": 0}
            empty: Event = {"type": "output_text", "text": "", "annotations": []}
            yield event(
                "response.output_item.added", output_index=index, item={**started, "content": []}
            )
            yield event("response.content_part.added", **place, part=empty)
            for word in reply.text.split(" "):
                yield event("response.output_text.delta", **place, delta=f"{word} ", logprobs=[])
            yield event("response.output_text.done", **place, text=reply.text, logprobs=[])
        else:
            place = {"item_id": item["id"], "output_index": index}
            yield event(
                "response.output_item.added", output_index=index, item={**started, "arguments": ""}
            )
            yield event("response.function_call_arguments.delta", **place, delta=item["arguments"])
            yield event(
                "response.function_call_arguments.done",
                **place,
                name=item["name"],
                arguments=item["arguments"],
            )
        yield event("response.output_item.done", output_index=index, item=item)
    yield event("response.completed", response=full)
