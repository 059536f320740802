"""Decisions with votes and outcomes, in a store, and the export of them."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from support.spans import EVERYTHING, START, model_turn
from trainingloop.exports import ExportForm, ExportSummary, Only, Selection, write_export
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.store import SpanRow, Store

_TABLES = ("otel_traces", "decisions", "tool_executions", "decision_feedback", "decision_outcomes")
SYSTEM = "Be brief."
TOOL: dict[str, object] = {
    "type": "function",
    "name": "book",
    "description": "Books a table.",
    "parameters": {"type": "object", "properties": {"seats": {"type": "integer"}}},
}
_PROOF = {
    semconv.REDACTION_VERSION: "2",
    semconv.REDACTION_STATUS: "ok",
    semconv.REDACTION_COUNT: "1",
}


def emptied(store: Store) -> Store:
    """Take everything out of a store: that is faster than opening another."""
    for table in _TABLES:
        store.execute(f"TRUNCATE TABLE {table}", {})
    return store


def said(role: str, text: str) -> dict[str, object]:
    """Return a recorded message of one text."""
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def asked_for(call_id: str, name: str = "book", arguments: object = None) -> dict[str, object]:
    """Return a recorded message that asks for a tool."""
    given: object = {} if arguments is None else arguments
    call = {"type": "tool_call", "id": call_id, "name": name, "arguments": given}
    return {"role": "assistant", "parts": [call]}


def returned(call_id: str, result: object) -> dict[str, object]:
    """Return a recorded tool's result."""
    part = {"type": "tool_call_response", "id": call_id, "response": result}
    return {"role": "tool", "parts": [part]}


def decided(
    number: int,
    *,
    knew: Sequence[Mapping[str, object]] | None = None,
    answered: Sequence[Mapping[str, object]] | None = None,
    system: str = SYSTEM,
    tools: Sequence[Mapping[str, object]] = (),
    params: Mapping[str, object] | None = None,
    tenant: str = "default",
    more: Mapping[str, str] | None = None,
) -> SpanRow:
    """Return a recorded, redacted decision, ``number`` seconds after the start."""
    answers = [said("assistant", "Until six.")] if answered is None else answered
    attributes = {
        **_PROOF,
        semconv.SYSTEM_INSTRUCTIONS: json.dumps([{"type": "text", "content": system}])
        if system
        else "",
        semconv.INPUT_MESSAGES: json.dumps(knew or [said("user", f"Question {number}?")]),
        semconv.OUTPUT_MESSAGES: json.dumps(answers),
        semconv.COHORT: "booking_v3.2",
        **({semconv.TOOL_DEFINITIONS: json.dumps(tools)} if tools else {}),
        **({semconv.REQUEST_PARAMS: json.dumps(params)} if params else {}),
        **(more or {}),
    }
    return model_turn(
        number=number,
        text="Until six.",
        conversation=f"c-{number}",
        tenant=tenant,
        seconds=number,
        more=attributes,
    )


def vote(
    store: Store,
    number: int,
    value: int = 1,
    *,
    reviewer: str = "r-1",
    correction: str = "",
    reason: str = "",
    redaction: tuple[str, str] = ("2", "ok"),
    tenant: str = "default",
    seconds: float = 0,
) -> None:
    """Store what a reviewer thinks of the decision of that number."""
    row = {
        "tenant_id": tenant,
        "decision_id": f"{number:016x}",
        "thread_id": f"c-{number}",
        "decided_at": START + timedelta(seconds=number),
        "cohort": "booking_v3.2",
        "reviewer": reviewer,
        "vote_id": f"{number}-{reviewer}-{seconds}",
        "value": value,
        "reason": reason,
        "note": "",
        "correction": correction,
        "source": "test",
        "voted_at": START + timedelta(days=1, seconds=seconds),
        "redaction_version": redaction[0],
        "redaction_status": redaction[1],
    }
    store.append("decision_feedback", tuple(row), [tuple(row.values())])


def outcome(
    store: Store,
    number: int,
    rule: str,
    state: str = "yes",
    *,
    tenant: str = "default",
    is_attributed: bool = True,
) -> None:
    """Store what a rule says of the decision of that number."""
    row = {
        "tenant_id": tenant,
        "rule_id": rule,
        "rule_version": "1",
        "decision_id": f"{number:016x}",
        "thread_id": f"c-{number}",
        "decided_at": START + timedelta(seconds=number),
        "cohort": "booking_v3.2",
        "direction": "good",
        "unit": "turn",
        "state": state,
        "ending": "",
        "is_attributed": int(is_attributed),
        "event_ids": ["e-1"],
        "event_at": None,
        "matures_at": START + timedelta(days=3),
        "detected_at": START + timedelta(days=3),
        "version": 1,
    }
    store.append("decision_outcomes", tuple(row), [tuple(row.values())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an export wrote."""

    summary: ExportSummary
    content: bytes
    provenance: list[dict[str, Any]]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines, parsed."""
        return _lines(self.content)


def exported(
    store: Store,
    form: ExportForm,
    *,
    only: Only | None = None,
    tenants: Sequence[str] = ("default",),
    **filters: object,
) -> Written:
    """Export decisions of a store."""
    file, beside = io.BytesIO(), io.BytesIO()
    selection = Selection(parameters={**EVERYTHING, **filters}, only=only)
    summary = write_export(form, map(store.reads, tenants), selection, file, provenance=beside)
    return Written(summary=summary, content=file.getvalue(), provenance=_lines(beside.getvalue()))


def _lines(content: bytes) -> list[dict[str, Any]]:
    return [cast("dict[str, Any]", json.loads(line)) for line in content.splitlines()]
