"""Spans as the bytes the engine reads, so that another process can do the work of writing them.

The format is ClickHouse's RowBinary: values one after the other in the order of the columns, each
text after its length. Encoded rows can be concatenated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trainingloop.store.rows import SpanRow

    _Append = Callable[[bytes], None]

FORMAT: Final = "RowBinary"
_SHORT: Final = 48
"""Keys, models, versions and the like: each is encoded once and then known."""
_signed: Final = Struct("<q").pack
_unsigned: Final = Struct("<Q").pack


@dataclass(frozen=True, slots=True)
class EncodedSpans:
    """Rows that `trainingloop.store.Store.insert_encoded` stores; its length is their number."""

    data: bytes
    rows: int

    def __len__(self) -> int:
        return self.rows


def encode_spans(rows: Sequence[SpanRow]) -> EncodedSpans:
    """Return ``rows`` as bytes."""
    parts: list[bytes] = []
    for row in rows:
        _add_row(parts.append, row)
    return EncodedSpans(b"".join(parts), len(rows))


def _add_row(append: _Append, row: SpanRow) -> None:
    """Append the columns in the order of `trainingloop.store.rows.SPAN_COLUMNS`."""
    append(_signed(row.timestamp_ns))
    append(_encoded(row.trace_id))
    append(_encoded(row.span_id))
    append(_encoded(row.parent_span_id))
    append(_text(row.trace_state))
    append(_text(row.span_name))
    append(_text(row.span_kind))
    append(_text(row.service_name))
    _add_map(append, row.resource_attributes)
    append(_text(row.scope_name))
    append(_text(row.scope_version))
    _add_map(append, row.span_attributes)
    append(_unsigned(row.duration_ns))
    append(_text(row.status_code))
    append(_text(row.status_message))
    append(_length(len(row.events_timestamp_ns)))
    for timestamp_ns in row.events_timestamp_ns:
        append(_signed(timestamp_ns))
    _add_texts(append, row.events_name)
    _add_maps(append, row.events_attributes)
    _add_texts(append, row.links_trace_id)
    _add_texts(append, row.links_span_id)
    _add_texts(append, row.links_trace_state)
    _add_maps(append, row.links_attributes)


def _add_texts(append: _Append, texts: Sequence[str]) -> None:
    append(_length(len(texts)))
    for text in texts:
        append(_text(text))


def _add_maps(append: _Append, maps: Sequence[Mapping[str, str]]) -> None:
    append(_length(len(maps)))
    for attributes in maps:
        _add_map(append, attributes)


def _add_map(append: _Append, attributes: Mapping[str, str]) -> None:
    append(_length(len(attributes)))
    for key, value in attributes.items():
        append(_known(key) if len(key) <= _SHORT else _encoded(key))
        append(_known(value) if len(value) <= _SHORT else _encoded(value))


def _text(text: str) -> bytes:
    return _known(text) if len(text) <= _SHORT else _encoded(text)


def _encoded(text: str) -> bytes:
    # Half a surrogate pair has no UTF-8: one wrong character is no reason to lose a decision.
    encoded = text.encode("utf-8", "replace")
    return _length(len(encoded)) + encoded


_known = lru_cache(maxsize=16_384)(_encoded)


@lru_cache(maxsize=65_536)
def _length(number: int) -> bytes:
    """A number in LEB128, seven bits a byte, the lowest first."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)
