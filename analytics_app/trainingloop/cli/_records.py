"""The records of a text, JSON or JSONL input, and what redaction makes of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from trainingloop.processor import Finding, Redactor

Form = Literal["text", "json", "jsonl"]

_SUFFIXES: Final[Mapping[str, Form]] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".txt": "text"}
_CONVERSATION_KEYS: Final = ("conversation_id", "gen_ai.conversation.id", "session_id", "thread_id")
_TEXT_KEY: Final = "text"
_TOLD_BY: Final = 200
"""Lines that tell whether an input is JSONL."""
_AT_ONCE: Final = 500
"""Records that are looked at before the first of them is redacted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of an input."""

    number: int
    given: str
    """As it stands in the input."""
    text: str
    """What offsets refer to: the record, or the text it consists of."""
    conversation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What redaction made of a record."""

    record: Record
    written: str
    """The whole record, redacted."""
    text: str
    """The part offsets refer to, redacted."""
    findings: list[Finding]
    failures: int


def form_of(path: Path, content: str) -> Form:
    """Tell the form of an input, by its name or else by what it holds."""
    if known := _SUFFIXES.get(path.suffix.lower()):
        return known
    if _is_json(content):
        return "json"
    lines = list(islice(filter(str.strip, content.splitlines()), _TOLD_BY))
    # One line that was cut off does not make a text of all the others.
    is_jsonl = len(lines) > 1 and sum(map(_is_json, lines)) * 2 > len(lines)
    return "jsonl" if is_jsonl else "text"


def records(content: str, form: Form) -> Iterator[Record]:
    """Yield the records of an input: the lines of JSONL, else the whole of it."""
    if form != "jsonl":
        yield _record(1, content, form)
        return
    for number, line in enumerate(content.split("\n"), start=1):
        if line.strip():
            yield _record(number, line.rstrip("\r"), form)


def cleaned(
    given: Iterable[Record], redactor: Redactor, tenant: str, *, is_explained: bool
) -> Iterator[Cleaned]:
    """Redact records; what one says about a conversation is found in the others around it too."""
    remaining = iter(given)
    while part := list(islice(remaining, _AT_ONCE)):
        redactor.prepare(
            [(tenant, record.conversation, {"value": record.given}) for record in part]
        )
        for record in part:
            yield _cleaned(record, redactor, tenant, is_explained=is_explained)


def _cleaned(record: Record, redactor: Redactor, tenant: str, *, is_explained: bool) -> Cleaned:
    from trainingloop.processor import Report  # heavy

    report = Report()

    def redacted(text: str) -> str:
        about = record.conversation
        value = redactor.attribute("value", text, tenant=tenant, conversation=about, report=report)
        return cast("str", value)

    written = redacted(record.given)
    text = written if record.text is record.given else redacted(record.text)
    findings: list[Finding] = []
    if is_explained:
        findings = redactor.explain(record.text, tenant=tenant, conversation=record.conversation)
    return Cleaned(
        record=record,
        written=written,
        text=text,
        findings=findings,
        failures=report.failures,
    )


def _record(number: int, given: str, form: Form) -> Record:
    value = _parsed(given) if form != "text" else None
    text, conversation = given, f"record {number}"
    if isinstance(value, str):
        text = value
    elif isinstance(value, dict):
        fields = cast("Mapping[str, object]", value)
        own = fields.get(_TEXT_KEY)
        text = own if isinstance(own, str) else given
        named = (fields.get(key) for key in _CONVERSATION_KEYS)
        conversation = next((str(name) for name in named if name), conversation)
    return Record(number=number, given=given, text=text, conversation=conversation)


def _is_json(text: str) -> bool:
    return _parsed(text) is not None


def _parsed(text: str) -> object:
    """The object, array or string a text is the JSON of; ``None`` for any other text."""
    if text.strip()[:1] not in {"{", "[", '"'}:
        return None
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError):
        return None
