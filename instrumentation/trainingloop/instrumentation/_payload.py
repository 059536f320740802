"""Turning the agent's own objects into bounded attribute text."""

from __future__ import annotations

import json
from typing import Final, cast

import orjson

MAX_BYTES: Final = 1_048_576
"""A longer text is replaced as a whole: JSON cut in the middle is no JSON any more."""

_OPTIONS: Final = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY


def text_of(value: object) -> str:
    """A string as it is, anything else as JSON; never more than a mebibyte."""
    if isinstance(value, str):
        if value.isascii():
            return value if len(value) <= MAX_BYTES else _omission(len(value))
        # A lone surrogate would make the exporter drop the whole attribute.
        encoded = value.encode("utf-8", "replace")
        return encoded.decode() if len(encoded) <= MAX_BYTES else _omission(len(encoded))
    return json_of(value)


def json_of(value: object) -> str:
    """The JSON of a value; what JSON has no form for is written as its own text."""
    encoded = _encoded(value)
    return encoded.decode() if len(encoded) <= MAX_BYTES else _omission(len(encoded))


def _encoded(value: object) -> bytes:
    try:
        return orjson.dumps(value, default=_plain, option=_OPTIONS)
    except TypeError:
        # Integers beyond 64 bits and lone surrogates, which orjson refuses.
        return json.dumps(value, default=_plain, skipkeys=True).encode()


def _omission(size: int) -> str:
    return orjson.dumps({"omitted": "too large", "size": size}).decode()


def _plain(value: object) -> object:
    dump = getattr(value, "model_dump", None)
    if callable(dump) and not isinstance(value, type):
        return dump(mode="json")
    if isinstance(value, set | frozenset):
        return list(cast("set[object]", value))
    if isinstance(value, bytes | bytearray | memoryview):
        return {"omitted": "binary", "size": len(cast("bytes", value))}
    return str(value)
