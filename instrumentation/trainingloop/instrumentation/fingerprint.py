"""Which versions an assistant ran: hashes of prompt and tools, the code version, the cohort."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import orjson

from trainingloop.instrumentation import semconv
from trainingloop.instrumentation._code_version import CodeVersion, code_version, short_revision

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CodeVersion",
    "arguments_hash",
    "canonical_json",
    "code_version",
    "cohort",
    "compact_json",
    "prompt_hash",
    "short_revision",
    "tools_hash",
]

_HASH_CHARACTERS: Final = 16
_CACHED_CHARACTERS: Final = 32_768
"""Longer texts are hashed anew each time: a cache of them would hold megabytes."""

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY: Final = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
# Every alternative starts at a word's beginning or at a fixed character, so that a long run of
# letters is scanned once: the text may be megabytes of anything.
_VARIABLE: Final = re.compile(
    rf"""
      <[A-Z][A-Z_]*_[a-z0-9]{{4,32}}>                           # a redaction token
    | \b(?:https?|wss?|ftp)://[^\s<>"']++                       # an address
    | (?<![\w.+%-])[\w.+%-]++@[\w-]++(?:\.[\w-]++)++            # an e-mail address
    | \b[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}\b
    | \b\d{{4}}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?
    | (?<=today\ is\ ){_DAY}\b
    | \b{_DAY},?\ +(?=(?:\d|{_MONTH}\b))
    | \b{_MONTH}\.?\ +(?=\d)
    | (?<=\d\ ){_MONTH}\b\.?,? | (?<=\d(?:st|nd|rd|th)\ ){_MONTH}\b\.?,?
    | [+(]?\d(?:[\d.,:/()+-]*\d)?(?:st|nd|rd|th|\ ?[ap]m)?      # a number, a date, a time
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MASK: Final = "\x00"
_MASK_RUN: Final = re.compile(rf"{_MASK}(?:[\s,.()-]*{_MASK})+")


def prompt_hash(text: str) -> str:
    """Sixteen hex digits that stay the same while only dates, numbers and people change.

    Dates, times, numbers, UUIDs, e-mail addresses, URLs and redaction tokens are masked and white
    space is folded: a template filled in for two customers has one hash, before and after
    redaction.
    """
    if len(text) <= _CACHED_CHARACTERS:
        return _cached_prompt_hash(text)
    return _hash(_stable_part(text))


def tools_hash(definitions: object) -> str:
    """Sixteen hex digits of the tool definitions, given as objects or as their JSON."""
    if isinstance(definitions, str) and len(definitions) <= _CACHED_CHARACTERS:
        return _cached_json_hash(definitions)
    return _hash(canonical_json(_parsed(definitions)))


def arguments_hash(value: object) -> str:
    """Sixteen hex digits of a tool's arguments, given as a mapping or as its JSON.

    No arguments hash like an empty object, because models write both.
    """
    parsed = _parsed(value)
    return _hash(canonical_json({} if parsed is None or parsed == "" else parsed))


def canonical_json(value: object) -> str:
    """One JSON text for every equal value: keys sorted, no white space."""
    return _json(value, orjson.OPT_SORT_KEYS, sort_keys=True)


def compact_json(value: object) -> str:
    """The JSON text of a value without white space, its keys in their own order."""
    return _json(value, 0, sort_keys=False)


def cohort(attributes: Mapping[str, object]) -> str:
    """The tag of the versions a decision ran, such as ``booking_v3.2_experiment``.

    The playbook with its version, else the prompt, else the model; then the experiment's arm.
    Empty when none of them is known.
    """
    base = (
        _versioned(attributes, semconv.PLAYBOOK_ID, semconv.PLAYBOOK_VERSION)
        or _versioned(attributes, semconv.PROMPT_NAME, semconv.PROMPT_VERSION)
        or _tagged_prompt(attributes)
        or _text(attributes, semconv.REQUEST_MODEL)
        or _text(attributes, semconv.RESPONSE_MODEL)
    )
    parts = (base, _text(attributes, semconv.EXPERIMENT_VARIANT) if base else "")
    return "_".join(part for part in parts if part)


def _versioned(attributes: Mapping[str, object], name_key: str, version_key: str) -> str:
    name, version = _text(attributes, name_key), _text(attributes, version_key)
    if not name or not version:
        return name
    return f"{name}_{version if re.match(r'v[0-9]', version) else f'v{version}'}"


def _tagged_prompt(attributes: Mapping[str, object]) -> str:
    digest = _text(attributes, semconv.PROMPT_HASH)
    return f"prompt_{digest[:8]}" if digest else ""


def _text(attributes: Mapping[str, object], key: str) -> str:
    value = attributes.get(key)
    return "_".join(value.split()) if isinstance(value, str) else ""


def _stable_part(text: str) -> str:
    masked = _VARIABLE.sub(_MASK, text.replace(_MASK, ""))
    # "+1 415 555 0100" is four masks and its redaction token is one: runs become one mask.
    return " ".join(_MASK_RUN.sub(_MASK, masked).split())


def _json(value: object, option: int, *, sort_keys: bool) -> str:
    try:
        return orjson.dumps(value, option=option | orjson.OPT_NON_STR_KEYS, default=str).decode()
    except (TypeError, ValueError, RecursionError):
        # Integers beyond 64 bits and lone surrogates are valid JSON that orjson refuses.
        return json.dumps(value, sort_keys=sort_keys, separators=(",", ":"), default=str)


def _parsed(value: object) -> object:
    if not isinstance(value, str | bytes):
        return value
    try:
        # Not orjson: it turns integers beyond 64 bits into floats, and equal values must stay so.
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _hash(text: str) -> str:
    encoded = text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(encoded).hexdigest()[:_HASH_CHARACTERS]


@lru_cache(maxsize=256)
def _cached_prompt_hash(text: str) -> str:
    return _hash(_stable_part(text))


@lru_cache(maxsize=256)
def _cached_json_hash(text: str) -> str:
    return _hash(canonical_json(_parsed(text)))
