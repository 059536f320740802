"""By packages that an agent has anyway."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, cast

from support.ways_out.way import LIBRARY, way

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from support.ways_out.way import Target


@way(LIBRARY)
def _tcp_requests(target: Target) -> None:
    import requests

    requests.get(target.url("tcp_requests"), timeout=2)


@way(LIBRARY)
def _tcp_httpx(target: Target) -> None:
    import httpx

    httpx.get(target.url("tcp_httpx"), timeout=2)


@way(LIBRARY)
def _tcp_httpx2(target: Target) -> None:
    import httpx2

    httpx2.get(target.url("tcp_httpx2"), timeout=2)


@way(LIBRARY)
def _tcp_openai_elsewhere(target: Target) -> None:
    import openai

    client = openai.OpenAI(
        api_key="k", base_url=target.url("tcp_openai_elsewhere"), max_retries=0, timeout=2
    )
    client.models.list()


@way(LIBRARY)
def _tcp_otlp_exporter(target: Target) -> None:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider

    span = TracerProvider().get_tracer("red").start_span("secret")
    span.end()
    OTLPSpanExporter(endpoint=target.url("tcp_otlp_exporter"), timeout=1).export(
        [cast("ReadableSpan", span)]
    )


@way(LIBRARY)
def _tcp_instrumented_client(target: Target) -> None:
    """The endpoint itself is asked, which is allowed; what is recorded of it goes elsewhere."""
    import openai
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.genai.openai import (  # pyright: ignore[reportMissingTypeStubs]  # none in 1.3b0
        OpenAIInstrumentor,
    )
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor

    provider = TracerProvider()
    exporter = OTLPSpanExporter(endpoint=target.url("tcp_instrumented_client"), timeout=1)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    OpenAIInstrumentor().instrument(tracer_provider=provider)
    client = openai.OpenAI(
        api_key="k", base_url=f"http://127.0.0.1:{target.endpoint}/v1", max_retries=0, timeout=2
    )
    client.chat.completions.create(model="m", messages=[{"role": "user", "content": "x"}])


@way(LIBRARY)
def _tcp_grpc(target: Target) -> None:
    """Its C core makes its own sockets: no audit event. It has to be loaded, though."""
    import grpc

    channel = grpc.insecure_channel(f"127.0.0.1:{target.port('tcp_grpc')}")
    with contextlib.suppress(grpc.FutureTimeoutError):
        ready = cast("Any", grpc.channel_ready_future(channel))  # pyright: ignore[reportUnknownMemberType]  # of whatever type
        ready.result(timeout=1)
