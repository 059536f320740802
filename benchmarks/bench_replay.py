"""Decisions a second that a replay asks for, beside what its endpoint allows, and its own CPU.

The endpoint is a process that takes a fixed time for each answer, so that concurrency over that
time is the most anybody can have. What a replay takes is the CPU of its process and of the one that
asks, store included; what a bare openai client takes that asks the same questions of the same
endpoint, as many at once, is subtracted: by its ``post``, as the replay asks, without the
milliseconds that its ``create`` spends on typing an answer. All are processes of their own, from
their first import.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measurement import Measurement
from trainingloop.instrumentation import semconv
from trainingloop.prices import load_prices
from trainingloop.processor import Redactor
from trainingloop.replay.actions import run_actions
from trainingloop.replay.driving import drive
from trainingloop.replay.sets import set_actions
from trainingloop.store import SpanRow, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from trainingloop.store import Reads, Store

DECISIONS = int(os.environ.get("BENCH_DECISIONS", "2000"))
_FEW = 32
"""Decisions that show what it takes to start."""
_CONCURRENCY = 16
_DELAY_MS = 250
_ENDPOINT = Path(__file__).parents[1] / "tests" / "support" / "replay_endpoint.py"
_BEGINNING = datetime(2026, 10, 1, tzinfo=UTC)
_SENTENCE = (
    "I have looked at your booking, and there are two flights with seats left on that day. The "
    "earlier one leaves at 7:15 am and costs $212, the later one at 4:40 pm for $189. If you "
    "change today there is no fee, but the difference in price has to be paid with the card you "
    "used before. Would you like me to go on with one of them?"
)
_TOOL = {
    "type": "function",
    "name": "find_booking",
    "description": _SENTENCE,
    "parameters": {"type": "object", "properties": {"booking": {"type": "string"}}},
}
_MODEL = "bench-model"
_CHAT = "/chat/completions"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Effort:
    """What asking all the questions once took."""

    cpu_s: float
    per_second: float = 0.0


class _Workspace:
    """The store of this process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._actions = {
            **set_actions(store),
            **run_actions(store, Redactor(key=b"a key of sixteen"), load_prices()),
        }

    def reads(self, tenant: str) -> Reads:
        """Return the reads of ``tenant``."""
        return self._store.reads(tenant)

    def act(self, action: str, document: Mapping[str, object]) -> Mapping[str, object]:
        """Have an action done."""
        return self._actions[action](document)


def run() -> list[Measurement]:
    """Measure a replay, and a bare client that asks the same."""
    with tempfile.TemporaryDirectory() as folder, _endpoint() as base_url:
        dsn = f"chdb://{folder}/store"
        _apart(_fill, dsn)
        few, all_ = (_apart(_replay, dsn, base_url, name) for name in ("few", "all"))
        again = _apart(_replay, dsn, base_url, "all")
        bare_few, bare = (_apart(_ask_bare, base_url, str(n)) for n in (_FEW, DECISIONS))
    allowed = _CONCURRENCY / (_DELAY_MS / 1000)
    each_ms, bare_ms = _each_ms(few, all_), _each_ms(bare_few, bare)
    note = f"of {allowed:.0f}/s that {_CONCURRENCY} at once and {_DELAY_MS} ms allow"
    return [
        Measurement(name="replayed", value=all_.per_second, unit="/s", note=note),
        Measurement(
            name="share of what the endpoint allows",
            value=100 * all_.per_second / allowed,
            unit="%",
            note=f"a bare client: {100 * bare.per_second / allowed:.1f} %",
        ),
        Measurement(
            name="own CPU of a decision",
            value=each_ms - bare_ms,
            unit="ms",
            note=f"beside {bare_ms:.1f} ms of a bare client",
        ),
        Measurement(
            name="CPU to start and end a run",
            value=few.cpu_s - each_ms * _FEW / 1000,
            unit="s",
            note=f"beside {bare_few.cpu_s - bare_ms * _FEW / 1000:.1f} s of a bare client",
        ),
        Measurement(
            name="answered by the cache",
            value=again.per_second,
            unit="/s",
            note=f"{again.cpu_s * 1000 / DECISIONS:.1f} ms of CPU each, its start included",
        ),
    ]


def _each_ms(few: _Effort, all_: _Effort) -> float:
    """What one more decision takes: the start of processes and libraries is in both."""
    return (all_.cpu_s - few.cpu_s) * 1000 / (DECISIONS - _FEW)


