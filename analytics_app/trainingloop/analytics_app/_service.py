"""Everything the pages read, typed: one method for each thing a page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

import pandas as pd

from trainingloop.analytics_app._records import (
    DecisionDetail,
    Extent,
    FacetValue,
    Thread,
    ThreadDecision,
    ThreadEvent,
    ToolCall,
    Totals,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from trainingloop.analytics_app._filters import Filters, Period
    from trainingloop.store import Table


class Reads(Protocol):
    """The reads of one tenant."""

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``."""
        ...


class Decisions:
    """What was recorded of one tenant, for the pages.

    Args:
        reads: the reads of that tenant, straight from a store or through a cache.
    """

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def extent(self) -> Extent:
        """How much there is, ever."""
        (row,) = self._records("overview_extent")
        return Extent(
            decisions=_int(row["decisions"]),
            first_at=_at(row["first_at"]),
            last_at=_at(row["last_at"]),
        )

    def totals(self, period: Period) -> Totals:
        """The figures of a time range."""
        (row,) = self._records("overview_totals", period.parameters())
        return Totals(
            decisions=_int(row["decisions"]),
            messages=_int(row["messages"]),
            tool_calls=_int(row["tool_calls"]),
            playbook_decisions=_int(row["playbook_decisions"]),
            conversations=_int(row["conversations"]),
            errors=_int(row["errors"]),
            input_tokens=_int(row["input_tokens_sum"]),
            output_tokens=_int(row["output_tokens_sum"]),
            redactions=_int(row["redactions"]),
            decisions_with_failed_redaction=_int(row["decisions_with_failed_redaction"]),
            decisions_without_proof=_int(row["decisions_without_proof"]),
        )

    def by_day(self, period: Period) -> pd.DataFrame:
        """Decisions by day and kind."""
        return self._frame("overview_by_day", period.parameters())

    def by_version(self, period: Period) -> pd.DataFrame:
        """Counts, latency, tokens and errors of each version that decided."""
        return self._frame("overview_by_version", period.parameters())

    def tool_counts(self, period: Period) -> pd.DataFrame:
        """Tool calls by tool, each call once."""
        return self._frame("tool_call_counts", period.parameters())

    def losses(self, period: Period) -> pd.DataFrame:
        """What each recording process emitted, dropped and has stored here."""
        return self._frame("loss_by_instance", period.parameters())

    def redacted_types(self, period: Period) -> pd.DataFrame:
        """What redaction replaced, by type."""
        return self._frame("redaction_entities", period.parameters())

    def facets(self, period: Period) -> dict[str, tuple[FacetValue, ...]]:
        """The values each filter can take, the most frequent first."""
        found: dict[str, list[FacetValue]] = {}
        for row in self._records("decision_facets", period.parameters()):
            value = FacetValue(value=_text(row["value"]), decisions=_int(row["decisions"]))
            found.setdefault(_text(row["facet"]), []).append(value)
        return {facet: tuple(values) for facet, values in found.items()}

    def count(self, filters: Filters, period: Period) -> int:
        """How many decisions the filters leave."""
        (row,) = self._records("decision_count", filters.parameters(period))
        return _int(row["decisions"])

    def page(self, filters: Filters, period: Period, *, number: int, rows: int) -> pd.DataFrame:
        """One page of the decisions the filters leave, newest first; pages count from 1."""
        limits = {"limit": rows, "offset": (number - 1) * rows}
        return self._frame("decisions", {**filters.parameters(period), **limits})

    def decision(self, decision_id: str) -> DecisionDetail | None:
        """One decision, or None when there is none of that id."""
        rows = list(self._records("decision", {"decision": decision_id}))
        return _detail(rows[0]) if rows else None

    def calls_of(self, decision: DecisionDetail) -> tuple[ToolCall, ...]:
        """The tool calls a decision asked for, with what came of them."""
        asked = {"decisions": [decision.decision_id], "threads": [decision.thread_id]}
        return tuple(map(_call, self._records("tool_calls_of_decisions", asked)))

    def thread(self, thread_id: str) -> Thread | None:
        """A conversation, or None when nothing of it was recorded."""
        wanted = {"thread": thread_id}
        thread = Thread(
            thread_id=thread_id,
            decisions=tuple(map(_thread_decision, self._records("thread_decisions", wanted))),
            events=tuple(map(_event, self._records("thread_events", wanted))),
            tool_calls=tuple(map(_call, self._records("tool_calls_of_thread", wanted))),
        )
        return thread if thread.decisions or thread.events or thread.tool_calls else None

    def threads(self, period: Period, *, most: int) -> pd.DataFrame:
        """The conversations of a time range, the most recent first."""
        return self._frame("threads", {**period.parameters(), "limit": most})

    def _records(
        self, name: str, parameters: Mapping[str, object] | None = None
    ) -> Iterable[dict[str, Any]]:
        return self._reads.table(name, parameters).records()

    def _frame(self, name: str, parameters: Mapping[str, object]) -> pd.DataFrame:
        table = self._reads.table(name, parameters)
        return pd.DataFrame(list(table.rows), columns=list(table.columns))


