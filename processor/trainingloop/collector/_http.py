"""OTLP over HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from starlette.responses import Response
from starlette.routing import Route

from trainingloop.collector import _body
from trainingloop.collector._body import BodyType
from trainingloop.collector._status import Code, status_message
from trainingloop.collector.errors import (
    BodyTooLargeError,
    CollectorError,
    MalformedRequestError,
    NotStoredError,
    OverloadedError,
    RefusedError,
    UnsupportedBodyError,
    stopping,
    unexpected,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from starlette.requests import Request

    from trainingloop.collector._pipeline import Outcome, Pipeline

_DRAINED_BYTES: Final = 256 * 1024**2
"""How much of a body that is too large is read and thrown away, so that its sender gets to read
the answer instead of a broken connection."""
_HELD_BYTES: Final = 512 * 1024**2
_ANSWERS: Final[dict[type[CollectorError], tuple[int, Code]]] = {
    MalformedRequestError: (400, Code.INVALID_ARGUMENT),
    BodyTooLargeError: (413, Code.RESOURCE_EXHAUSTED),
    UnsupportedBodyError: (415, Code.INVALID_ARGUMENT),
    OverloadedError: (429, Code.RESOURCE_EXHAUSTED),
    NotStoredError: (503, Code.UNAVAILABLE),
}
_UNAVAILABLE: Final = (503, Code.UNAVAILABLE)
"""Whatever else there is: of 500 a sender thinks that it need not come again."""


class TraceEndpoint:
    """Answers POST /v1/traces."""

    def __init__(self, pipeline: Pipeline, executor: Executor) -> None:
        self._pipeline = pipeline
        self._executor = executor
        self._held_bytes = 0

    def routes(self) -> list[Route]:
        """Return the routes of the three OTLP signals."""
        return [
            Route("/v1/traces", self.export, methods=["POST"]),
            Route("/v1/logs", _no_such_signal, methods=["POST"]),
            Route("/v1/metrics", _no_such_signal, methods=["POST"]),
        ]

    async def export(self, request: Request) -> Response:
        """Store one request and say so."""
        # Until the type is known, JSON is what most senders can show to a person.
        kind = BodyType.JSON
        try:
            kind = _body.body_type(request.headers.get("content-type", ""))
            outcome = await self._store(request, kind)
        except CollectorError as error:
            return self._refusal(error, kind)
        except asyncio.CancelledError:
            # Stopping waits no longer. Nothing was acknowledged, and 500 would be the last word.
            return self._refusal(stopping(), kind)
        except Exception as error:  # noqa: BLE001  # a sender always gets an answer it can act on
            return self._refusal(unexpected(error), kind)
        response = ExportTraceServiceResponse()
        if outcome.rejected:
            response.partial_success.rejected_spans = outcome.rejected
            response.partial_success.error_message = outcome.message
        return Response(_body.encode(response, kind), media_type=kind.value)

    async def _store(self, request: Request, kind: BodyType) -> Outcome:
        encoding = _body.check_encoding(request.headers.get("content-encoding", ""))
        body = await _read(request)
        if self._held_bytes + len(body) > _HELD_BYTES and self._held_bytes:
            raise OverloadedError("too many requests are under way: send again later")
        self._held_bytes += len(body)
        try:
            with self._pipeline.arriving():
                future = await asyncio.get_running_loop().run_in_executor(
                    self._executor, self._submit, body, encoding, kind
                )
            return await asyncio.wrap_future(future)
        finally:
            self._held_bytes -= len(body)

    def _submit(self, body: bytes, encoding: str, kind: BodyType) -> Future[Outcome]:
        request = _body.parse(_body.unpack(body, encoding), kind)
        return self._pipeline.submit(request, source="http")

    def _refusal(self, error: CollectorError, kind: BodyType) -> Response:
        if not isinstance(error, RefusedError):
            self._pipeline.count_malformed()
        status, code = _ANSWERS.get(type(error), _UNAVAILABLE)
        response = _status_response(status, code, str(error), kind)
        if isinstance(error, RefusedError):
            response.headers["Retry-After"] = str(error.retry_after_s)
        return response


async def _read(request: Request) -> bytes:
    """Return the body as sent.

    Raises:
        BodyTooLargeError: it is above the limit.
    """
    chunks: list[bytes] = []
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received <= _body.LIMIT_BYTES:
            chunks.append(chunk)
        elif received > _DRAINED_BYTES:
            break
        else:
            chunks.clear()
    if received > _body.LIMIT_BYTES:
        raise _body.too_large()
    return b"".join(chunks)


async def _no_such_signal(request: Request) -> Response:
    kind = BodyType.JSON
    if request.headers.get("content-type", "").startswith(BodyType.PROTOBUF):
        kind = BodyType.PROTOBUF
    return _status_response(
        404,
        Code.UNIMPLEMENTED,
        "only traces are stored: send them to /v1/traces and turn this signal's exporter off",
        kind,
    )


def _status_response(status: int, code: Code, message: str, kind: BodyType) -> Response:
    body = _body.encode(status_message(code, message), kind)
    return Response(body, status_code=status, media_type=kind.value)
