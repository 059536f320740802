"""What recording costs on the caller's thread, in CPU microseconds.

An openai call against a transport that answers at once, in three states that take turns in one
run: not instrumented, with the bare OpenAI instrumentor and the SDK's batch processor, and with
trainingloop (context, fingerprint, parameters, redaction in the worker). Then decisions that are
recorded by hand. Each figure of a call is the least of its blocks: whatever else the machine does
only ever adds to a block.
"""

from __future__ import annotations

import gc
import json
import os
import time
from typing import TYPE_CHECKING

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from benchmarks.measurement import Measurement, median

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opentelemetry.sdk.trace import ReadableSpan

BLOCKS = 80
CALLS = 8
_ANSWER = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "demo-large-2026-05",
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": "See you on Friday at ten."},
        }
    ],
    "usage": {"prompt_tokens": 600, "completion_tokens": 9, "total_tokens": 609},
}


class _Nowhere(SpanExporter):
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        del spans
        return SpanExportResult.SUCCESS


def _openai_call() -> Callable[[], object]:
    import openai

    transport_module = __import__("httpx2" if openai.__version__ >= "3" else "httpx")
    body = json.dumps(_ANSWER).encode()
    transport = transport_module.MockTransport(
        lambda _: transport_module.Response(
            200, headers={"content-type": "application/json"}, content=body
        )
    )
    client = openai.OpenAI(
        base_url="http://127.0.0.1/v1",
        api_key="none",
        http_client=transport_module.Client(transport=transport),
    )
    history = [
        {"role": "user" if turn % 2 else "assistant", "content": "About the brakes. " * 8}
        for turn in range(12)
    ]
    messages = [{"role": "system", "content": "You help customers of a workshop. " * 30}, *history]
    schema = {"type": "object", "properties": {"day": {"type": "string"}}}
    tools = [
        {"type": "function", "function": {"name": f"tool_{number}", "parameters": schema}}
        for number in range(4)
    ]
    return lambda: client.chat.completions.create(
        model="demo-large", messages=messages, tools=tools, tool_choice="auto"
    )


def _microseconds(call: Callable[[], object], calls: int = CALLS) -> float:
    gc.collect()
    call()
    started = time.thread_time_ns()
    for _ in range(calls):
        call()
    return (time.thread_time_ns() - started) / calls / 1000


def _interleaved(call: Callable[[], object]) -> dict[str, list[float]]:
    from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor

    from trainingloop import instrumentation as recorder

    found: dict[str, list[float]] = {"none": [], "bare": [], "ours": []}
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(_Nowhere()))
    for _ in range(BLOCKS):
        found["none"].append(_microseconds(call))
        OpenAIInstrumentor().instrument(tracer_provider=provider, skip_dep_check=True)
        found["bare"].append(_microseconds(call))
        OpenAIInstrumentor().uninstrument()
        recorder.configure(tracer_provider=TracerProvider(), exporter=_Nowhere())
        with recorder.conversation("c-1", customer="crm-42", channel="web"):
            found["ours"].append(_microseconds(call))
        recorder.shutdown()
    return found


def _manual() -> dict[str, float]:
    from trainingloop import instrumentation as recorder

    @recorder.tool
    def book(day: str) -> dict[str, str]:
        return {"booked": day}

    def rules() -> None:
        with recorder.playbook("booking", version="3.2") as evaluated:
            evaluated.rule("offer_two_slots", fired=True, reason="the customer named a day")

    recorder.configure(tracer_provider=TracerProvider(), exporter=_Nowhere())
    with recorder.conversation("c-1", customer="crm-42", channel="web"):
        found = {
            name: median([_microseconds(call, 400) for _ in range(BLOCKS)])
            for name, call in (
                ("@tool", lambda: book(day="Friday")),
                ("playbook with one rule", rules),
                ("record_inbound", lambda: recorder.record_inbound("Do you have time?")),
            )
        }
    recorder.shutdown()
    return found


def run() -> list[Measurement]:
    """Measure openai calls, then decisions recorded by hand."""
    os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_ONLY"
    blocks = _interleaved(_openai_call())
    none, bare, ours = (min(blocks[name]) for name in ("none", "bare", "ours"))
    return [
        Measurement(name="openai call, not instrumented", value=none, unit="µs"),
        Measurement(
            name="+ the bare instrumentor", value=bare - none, unit="µs", note="content on spans"
        ),
        Measurement(
            name="+ trainingloop, in all",
            value=ours - none,
            unit="µs",
            note=f"{(ours - none) / (bare - none):.2f} times the bare instrumentor",
        ),
        Measurement(name="of which ours", value=ours - bare, unit="µs"),
        *(
            Measurement(name=f"by hand: {name}", value=value, unit="µs")
            for name, value in _manual().items()
        ),
    ]
