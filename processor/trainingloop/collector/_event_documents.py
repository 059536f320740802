"""What a JSON document says about the events of conversations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from trainingloop.collector._spans import EARLIEST_NS, MOST_AHEAD_NS
from trainingloop.collector.errors import BadRequestError
from trainingloop.instrumentation.moments import parse_moment
from trainingloop.instrumentation.semconv import EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_EVENTS: Final = 1000
"""Of one request."""
_MOST_CHARACTERS: Final = {
    "conversation_id": 256,
    "id": 256,
    "text": 65_536,
    "reason": 1024,
    "target": 1024,
    "channel": 64,
}
_FIELDS: Final = (*_MOST_CHARACTERS, "kind", "occurred_at", "outcome", "value", "decision_id")
_OUTCOME: Final = re.compile(r"[a-z0-9_]{1,64}")
_DECISION: Final = re.compile(r"[0-9a-f]{16}")
_VALUES: Final[Mapping[object, str]] = {True: "yes", False: "no", "yes": "yes", "no": "no"}
_ONLY_OF_OUTCOMES: Final = ("outcome", "value", "decision_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedEvent:
    """An event as its reporter tells it, with a time that it can have."""

    place: str
    """Where it stands in the document, to begin an error with; empty when it is all of it."""
    conversation_id: str
    id: str
    kind: EventKind
    occurred_at_ns: int
    text: str = ""
    reason: str = ""
    target: str = ""
    channel: str = ""
    outcome: str = ""
    value: str = ""
    decision_id: str = ""


def events_of(document: Mapping[str, object], *, now_ns: int) -> list[ReportedEvent]:
    """Return the event a document is, or the events it lists.

    Raises:
        BadRequestError: one of them is no event; the message says which and why.
    """
    if "events" not in document:
        fields = {name: value for name, value in document.items() if name != "tenant"}
        return [_event(fields, "", now_ns)]
    if others := sorted(set(document) - {"events", "tenant"}):
        raise BadRequestError(
            f"{others[0]!r} stands beside 'events': give each event its own fields"
        )
    listed = document["events"]
    if not isinstance(listed, list) or not 1 <= len(cast("list[object]", listed)) <= MOST_EVENTS:
        raise BadRequestError(f"'events' must be a list of 1 to {MOST_EVENTS} events")
    return [
        _event(each, f"events[{index}]: ", now_ns)
        for index, each in enumerate(cast("list[object]", listed))
    ]


def _event(given: object, place: str, now_ns: int) -> ReportedEvent:
    if not isinstance(given, dict):
        raise BadRequestError(f"{place}an event must be an object of {', '.join(_FIELDS)}")
    fields = cast("dict[str, object]", given)
    if unknown := sorted(set(fields) - set(_FIELDS)):
        # The name alone: a value may be anything.
        raise BadRequestError(f"{place}{unknown[0]!r} is no field: use {', '.join(_FIELDS)}")
    kind = _kind(fields, place)
    texts = {name: _text(fields, name, place) for name in _MOST_CHARACTERS}
    for name in ("conversation_id", "id"):
        if not texts[name]:
            raise BadRequestError(f"{place}{name!r} must be a text of 1 to 256 characters")
    is_outcome = kind is EventKind.OUTCOME
    if not is_outcome and (odd := [name for name in _ONLY_OF_OUTCOMES if name in fields]):
        raise BadRequestError(f"{place}{odd[0]!r} belongs to events of kind 'outcome' only")
    return ReportedEvent(
        place=place,
        kind=kind,
        occurred_at_ns=_occurred_at(fields, place, now_ns),
        outcome=_outcome(fields, place) if is_outcome else "",
        value=_value(fields, place) if is_outcome else "",
        decision_id=_decision(fields, place),
        conversation_id=texts["conversation_id"],
        id=texts["id"],
        text=texts["text"],
        reason=texts["reason"],
        target=texts["target"],
        channel=texts["channel"],
    )


def _kind(fields: Mapping[str, object], place: str) -> EventKind:
    given = fields.get("kind")
    for kind in EventKind:
        if given == kind.value:
            return kind
    raise BadRequestError(f"{place}'kind' must be one of {', '.join(EventKind)}")


def _text(fields: Mapping[str, object], name: str, place: str) -> str:
    value, most = fields.get(name), _MOST_CHARACTERS[name]
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most or not _is_unicode(value):
        raise BadRequestError(f"{place}{name!r} must be a text of at most {most} characters")
    return value


def _is_unicode(value: str) -> bool:
    """Whether a text can be written at all; half of a surrogate pair cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _occurred_at(fields: Mapping[str, object], place: str, now_ns: int) -> int:
    given = fields.get("occurred_at")
    moment = now_ns if given is None else parse_moment(given)
    if moment is None:
        raise BadRequestError(
            f"{place}'occurred_at' must be a time in ISO 8601, or a number of seconds since 1970"
        )
    if not EARLIEST_NS <= moment <= now_ns + MOST_AHEAD_NS:
        raise BadRequestError(
            f"{place}'occurred_at' must be in the past, not before the year 2000, "
            "and at most a day ahead"
        )
    return moment


def _outcome(fields: Mapping[str, object], place: str) -> str:
    given = fields.get("outcome")
    if not isinstance(given, str) or not _OUTCOME.fullmatch(given):
        raise BadRequestError(
            f"{place}'outcome' must be a name of 1 to 64 lower-case letters, digits and '_'"
        )
    return given


def _value(fields: Mapping[str, object], place: str) -> str:
    given = fields.get("value", True)
    # A number is no claim: 1 would compare equal to True.
    value = _VALUES.get(given) if isinstance(given, str | bool) else None
    if value is None:
        raise BadRequestError(f"{place}'value' must be true, false, 'yes' or 'no'")
    return value


def _decision(fields: Mapping[str, object], place: str) -> str:
    given = fields.get("decision_id")
    if given is None:
        return ""
    if not isinstance(given, str) or not _DECISION.fullmatch(given):
        raise BadRequestError(f"{place}'decision_id' must be a span id: 16 hexadecimal digits")
    return given
