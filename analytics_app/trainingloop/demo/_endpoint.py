"""A local endpoint that speaks to the openai client, answered by the scripted model.

It is a real server on a real port, so that the client, its retries, its streams and its errors
are the ones an agent has in production. The same request always gets the same answer.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from trainingloop.demo import _wire as wire
from trainingloop.demo._dice import share
from trainingloop.demo._plans import LARGE_MODEL, MINI_MODEL
from trainingloop.demo._scripted_model import answer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

    from starlette.requests import Request as HttpRequest
    from starlette.responses import Response

    from trainingloop.demo._messages import Answer, Request

ATTEMPT_HEADER: Final = "x-demo-attempt"
"""Which try of the same request this is, counted by the agent from 1."""
PROCESSING_HEADER: Final = "openai-processing-ms"
"""How long the answer took, as OpenAI's own servers report it; here it is how long it would have
taken, and the demo's calendar lets that time pass."""
_LATENCY_S: Final = {LARGE_MODEL: 0.0018, MINI_MODEL: 0.0006}
_FIRST_TOKEN_MS: Final = {LARGE_MODEL: 620.0, MINI_MODEL: 260.0}
_NEXT_TOKEN_MS: Final = {LARGE_MODEL: 19.0, MINI_MODEL: 7.0}
_RATE_LIMITED: Final = 0.012
_BROKEN: Final = 0.005
"""Shares of the requests that fail: a rate limit passes with the next try, a fault does not."""
_STOP_SECONDS: Final = 10.0


@contextmanager
def scripted_endpoint() -> Generator[str]:
    """Serve the scripted model on a free local port and give its base URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    # asyncio leaves Nagle's algorithm on for a socket it did not make (its proto is 0), and each
    # answer then waits 40 ms for an acknowledgement; accepted sockets inherit this option.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(
        application(), log_config=None, access_log=False, lifespan="off", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="demo-endpoint", daemon=True
    )
    thread.start()
    try:
        # The listener already queues connections: nobody has to wait for the server's start.
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        thread.join(_STOP_SECONDS)
        listener.close()


def application() -> Starlette:
    """Give the endpoint as an ASGI application."""
    return Starlette(
        routes=[
            Route("/v1/chat/completions", _chat, methods=["POST"]),
            Route("/v1/responses", _responses, methods=["POST"]),
        ],
        exception_handlers={_RefusedError: _refuse},
    )


class _RefusedError(Exception):
    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind


async def _refuse(_: HttpRequest, refused: Exception) -> Response:
    assert isinstance(refused, _RefusedError)  # noqa: S101  # what the handler is registered for
    return JSONResponse(wire.error(refused.kind, str(refused)), status_code=refused.status)


async def _chat(http: HttpRequest) -> Response:
    body = await _body(http)
    request = _admitted(http, wire.chat_request(body))
    given = await _think(request)
    if body.get("stream") is not True:
        return JSONResponse(wire.chat_completion(request, given), headers=_timing(request, given))
    has_usage = body.get("stream_options") == {"include_usage": True}
    chunks = wire.chat_chunks(request, given, has_usage=has_usage)
    return StreamingResponse(
        _events(chunks), media_type="text/event-stream", headers=_timing(request, given)
    )


async def _responses(http: HttpRequest) -> Response:
    body = await _body(http)
    if body.get("stream") is True:
        raise _RefusedError(400, "invalid_request_error", "This demo does not stream responses.")
    request = _admitted(http, wire.responses_request(body))
    given = await _think(request)
    return JSONResponse(wire.response(request, given), headers=_timing(request, given))


async def _body(http: HttpRequest) -> wire.Json:
    body = wire.parse(await http.body())
    if body is None:
        raise _RefusedError(400, "invalid_request_error", "The body is not a JSON object.")
    return body


def _admitted(http: HttpRequest, request: Request) -> Request:
    """Give the request back, unless its model is unknown or it is one of those that fail."""
    if request.model not in _LATENCY_S:
        known = " and ".join(_LATENCY_S)
        raise _RefusedError(404, "model_not_found", f"This endpoint serves {known} only.")
    if not request.messages:
        raise _RefusedError(400, "invalid_request_error", "There is no message to answer.")
    is_first = http.headers.get(ATTEMPT_HEADER, "1") == "1"
    fate = share("fate", *(repr(message) for message in request.messages))
    if fate < _BROKEN:
        raise _RefusedError(500, "server_error", "The server had an error, try again.")
    if fate < _BROKEN + _RATE_LIMITED and is_first:
        raise _RefusedError(429, "rate_limit_exceeded", f"Rate limit reached for {request.model}.")
    return request


async def _think(request: Request) -> Answer:
    await asyncio.sleep(_LATENCY_S[request.model])
    return answer(request)


def _timing(request: Request, given: Answer) -> dict[str, str]:
    written = _NEXT_TOKEN_MS[request.model] * wire.answer_tokens(given)
    luck = 0.7 + 0.8 * share("luck", *(repr(message) for message in request.messages))
    return {PROCESSING_HEADER: f"{luck * (_FIRST_TOKEN_MS[request.model] + written):.0f}"}


async def _events(chunks: Iterator[wire.Json]) -> AsyncIterator[str]:
    for chunk in chunks:
        yield f"data: {json.dumps(chunk)}\n\n"
    yield "data: [DONE]\n\n"
