"""A span on its way from the wire to the store: Python values, not yet text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.util.types import AttributeValue


@dataclass(slots=True, kw_only=True)
class Event:
    """Something that happened while the span ran."""

    timestamp_ns: int
    name: str
    attributes: dict[str, AttributeValue]


@dataclass(slots=True, kw_only=True)
class Link:
    """Another span this one points to."""

    trace_id: str
    span_id: str
    trace_state: str
    attributes: dict[str, AttributeValue]


@dataclass(slots=True, kw_only=True)
class Draft:
    """The parts of a span that say something; its steps change it in place.

    Not frozen: four steps touch each of thousands of spans a second, and a copy at each of them
    would cost as much as the steps.
    """

    name: str
    tenant: str = ""
    scope_name: str = ""
    scope_version: str = ""
    status_message: str = ""
    trace_state: str = ""
    attributes: dict[str, AttributeValue]
    events: list[Event] = field(default_factory=list[Event])
    links: list[Link] = field(default_factory=list[Link])
