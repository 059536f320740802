"""Transcripts in, OTLP out: conversations that were recorded by somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainingloop.transcripts._dating import dated, undated_decision
from trainingloop.transcripts._otlp import batches
from trainingloop.transcripts._rows import read_rows
from trainingloop.transcripts._shapes import Source, conversations
from trainingloop.transcripts._spans import SpanSettings, spans_of
from trainingloop.transcripts.conversation import BadRow, Conversation
from trainingloop.transcripts.errors import TranscriptError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "BadRow",
    "Conversation",
    "SpanSettings",
    "TranscriptError",
    "batches",
    "dated",
    "read_transcripts",
    "spans_of",
    "undated_decision",
]


def read_transcripts(path: Path, *, model: str = "") -> Iterator[Conversation | BadRow]:
    """Yield the conversations of a file in their order, one at a time.

    Args:
        path: a JSON array, JSONL, or one JSON object; of objects with ``messages``, or of the
            shapes of tau-bench and tau2-bench.
        model: the model's name where the file tells none.

    Raises:
        TranscriptError: the file cannot be read at all. A row that is no conversation raises
            nothing: it comes as a `BadRow`, and the next one follows.
    """
    source = Source(name=path.stem, model=model)
    is_empty = True
    for row in read_rows(path):
        is_empty = False
        if isinstance(row, BadRow):
            yield row
        else:
            yield from conversations(row, source)
    if is_empty:
        raise TranscriptError(f"{path.name!r} holds nothing: give a file of transcripts")
