"""Calls a model by an instrumented client, with or without what a replay does against that.

Run as a file: ``instrumented_call.py BASE_URL IS_SUPPRESSED``. Spans go to ``BASE_URL/traces``.
"""

from __future__ import annotations

import contextlib
import sys

import openai
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.genai.openai import (  # pyright: ignore[reportMissingTypeStubs]  # none in 1.3b0
    OpenAIInstrumentor,
)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from trainingloop.replay._child.calls import unrecorded


def main() -> None:
    """Call once."""
    base_url, is_suppressed = sys.argv[1:]
    provider = TracerProvider()
    exporter = OTLPSpanExporter(endpoint=f"{base_url}/traces")
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    OpenAIInstrumentor().instrument(tracer_provider=provider)
    client = openai.OpenAI(api_key="k", base_url=base_url, max_retries=0)
    with unrecorded() if is_suppressed == "True" else contextlib.nullcontext():
        client.chat.completions.create(model="m", messages=[{"role": "user", "content": "x"}])
    provider.shutdown()


if __name__ == "__main__":
    main()
