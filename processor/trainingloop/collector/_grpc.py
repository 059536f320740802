"""OTLP over gRPC."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

import grpc
import grpc.aio
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from trainingloop.collector import _body
from trainingloop.collector._body import BodyType
from trainingloop.collector._status import Code, retry_trailers
from trainingloop.collector.errors import (
    CollectorError,
    MalformedRequestError,
    OverloadedError,
    PortInUseError,
    RefusedError,
    unexpected,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from trainingloop.collector._pipeline import Outcome, Pipeline

_SERVICE: Final = "opentelemetry.proto.collector.trace.v1.TraceService"
_MOST_CONCURRENT: Final = 256
_OPTIONS: Final = (
    ("grpc.max_receive_message_length", _body.LIMIT_BYTES),
    # Otherwise a second server would share the port in silence.
    ("grpc.so_reuseport", 0),
)
# The stubs of grpc leave the types of requests and answers open.
_grpc = cast("Any", grpc)


class RunningServer:
    """A gRPC server that listens."""

    def __init__(self, server: grpc.aio.Server, *, port: int) -> None:
        self._server = server
        self.port: Final = port

    async def stop(self, grace_s: float) -> None:
        """Answer what is under way, for at most ``grace_s``, and end."""
        await self._server.stop(grace_s)


class TraceService:
    """Answers TraceService/Export."""

    def __init__(self, pipeline: Pipeline, executor: Executor) -> None:
        self._pipeline = pipeline
        self._executor = executor

    async def start(self, host: str, port: int) -> RunningServer:
        """Listen on ``host`` and ``port``; 0 takes any free port.

        Raises:
            PortInUseError: something else listens there.
        """
        server = _grpc.aio.server(options=_OPTIONS, maximum_concurrent_rpcs=_MOST_CONCURRENT)
        handler = _grpc.unary_unary_rpc_method_handler(
            # Bytes: a malformed message then gets an answer of ours and not INTERNAL.
            self.export,
            request_deserializer=None,
            response_serializer=ExportTraceServiceResponse.SerializeToString,
        )
        server.add_generic_rpc_handlers(
            (_grpc.method_handlers_generic_handler(_SERVICE, {"Export": handler}),)
        )
        address = f"[{host}]" if ":" in host else host
        try:
            bound_port = server.add_insecure_port(f"{address}:{port}")
        except RuntimeError as error:
            raise PortInUseError(
                f"port {port} is in use: stop what listens there, or choose another one with "
                "--otlp-grpc-port"
            ) from error
        await server.start()
        return RunningServer(server, port=bound_port)

    async def export(self, body: bytes, context: Any) -> ExportTraceServiceResponse:
        """Store one request and say so."""
        try:
            with self._pipeline.arriving():
                future = await asyncio.get_running_loop().run_in_executor(
                    self._executor, self._submit, body
                )
            outcome = await asyncio.wrap_future(future)
        except CollectorError as error:
            return await self._refuse(error, context)
        except Exception as error:  # noqa: BLE001  # a sender always gets an answer to act on
            return await self._refuse(unexpected(error), context)
        response = ExportTraceServiceResponse()
        if outcome.rejected:
            response.partial_success.rejected_spans = outcome.rejected
            response.partial_success.error_message = outcome.message
        return response

    def _submit(self, body: bytes) -> Future[Outcome]:
        request = _body.parse(body, BodyType.PROTOBUF)
        return self._pipeline.submit(request, source="grpc")

    async def _refuse(self, error: CollectorError, context: Any) -> NoReturn:
        message = str(error)
        if isinstance(error, OverloadedError):
            trailers = retry_trailers(Code.RESOURCE_EXHAUSTED, message, error.retry_after_s)
            await _abort(context, grpc.StatusCode.RESOURCE_EXHAUSTED, message, trailers)
        if isinstance(error, RefusedError):
            trailers = retry_trailers(Code.UNAVAILABLE, message, error.retry_after_s)
            await _abort(context, grpc.StatusCode.UNAVAILABLE, message, trailers)
        if isinstance(error, MalformedRequestError):
            self._pipeline.count_malformed()
            await _abort(context, grpc.StatusCode.INVALID_ARGUMENT, message)
        await _abort(context, grpc.StatusCode.INTERNAL, message)


async def _abort(
    context: Any,
    code: grpc.StatusCode,
    message: str,
    trailers: tuple[tuple[str, bytes], ...] = (),
) -> NoReturn:
    await context.abort(code, message, trailers)
    raise AssertionError("abort() raises")
