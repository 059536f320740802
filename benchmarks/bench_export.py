"""Decisions a second of CPU that each form of export writes, and the memory that takes.

The store is filled by one process; another one, which has seen none of it, exports. Its memory is
read after the first page and at the end: what lies between would grow with the length of an export.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measurement import Measurement
from trainingloop.exports import ALL, ExportForm, Selection, write_export
from trainingloop.instrumentation import semconv
from trainingloop.store import SpanRow, open_store

if TYPE_CHECKING:
    from trainingloop.exports import ExportSummary

DECISIONS = int(os.environ.get("BENCH_DECISIONS", "10000"))
_FORMS = (ExportForm.JSONL, ExportForm.PARQUET, ExportForm.SFT, ExportForm.EVAL)
_BATCH = 5000
_BEGINNING = datetime(2026, 10, 1, tzinfo=UTC)
_WEEKS_S = 26 * 86_400
_FILTERS = ("kind", "model", "playbook", "playbook_version", "prompt", "prompt_version",
            "code_version", "cohort", "variant", "channel", "status", "service", "tool", "thread",
            "text")  # fmt: skip
_SENTENCE = " ".join(f"word{number}" for number in range(80))


def _row(number: int, of: int) -> SpanRow:
    """Return a decision that knew eight messages, about 6 KB in all."""
    messages = [
        {
            "role": "assistant" if turn % 2 else "user",
            "parts": [{"type": "text", "content": f"{turn} {number // (turn + 1)} {_SENTENCE}"}],
        }
        for turn in range(8)
    ]
    answer = {"role": "assistant", "parts": [{"type": "text", "content": f"{number} {_SENTENCE}"}]}
    begins = _BEGINNING + timedelta(seconds=number * _WEEKS_S / of)
    return SpanRow(
        timestamp_ns=int(begins.timestamp() * 1e9),
        trace_id=f"{number // 4:032x}",
        span_id=f"{number + 1:016x}",
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
            semconv.DECISION_KIND: "message",
            semconv.OPERATION_NAME: semconv.OPERATION_CHAT,
            semconv.REQUEST_MODEL: "demo-large",
            semconv.INPUT_MESSAGES: json.dumps(messages),
            semconv.OUTPUT_MESSAGES: json.dumps([answer]),
            semconv.REDACTION_VERSION: "2",
            semconv.REDACTION_STATUS: "ok",
        },
        duration_ns=1,
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


def _fill(dsn: str) -> None:
    with open_store(dsn) as store:
        for first in range(0, DECISIONS, _BATCH):
            numbers = range(first, min(first + _BATCH, DECISIONS))
            store.insert_spans([_row(number, DECISIONS) for number in numbers])


def _export(dsn: str, form: ExportForm, results: multiprocessing.Queue[list[float]]) -> None:
    """Export everything and tell the CPU seconds, the growth of memory and the lines written."""
    resident: list[float] = []

    def advance(summary: ExportSummary) -> None:
        del summary
        resident.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)

    selection = Selection(
        parameters={
            "since": _BEGINNING,
            "until": _BEGINNING + timedelta(days=60),
            **dict.fromkeys(_FILTERS, ""),
        },
        only=ALL if form is not ExportForm.JSONL else None,
    )
    with open_store(dsn) as store, Path(os.devnull).open("wb") as file:
        started = time.process_time()
        summary = write_export(form, [store.reads("default")], selection, file, advance=advance)
        used = time.process_time() - started
    results.put([used, resident[-1] - resident[0], resident[-1], summary.written])


def _in_a_process(target: object, *arguments: object) -> None:
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(target=target, args=arguments)  # type: ignore[arg-type]  # any function
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def run() -> list[Measurement]:
    """Measure each form."""
    found: list[Measurement] = []
    results: multiprocessing.Queue[list[float]] = multiprocessing.get_context("spawn").Queue()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRAININGLOOP_DATA_DIR"] = folder
        dsn = f"chdb://{folder}/store"
        _in_a_process(_fill, dsn)
        for form in _FORMS:
            _in_a_process(_export, dsn, form, results)
            used, growth, most, written = results.get()
            note = f"{written:,.0f} of {DECISIONS:,}"
            found += [
                Measurement(
                    name=f"{form.value}: per CPU second", value=written / used, unit="/s", note=note
                ),
                Measurement(
                    name=f"{form.value}: memory behind the first page",
                    value=growth,
                    unit="MB",
                    note=f"of {most:,.0f} MB",
                ),
            ]
    return found
