"""Which conversations a row holds: the shapes transcripts are known to come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.transcripts import _endings, _facts, _fields, _moments
from trainingloop.transcripts._messages import read_messages
from trainingloop.transcripts.conversation import BadRow, Conversation
from trainingloop.transcripts.errors import TranscriptError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.transcripts._rows import Row

_MAX_ID_CHARACTERS: Final = 256
_IDS: Final = ("id", "conversation_id", "thread_id", "session_id")
_TRAJECTORY: Final = "traj"
_MESSAGES: Final = ("messages", _TRAJECTORY)
_ENDS: Final = ("end_time", "ended_at", "timestamp", "created_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where rows come from, for what they do not say themselves."""

    name: str
    """The file's name without its suffix: conversations without an id are named after it."""
    model: str = ""
    """The model where neither file nor message names one."""


def conversations(row: Row, source: Source) -> Iterator[Conversation | BadRow]:
    """Yield what ``row`` holds: one conversation, or the many of a set of simulations."""
    content = row.content
    if _fields.is_list(content):
        content = {"messages": content}
    fields = _fields.mapping(content)
    simulations = fields.get("simulations")
    if not _fields.is_list(simulations):
        yield _conversation(row.row, fields, _facts.Header(model=source.model), source)
        return
    header = _facts.header_of(fields, model=source.model)
    for number, simulation in enumerate(_fields.items(simulations), start=1):
        yield _conversation(number, _fields.mapping(simulation), header, source, is_simulated=True)


def _conversation(
    row: int,
    fields: Mapping[str, object],
    header: _facts.Header,
    source: Source,
    *,
    is_simulated: bool = False,
) -> Conversation | BadRow:
    raw = next((fields[name] for name in _MESSAGES if name in fields), None)
    is_simulated = is_simulated or _TRAJECTORY in fields
    if not _fields.is_list(raw):
        return BadRow(row=row, reason="is no conversation: give an object with an array messages")
    if not _fields.items(raw):
        return BadRow(row=row, reason="has no messages")
    try:
        messages = read_messages(_fields.items(raw))
        outcomes = _endings.outcomes_of(fields, is_simulated=is_simulated)
    except TranscriptError as error:
        return BadRow(row=row, reason=str(error))
    return Conversation(
        row=row,
        id=_id(row, fields, source),
        messages=messages,
        facts=_facts.facts_of(fields, header),
        ended_ns=_moments.of_fields(fields, *_ENDS),
        closing=_endings.closing_of(fields, messages, is_simulated=is_simulated),
        outcomes=outcomes,
    )


def _id(row: int, fields: Mapping[str, object], source: Source) -> str:
    metadata = _fields.mapping(fields.get("metadata"))
    given = _fields.first_text(fields, *_IDS) or _fields.first_text(metadata, *_IDS[1:])
    if not given:
        task = _fields.text(fields.get("task_id"))
        parts = (task, _fields.text(fields.get("trial"))) if task else (str(row),)
        given = "-".join(part for part in (source.name, *parts) if part)
    return given[:_MAX_ID_CHARACTERS]
