"""Whole decisions, with their tool calls, votes and outcomes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from trainingloop.exports._examples import Exported
from trainingloop.exports._json import parsed_or_text
from trainingloop.exports._judged import check_proof

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trainingloop.chat import JsonObject
    from trainingloop.exports._judged import Judged, OutcomeState
    from trainingloop.exports._net import LastNet
    from trainingloop.exports._selection import TenantReads

_CALL_FIELDS: Final = (
    "id", "tool", "call_arguments", "call_result", "call_status", "call_error", "duration_ms",
    "called_at", "is_requested", "is_executed",
)  # fmt: skip
DOCUMENTS: Final = frozenset(
    {
        "input_messages", "system_instructions", "tool_definitions", "request_params",
        "output_messages", "playbook_settings", "playbook_rules", "redaction_entities",
    }
)  # fmt: skip
"""Columns that hold JSON, which becomes part of a line."""


def tool_calls_of(
    reads: TenantReads, decisions: Sequence[Mapping[str, object]]
) -> dict[str, list[JsonObject]]:
    """Return the tool calls of each of ``decisions``, by its id, in their order."""
    if not decisions:
        return {}
    ids = [str(decision["decision_id"]) for decision in decisions]
    threads = sorted({str(decision["thread_id"]) for decision in decisions})
    table = reads.table("tool_calls_of_decisions", {"decisions": ids, "threads": threads})
    found: dict[str, list[JsonObject]] = {decision: [] for decision in ids}
    for record in table.records():
        owner = str(record["decision_id"] or record["execution_id"])
        if owner in found:
            found[owner].append(_call(record))
    return found


def with_tool_calls(reads: TenantReads, page: list[Judged]) -> Iterator[Judged]:
    """Yield decisions with what came of the tools they asked for."""
    calls = tool_calls_of(reads, [judged.row for judged in page])
    for judged in page:
        yield replace(judged, tool_calls=tuple(calls[judged.decision_id]))


def whole_decision(judged: Judged, net: LastNet) -> Exported:
    """Return everything that is known of a decision.

    Raises:
        SkippedError, UnfitError: its redaction is not proved, or something is found after all.
    """
    check_proof(judged)
    net.check(judged)
    row = {
        name: parsed_or_text(value) if name in DOCUMENTS else value
        for name, value in judged.row.items()
    }
    calls = [{**call, "arguments": parsed_or_text(call["arguments"])} for call in judged.tool_calls]
    return Exported(document={**row, "tool_calls": calls, **_what_came_of(judged)})


def _what_came_of(judged: Judged) -> JsonObject:
    return {
        "votes_up": judged.ups,
        "votes_down": judged.downs,
        "vote_reasons": sorted({vote.reason for vote in judged.votes if vote.reason}),
        "correction": judged.correction,
        "outcomes": [_outcome(outcome) for outcome in judged.outcomes],
    }


def _outcome(outcome: OutcomeState) -> JsonObject:
    return {
        "rule": outcome.rule,
        "version": outcome.version,
        "state": outcome.state,
        "ending": outcome.ending,
        "is_attributed": outcome.is_attributed,
        "matures_at": outcome.matures_at,
    }


def _call(record: Mapping[str, object]) -> JsonObject:
    call = {name.removeprefix("call_"): record[name] for name in _CALL_FIELDS}
    return {**call, **{name: bool(call[name]) for name in ("is_requested", "is_executed")}}
