"""A scripted OpenAI-compatible endpoint for replays: quick, and as bad as it is told to be.

```python
with replay_endpoint(script=lambda asked: Good("Booked.")) as endpoint:
    Endpoint(base_url=endpoint.base_url)
```
Chat completions, responses and moderations, never streamed. It runs in a thread; as a process of
its own, ``python -m support.replay_endpoint --delay-ms 50 --limit 16`` prints its address and
answers ``GET /count`` with how many questions it was asked.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import socket
import struct
import sys
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Generator, Mapping

    Json = dict[str, Any]

MODEL_SERVED = "scripted-model-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as the endpoint got it."""

    number: int
    """From 1, over all paths."""
    path: str
    headers: dict[str, str]
    body: Json

    @property
    def is_chat(self) -> bool:
        """Whether it is a chat completion."""
        return self.path.endswith("/chat/completions")


@dataclass(frozen=True, slots=True)
class Good:
    """An answer as it should be."""

    text: str = "How can I help?"
    calls: tuple[tuple[str, dict[str, object]], ...] = ()
    """Tools and their arguments."""
    finish: str = ""
    """Of a chat: what it says instead of ``stop`` or ``tool_calls``."""
    refusal: str = ""
    flagged: tuple[str, ...] = ()
    """Of a moderation."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    delay_s: float = 0.0
    input_tokens: int = 20
    output_tokens: int = 5


@dataclass(frozen=True, slots=True)
class Raw:
    """Any status, headers and body: errors, redirects, garbage."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection is reset, with nothing or with half an answer sent."""

    after_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Hang:
    """Nothing comes, or one byte of a body now and then, until the client goes away."""

    drip_s: float = 0.0
    """Between the bytes; 0 sends none, not even a header."""


@dataclass(frozen=True, slots=True)
class Flood:
    """A body that does not end."""


Reaction = Good | Raw | Drop | Hang | Flood


def refused(status: int, code: str = "", **headers: str) -> Raw:
    """Return an error as OpenAI words them; header names with underscores for hyphens."""
    error = {"message": "The endpoint's own words.", "type": "invalid_request_error", "code": code}
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Raw(status, json.dumps({"error": error}).encode(), names)


def in_order(*reactions: Reaction) -> Callable[[Asked], Reaction]:
    """Return a script that gives each once and repeats the last."""
    return lambda asked: reactions[min(asked.number, len(reactions)) - 1]


def noisy(texts: tuple[str, ...], seed: int) -> Callable[[Asked], Reaction]:
    """Return a script that answers with any of the texts, by chance."""
    chance = random.Random(seed)
    return lambda _asked: Good(chance.choice(texts))


class ReplayEndpoint:
    """A running endpoint: its address, and what it was asked."""

    def __init__(
        self,
        script: Callable[[Asked], Reaction],
        *,
        limit: int,
        keep: bool,
        tls: ssl.SSLContext | None,
    ) -> None:
        self.asked: list[Asked] = []
        """In the order of arrival; empty when it does not keep them."""
        self.paths: Counter[str] = Counter()
        self.count = 0
        self.at_once = 0
        """Questions that are being answered now."""
        self.most_at_once = 0
        self._script = script
        self._limit = limit
        self._keep = keep
        self._tls = tls
        self._writers: set[asyncio.StreamWriter] = set()
        self._is_serving = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def base_url(self) -> str:
        """What a client takes as ``base_url``."""
        if self._tls is not None:
            return f"https://localhost:{self.port}/v1"
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()
        assert self._is_serving.wait(30)

    def close(self) -> None:
        """Stop, in the middle of whatever is under way."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            serving = asyncio.start_server(
                self._serve, sock=self._listener, limit=1 << 26, ssl=self._tls
            )
            server = self._loop.run_until_complete(serving)
            self._loop.call_soon(self._is_serving.set)
            self._loop.run_forever()
            server.close()
            self._loop.run_until_complete(self._end())
        finally:
            self._loop.close()
            self._listener.close()

    async def _end(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while await self._take(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client, or the test, is done
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(_header(line) for line in head[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        path = head[0].split(" ")[1]
        if path == "/count":
            writer.write(_answer(200, json.dumps({"count": self.count}).encode(), {}))
            return True
        asked = self._note(path, headers, body)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.at_once > self._limit:
                writer.write(_answer(*_TOO_MANY))
                return True
            return await self._react(self._script(asked), asked, writer)
        finally:
            self.at_once -= 1

    def _note(self, path: str, headers: dict[str, str], body: bytes) -> Asked:
        self.count += 1
        self.paths[path] += 1
        asked = Asked(number=self.count, path=path, headers=headers, body=_decoded(body))
        if self._keep:
            self.asked.append(asked)
        return asked

    async def _react(self, reaction: Reaction, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        """Do what the script says; return whether the connection goes on."""
        if isinstance(reaction, Good | Raw):
            if reaction.delay_s:
                await asyncio.sleep(reaction.delay_s)
            body = reaction.body if isinstance(reaction, Raw) else _encoded(reaction, asked)
            status = reaction.status if isinstance(reaction, Raw) else 200
            writer.write(_answer(status, body, reaction.headers))
            return True
        if isinstance(reaction, Drop):
            if reaction.after_bytes:
                writer.write(_begun(b" " * reaction.after_bytes))
                await writer.drain()
            _reset(writer)
        elif isinstance(reaction, Hang):
            await _hang(reaction, writer)
        else:
            await _flood(writer)
        return False


@contextmanager
def replay_endpoint(
    *reactions: Reaction,
    script: Callable[[Asked], Reaction] | None = None,
    limit: int = 1_000_000,
    keep: bool = True,
    tls: ssl.SSLContext | None = None,
) -> Generator[ReplayEndpoint]:
    """Run an endpoint in a thread.

    Args:
        reactions: one for each question in their order; the last is repeated.
        script: what to do for each question, instead.
        limit: how many questions at once are answered; more are told 429.
        keep: whether to keep the questions, beside counting them.
        tls: a server's certificate for ``localhost``; None speaks plain HTTP.
    """
    endpoint = ReplayEndpoint(
        script or in_order(*(reactions or (Good(),))), limit=limit, keep=keep, tls=tls
    )
    endpoint.start()
    try:
        yield endpoint
    finally:
        endpoint.close()


async def _hang(reaction: Hang, writer: asyncio.StreamWriter) -> None:
    if not reaction.drip_s:
        await asyncio.Event().wait()
    writer.write(_begun(b""))
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(reaction.drip_s)


async def _flood(writer: asyncio.StreamWriter) -> None:
    writer.write(_begun(b""))
    while True:
        writer.write(b" " * (1 << 20))
        await writer.drain()


def _decoded(body: bytes) -> Json:
    """Return what was sent; exporters send no JSON."""
    try:
        return cast("Json", json.loads(body))
    except ValueError:
        return {}


def _begun(body: bytes) -> bytes:
    """Return the beginning of an answer that promises sixteen gigabytes."""
    return _answer(200, body, {"content-length": str(1 << 34)})


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a reset, as a machine that has died does."""
    sock = cast("socket.socket", writer.get_extra_info("socket"))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