def _detail(row: Mapping[str, Any]) -> DecisionDetail:
    text = {name: _text(value) for name, value in row.items()}
    return DecisionDetail(
        decision_id=text["decision_id"],
        trace_id=text["trace_id"],
        thread_id=text["thread_id"],
        has_conversation=bool(text["conversation_id"]),
        kind=text["decision_kind"],
        occurred_at=_at(row["occurred_at"]),
        duration_ms=float(row["duration_ms"]),
        model=text["model"],
        status=text["status"],
        status_message=text["status_message"],
        error_type=text["error_type"],
        input_tokens=_int(row["input_tokens"]),
        output_tokens=_int(row["output_tokens"]),
        output_text=text["output_text"],
        output_messages=text["output_messages"],
        reason=text["reason"],
        input_messages=text["input_messages"],
        system_instructions=text["system_instructions"],
        tool_definitions=text["tool_definitions"],
        request_params=text["request_params"],
        playbook_settings=text["playbook_settings"],
        playbook_rules=text["playbook_rules"],
        versions=_versions(text),
        circumstances=_circumstances(text),
        redaction_version=text["redaction_version"],
        redaction_status=text["redaction_status"],
        redaction_count=_int(row["redaction_count"]),
        redaction_failures=_int(row["redaction_failures"]),
        redaction_entities=text["redaction_entities"],
    )


def _versions(text: Mapping[str, str]) -> dict[str, str]:
    dirty = " with uncommitted changes" if text["code_dirty"] == "true" else ""
    return {
        "Cohort": text["cohort"],
        "Model requested": text["request_model"],
        "Model served": text["response_model"],
        "Prompt": _versioned(text["prompt_name"], text["prompt_version"]),
        "Prompt hash": text["prompt_hash"],
        "Playbook": _versioned(
            text["playbook_name"] or text["playbook_id"], text["playbook_version"]
        ),
        "Playbook hash": text["playbook_hash"],
        "Tools hash": text["tools_hash"],
        "Code": text["code_version"] + dirty if text["code_version"] else "",
        "Service": _versioned(text["service_name"], text["service_version"]),
        "Experiment": text["experiment_id"],
        "Arm": text["experiment_variant"],
        "Library": text["library_version"],
    }


def _circumstances(text: Mapping[str, str]) -> dict[str, str]:
    turn = text["turn_index"]
    return {
        "Operation": text["operation"],
        "Provider": text["provider"],
        "Finish reason": text["finish_reasons"],
        "Turn": "" if turn == "0" else turn,
        "Channel": text["channel"],
        "Customer": text["customer"],
        "Agent": text["agent_name"],
        "Environment": text["environment"],
        "Recorded by": " · ".join(part for part in (text["source"], text["dialect"]) if part),
        "Trace": text["trace_id"],
        "Response id": text["response_id"],
    }


def _thread_decision(row: Mapping[str, Any]) -> ThreadDecision:
    return ThreadDecision(
        decision_id=_text(row["decision_id"]),
        occurred_at=_at(row["occurred_at"]),
        duration_ms=float(row["duration_ms"]),
        kind=_text(row["decision_kind"]),
        operation=_text(row["operation"]),
        model=_text(row["model"]),
        cohort=_text(row["cohort"]),
        playbook=_versioned(_text(row["playbook_id"]), _text(row["playbook_version"])),
        playbook_rules=_text(row["playbook_rules"]),
        status=_text(row["status"]),
        error_type=_text(row["error_type"]),
        input_text=_text(row["input_text"]),
        output_text=_text(row["output_text"]),
        reason=_text(row["reason"]),
        tool_calls=_text(row["tool_calls"]),
        channel=_text(row["channel"]),
        customer=_text(row["customer"]),
    )


def _event(row: Mapping[str, Any]) -> ThreadEvent:
    return ThreadEvent(
        event_id=_text(row["event_id"]),
        kind=_text(row["event_kind"]),
        occurred_at=_at(row["occurred_at"]),
        text=_text(row["text"]),
        reason=_text(row["reason"]),
        target=_text(row["target"]),
        outcome=_text(row["outcome"]),
        value=_text(row["value"]),
        channel=_text(row["channel"]),
        is_derived=row["source"] == "derived",
    )


def _call(row: Mapping[str, Any]) -> ToolCall:
    return ToolCall(
        decision_id=_text(row["decision_id"]),
        execution_id=_text(row["execution_id"]),
        call_id=_text(row["id"]),
        tool=_text(row["tool"]),
        arguments=_text(row["call_arguments"]),
        result=_text(row["call_result"]),
        status=_text(row["call_status"]),
        error_type=_text(row["call_error"]),
        duration_ms=float(row["duration_ms"]),
        called_at=_at(row["called_at"]),
        is_executed=bool(row["is_executed"]),
    )


def _versioned(name: str, version: str) -> str:
    return f"{name} · {version}" if name and version else name or version


def _text(value: object) -> str:
    return str(value)


def _int(value: object) -> int:
    return int(cast("int", value))


def _at(value: object) -> datetime:
    return cast("datetime", value)
