"""OTLP values as Python values, and Python values as the text that is stored."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
    from opentelemetry.util.types import AttributeValue

_JSON_OPTIONS = orjson.OPT_NON_STR_KEYS


def attributes_of(pairs: Iterable[KeyValue]) -> dict[str, AttributeValue]:
    """Return attributes as a dict; of a repeated key the last value counts."""
    found: dict[str, AttributeValue] = {}
    for pair in pairs:
        value = pair.value
        # Nearly all values are texts that are not empty: asking for the oneof's name costs more.
        found[pair.key] = value.string_value or _other(value)
    return found


def _other(value: AnyValue) -> AttributeValue:
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [item.string_value or _other(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return attributes_of(value.kvlist_value.values)
    return cast("AttributeValue", getattr(value, kind))


def stringified(attributes: Mapping[str, AttributeValue]) -> dict[str, str]:
    """Return attributes as the texts a ClickHouse map holds; nested values become JSON."""
    return {
        key: value if type(value) is str else text_of(value) for key, value in attributes.items()
    }


def text_of(value: AttributeValue) -> str:
    """Return one value as the collector's ClickHouse exporter writes it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _text_of_float(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return json_text(value)


def _text_of_float(value: float) -> str:
    if math.isfinite(value) and value.is_integer() and abs(value) < 2**53:
        # JavaScript has no integers: its token counts arrive as 12.0.
        return str(int(value))
    return repr(value)


def json_text(value: Sequence[AttributeValue] | Mapping[str, AttributeValue]) -> str:
    """Return a nested value as compact JSON."""
    return orjson.dumps(value, default=_encodable, option=_JSON_OPTIONS).decode()


def _encodable(value: object) -> object:
    """Turn what JSON has no word for into something it has."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, object]", value))
    if isinstance(value, Sequence):
        return list(cast("Sequence[object]", value))
    return str(value)
