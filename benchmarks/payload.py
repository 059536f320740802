"""OTLP bodies as agents send them: conversations whose history grows with every turn.

Deterministic for a seed. Each span has some 25 attributes; the text is made of a small business's
vocabulary, and one message in eight carries personal data.
"""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = [
    *("appointment", "repair", "bicycle", "brake", "customer", "Friday", "morning", "please"),
    *("invoice", "order", "refund", "slot", "workshop", "wheel", "ready", "collect", "address"),
    *("phone", "confirm", "thanks", "today", "tomorrow", "price", "fitting"),
]
_PERSONAL = (
    "my number is +1 415 555 01{:02d}",
    "write to rider{}@example.com",
    "card 4111 1111 1111 1111 no. {}",
    "I was born on 12/04/1988, booking {}",
)
TURNS = 8
"""Decisions of each conversation."""


def _text(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(_WORDS, k=words))


def _message(role: str, text: str) -> dict[str, object]:
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def _user_text(dice: random.Random, number: int) -> str:
    text = _text(dice, 18)
    if number % 8 == 0:
        text += " " + dice.choice(_PERSONAL).format(number % 90)
    return text


def _conversation(dice: random.Random, number: int, systems: list[str]) -> Iterator[dict[str, str]]:
    """Yield the attributes of each decision of one conversation."""
    version = number % len(systems)
    history = [_message("system", systems[version])]
    for turn in range(1, TURNS + 1):
        history.append(_message("user", _user_text(dice, number * TURNS + turn)))
        answer = _message("assistant", _text(dice, 40))
        yield {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": f"demo-{version % 3}",
            "gen_ai.response.model": f"demo-{version % 3}-2026-09",
            "gen_ai.response.id": f"chatcmpl-{number}-{turn}",
            "gen_ai.response.finish_reasons": "stop",
            "gen_ai.conversation.id": f"conversation-{number}",
            "gen_ai.input.messages": json.dumps(history),
            "gen_ai.output.messages": json.dumps([answer]),
            "gen_ai.usage.input_tokens": str(200 + 20 * turn),
            "gen_ai.usage.output_tokens": "60",
            "gen_ai.request.temperature": "0.2",
            "gen_ai.prompt.name": "greeter",
            "gen_ai.prompt.version": str(version),
            "server.address": "127.0.0.1",
            "server.port": "9000",
            "trainingloop.tenant.id": "default",
            "trainingloop.channel": "web",
            "trainingloop.turn.index": str(turn),
            "trainingloop.playbook.id": "booking",
            "trainingloop.playbook.version": f"3.{version}",
            "trainingloop.experiment.id": "tone",
            "trainingloop.experiment.variant": "control" if number % 2 else "experiment",
            "trainingloop.code.version": "0123456789abcdef",
            "trainingloop.library.version": "0.1.0",
        }
        history.append(answer)


def bodies(decisions: int, *, batch: int = 64, seed: int = 7) -> list[bytes]:
    """Return serialised OTLP requests of ``batch`` spans each, ``decisions`` spans in all.

    A batch holds turns of conversations that run side by side, as one exporter sends them.
    """
    dice = random.Random(seed)
    systems = [_text(dice, 150) for _ in range(4)]
    conversations = -(-decisions // TURNS)
    started_ns = time.time_ns() - 3600 * 10**9
    spans = (
        attributes
        for number in range(conversations)
        for attributes in _conversation(dice, number, systems)
    )
    found: list[bytes] = []
    request = ExportTraceServiceRequest()
    for index, attributes in enumerate(spans):
        if index % batch == 0:
            if index:
                found.append(request.SerializeToString())
            request = ExportTraceServiceRequest()
            resource = request.resource_spans.add()
            resource.resource.attributes.add(key="service.name").value.string_value = "bench"
            scope = resource.scope_spans.add()
        span = scope.spans.add(
            trace_id=dice.randbytes(16),
            span_id=dice.randbytes(8),
            name="chat demo",
            kind=3,
            start_time_unix_nano=started_ns + index * 1_000_000,
            end_time_unix_nano=started_ns + index * 1_000_000 + 400_000_000,
        )
        for key, value in attributes.items():
            span.attributes.add(key=key).value.string_value = value
    found.append(request.SerializeToString())
    return found
