"""Reads encoded spans back, for stores that keep rows in memory."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, cast

from trainingloop.store.rows import SPAN_COLUMNS, SpanRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.store.encoding import EncodedSpans


def read_rows(spans: EncodedSpans) -> Iterator[SpanRow]:
    """Yield the rows that were encoded."""
    source = io.BytesIO(spans.data)
    for _ in range(spans.rows):
        values = [_value(source, kind) for _, kind in SPAN_COLUMNS]
        yield SpanRow(*cast("list[str]", values))  # type: ignore[arg-type]  # by their types
    assert not source.read(1)


def _value(source: io.BytesIO, kind: str) -> object:
    name, _, inner = kind.removesuffix(")").partition("(")
    if name == "LowCardinality":
        return _value(source, inner)
    if name == "Array":
        return [_value(source, inner) for _ in range(_length(source))]
    if name == "Map":
        pairs = ((_text(source), _text(source)) for _ in range(_length(source)))
        return dict(pairs)
    if name == "String":
        return _text(source)
    return struct.unpack("<q" if name == "DateTime64" else "<Q", source.read(8))[0]


def _text(source: io.BytesIO) -> str:
    return source.read(_length(source)).decode()


def _length(source: io.BytesIO) -> int:
    (byte,) = source.read(1)
    return (byte & 0x7F) | (_length(source) << 7 if byte & 0x80 else 0)