def _answer(status: int, body: bytes, headers: Mapping[str, str]) -> bytes:
    lower = {name.lower(): value for name, value in headers.items()}
    lines = {"content-type": "application/json", "content-length": str(len(body)), **lower}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Scripted\r\n{head}\r\n".encode() + body


def _encoded(reply: Good, asked: Asked) -> bytes:
    return json.dumps(_body(reply, asked)).encode()


def _body(reply: Good, asked: Asked) -> Json:
    if asked.path.endswith("/moderations"):
        flags = {"harassment": False, **dict.fromkeys(reply.flagged, True)}
        result = {"flagged": bool(reply.flagged), "categories": flags, "category_scores": {}}
        return {"id": f"modr-{asked.number}", "model": MODEL_SERVED, "results": [result]}
    return _chat(reply, asked) if asked.is_chat else _response(reply, asked)


def _chat(reply: Good, asked: Asked) -> Json:
    message: Json = {"role": "assistant", "content": reply.text or None}
    if reply.refusal:
        message["refusal"] = reply.refusal
    if reply.calls:
        message["tool_calls"] = [
            {
                "id": f"call_{asked.number}_{index}",
                "type": "function",
                "function": {"name": name, "arguments": json.dumps(arguments)},
            }
            for index, (name, arguments) in enumerate(reply.calls)
        ]
    finish = reply.finish or ("tool_calls" if reply.calls else "stop")
    return {
        "id": f"chatcmpl-{asked.number}",
        "object": "chat.completion",
        "created": 1_750_000_000,
        "model": MODEL_SERVED,
        "system_fingerprint": "fp_scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {
            "prompt_tokens": reply.input_tokens,
            "completion_tokens": reply.output_tokens,
            "total_tokens": reply.input_tokens + reply.output_tokens,
        },
    }


def _response(reply: Good, asked: Asked) -> Json:
    parts: list[Json] = []
    if reply.text:
        parts.append({"type": "output_text", "text": reply.text, "annotations": []})
    if reply.refusal:
        parts.append({"type": "refusal", "refusal": reply.refusal})
    message = {"id": f"msg_{asked.number}", "type": "message", "role": "assistant"}
    calls = [
        {
            "type": "function_call",
            "id": f"fc_{asked.number}_{index}",
            "call_id": f"call_{asked.number}_{index}",
            "name": name,
            "arguments": json.dumps(arguments),
            "status": "completed",
        }
        for index, (name, arguments) in enumerate(reply.calls)
    ]
    is_whole = reply.finish in {"", "stop", "tool_calls"}
    return {
        "id": f"resp_{asked.number}",
        "object": "response",
        "created_at": 1_750_000_000,
        "status": "completed" if is_whole else "incomplete",
        "incomplete_details": None if is_whole else {"reason": reply.finish},
        "model": MODEL_SERVED,
        "output": [{**message, "status": "completed", "content": parts}, *calls],
        "usage": {
            "input_tokens": reply.input_tokens,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": reply.output_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": reply.input_tokens + reply.output_tokens,
        },
    }


_TOO_MANY = (429, b'{"error": {"code": "rate_limit_exceeded"}}', {"retry-after": "0.1"})


def main() -> None:
    """Run as a process: print the address, answer until the standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay-ms", type=float, default=0.0)
    parser.add_argument("--limit", type=int, default=1_000_000)
    chosen = parser.parse_args()
    answer = Good(delay_s=chosen.delay_ms / 1000)
    with replay_endpoint(answer, limit=chosen.limit, keep=False) as endpoint:
        sys.stdout.write(f"{endpoint.base_url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
