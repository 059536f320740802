"""The way of a transcript file into a store."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from trainingloop.instrumentation.keys import load_keyring
from trainingloop.transcripts import (
    BadRow,
    SpanSettings,
    TranscriptError,
    batches,
    dated,
    read_transcripts,
    spans_of,
    undated_decision,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from opentelemetry.proto.trace.v1.trace_pb2 import Span

    from trainingloop.cli._workspace import TenantReads, Workspace
    from trainingloop.transcripts import Conversation

_EARLIEST_NS: Final = 946_684_800 * 10**9
"""The year 2000; the collector takes no span from before it."""
_CHUNK: Final = 64
"""How many conversations are held at once, to ask the store about all of them together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadFileRow:
    """A row that was left out, and why."""

    file: str
    row: int | None
    """None where the file as a whole cannot be read."""
    reason: str


@dataclass(slots=True, kw_only=True)
class Tally:
    """What an import found, and what became of it."""

    conversations: int = 0
    decisions: int = 0
    tool_calls: int = 0
    bad: list[BadFileRow] = field(default_factory=list[BadFileRow])
    rejected: int = 0
    rejections: set[str] = field(default_factory=set[str])


class Importer:
    """Sends files to a store and counts.

    Args:
        workspace: the store.
        tenant: whose conversations they are.
        model: the model where a file names none.
        progress: told the file's name whenever another conversation is on its way.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        tenant: str,
        model: str,
        progress: Callable[[str, Tally], None],
    ) -> None:
        self._workspace = workspace
        self._tenant = tenant
        self._model = model
        self._progress = progress
        self.tally: Final = Tally()

    def add(self, path: Path) -> None:
        """Store the conversations of one file; memory holds a few of them."""
        try:
            for batch in batches(self._spans(path)):
                outcome = self._workspace.send(batch)
                self.tally.rejected += outcome.rejected
                if outcome.message:
                    self.tally.rejections.add(outcome.message)
        except TranscriptError as error:
            # The other files may be better.
            self.tally.bad.append(BadFileRow(file=path.name, row=None, reason=str(error)))

    def _spans(self, path: Path) -> Iterator[Span]:
        settings = SpanSettings(tenant=self._tenant, keys=load_keyring(), end_ns=_written_ns(path))
        reads = self._workspace.reads(self._tenant)
        for conversation in _dated(self._conversations(path), settings, reads):
            yield from spans_of(conversation, settings)
            self.tally.conversations += 1
            self.tally.decisions += conversation.decisions
            self.tally.tool_calls += conversation.tool_calls
            self._progress(path.name, self.tally)

    def _conversations(self, path: Path) -> Iterator[Conversation]:
        for found in read_transcripts(path, model=self._model):
            if isinstance(found, BadRow):
                self.tally.bad.append(
                    BadFileRow(file=path.name, row=found.row, reason=found.reason)
                )
            else:
                yield found


def _dated(
    conversations: Iterable[Conversation], settings: SpanSettings, reads: TenantReads
) -> Iterator[Conversation]:
    """Yield the conversations, those without any time where an earlier import put them."""
    remaining = iter(conversations)
    while chunk := list(islice(remaining, _CHUNK)):
        first_decisions = [undated_decision(conversation, settings) for conversation in chunk]
        known = _times(reads, [decision for decision in first_decisions if decision])
        for conversation, decision in zip(chunk, first_decisions, strict=True):
            at_ns = known.get(decision or "")
            yield conversation if at_ns is None else dated(conversation, at_ns)


def _times(reads: TenantReads, decisions: list[str]) -> dict[str, int]:
    if not decisions:
        return {}
    records = reads.table("decision_times", {"decisions": decisions}).records()
    return {str(record["decision_id"]): cast("int", record["occurred_at_ns"]) for record in records}


def _written_ns(path: Path) -> int:
    """Return when a file was written; now, where an archive or a wrong clock left no such time."""
    now_ns, written_ns = time.time_ns(), path.stat().st_mtime_ns
    return written_ns if _EARLIEST_NS <= written_ns <= now_ns else now_ns