def _apart(work: Callable[..., _Effort], *arguments: str) -> _Effort:
    """Do ``work`` in a process of its own, which has imported nothing yet."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def _fill(dsn: str) -> _Effort:
    with open_store(dsn) as store:
        store.insert_spans([_row(number) for number in range(1, DECISIONS + 1)])
        workspace = _Workspace(store)
        workspace.act("replay/sets", {"tenant": "default", "name": "all"})
        few = [f"{number:016x}" for number in range(1, _FEW + 1)]
        workspace.act("replay/sets", {"tenant": "default", "name": "few", "decisions": few})
    return _Effort(cpu_s=0)


def _replay(dsn: str, base_url: str, name: str) -> _Effort:
    with open_store(dsn) as store:
        workspace = _Workspace(store)
        document: dict[str, object] = {
            "tenant": "default",
            "set": name,
            # Another model is another question: what the few were answered is not known.
            "candidate": {"name": name, "base_url": base_url, "model": f"{_MODEL}-{name}"},
            "options": {"concurrency": _CONCURRENCY},
        }
        run_id = str(workspace.act("replay/runs", document)["run_id"])
        before_s = _own_cpu_s()
        summary = drive(workspace, "default", run_id)
        return _Effort(
            cpu_s=_own_cpu_s() - before_s, per_second=summary.progress.done / summary.seconds
        )


def _ask_bare(base_url: str, count: str) -> _Effort:
    bodies = [_body(number) for number in range(1, int(count) + 1)]
    before_s = _own_cpu_s()
    import httpx2  # what it takes to import them is a part of asking
    import openai

    async def ask_all() -> float:
        client = openai.AsyncOpenAI(base_url=base_url, api_key="unused")
        began_s = time.perf_counter()
        left = iter(bodies)

        async def ask() -> None:
            for body in left:
                answer = await client.post(_CHAT, body=body, cast_to=httpx2.Response)
                json.loads(answer.content)

        await asyncio.gather(*(ask() for _ in range(_CONCURRENCY)))
        return time.perf_counter() - began_s

    seconds = asyncio.run(ask_all())
    return _Effort(cpu_s=_own_cpu_s() - before_s, per_second=len(bodies) / seconds)


def _own_cpu_s() -> float:
    """CPU of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


@contextmanager
def _endpoint() -> Generator[str]:
    command = [sys.executable, str(_ENDPOINT), "--delay-ms", str(_DELAY_MS)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.stdin.close()


def _messages(number: int) -> list[tuple[str, str]]:
    """What was said before a decision: about 4 KB."""
    return [
        ("assistant" if turn % 2 else "user", f"{turn} {number} {_SENTENCE}") for turn in range(9)
    ]


def _body(number: int) -> dict[str, Any]:
    function = {name: value for name, value in _TOOL.items() if name != "type"}
    return {
        "model": _MODEL,
        "messages": [
            {"role": "system", "content": _SENTENCE},
            *({"role": role, "content": text} for role, text in _messages(number)),
        ],
        "tools": [{"type": "function", "function": function}],
    }


def _row(number: int) -> SpanRow:
    messages = [
        {"role": role, "parts": [{"type": "text", "content": text}]}
        for role, text in _messages(number)
    ]
    answer = {"role": "assistant", "parts": [{"type": "text", "content": f"{number} {_SENTENCE}"}]}
    return SpanRow(
        timestamp_ns=int((_BEGINNING.timestamp() + number) * 1e9),
        trace_id=f"{number // 4:032x}",
        span_id=f"{number:016x}",
        parent_span_id="",
        trace_state="",
        span_name="chat",
        span_kind="Client",
        service_name="bench",
        resource_attributes={},
        scope_name="bench",
        scope_version="1",
        span_attributes={
            semconv.TENANT_ID: "default",
            semconv.CONVERSATION_ID: f"c-{number // 4}",
            semconv.DECISION_KIND: "message",
            semconv.OPERATION_NAME: "chat",
            semconv.REQUEST_MODEL: "bench-model-before",
            semconv.REDACTION_VERSION: "2",
            semconv.REDACTION_STATUS: "ok",
            semconv.REDACTION_COUNT: "0",
            semconv.SYSTEM_INSTRUCTIONS: json.dumps([{"type": "text", "content": _SENTENCE}]),
            semconv.INPUT_MESSAGES: json.dumps(messages),
            semconv.TOOL_DEFINITIONS: json.dumps([_TOOL]),
            semconv.OUTPUT_MESSAGES: json.dumps([answer]),
        },
        duration_ns=900_000_000,
        status_code="Unset",
        status_message="",
        events_timestamp_ns=[],
        events_name=[],
        events_attributes=[],
        links_trace_id=[],
        links_span_id=[],
        links_trace_state=[],
        links_attributes=[],
    )
