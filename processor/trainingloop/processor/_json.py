"""JSON inside strings: read exactly, written back valid."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, TypeAlias, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Value: TypeAlias = "str | bool | int | float | bytes | Sequence[Value] | Mapping[str, Value] | None"
"""What an attribute, or a part of one, can be."""

# A message of one text, as most are: no character of it is in need of an escape that has digits.
_TEXT: Final = r"[^\"\\\x00-\x1f\ud800-\udfff]*+(?:\\[\"\\/bfnrt][^\"\\\x00-\x1f\ud800-\udfff]*+)*+"
_MESSAGE: Final = re.compile(
    r'\{"role": ?"(?:user|assistant|system|tool|developer)", ?'
    rf'(?:"content": ?"(?P<bare>{_TEXT})"'
    rf'|"parts": ?\[\{{(?:"type": ?"text", ?"content": ?"(?P<second>{_TEXT})"'
    rf'|"content": ?"(?P<first>{_TEXT})", ?"type": ?"text")\}}\])\}}'
)
FIELDS_OF_MESSAGES: Final = ("role", "content", "parts", "type")
"""The names of the fields of such a message."""
_CLOSING: Final = {"{": "}", "[": "]", '"': '"'}
_SPACED_COLON: Final = re.compile(r'"\s+:')
_FIELD_NAME: Final = re.compile(r'(?<!\\)"\s*:')


class NotJsonError(ValueError):
    """The text is no JSON document that is worth taking apart."""


def looks_like_json(text: str) -> bool:
    """Whether a text begins and ends as a JSON object, array or string does."""
    if text[:1] not in '{["' and text[:1] not in " \t\r\n":
        return False
    stripped = text.strip()
    return len(stripped) > 1 and stripped[-1] == _CLOSING.get(stripped[0])


def is_list_of_messages(text: str) -> bool:
    """Whether a text begins and ends as a JSON list of messages does."""
    return text.startswith('[{"role"') and text.endswith("}]")


def split_messages(text: str) -> list[str]:
    """The items of a JSON list of messages as they are written; few or wrong ones if it is none.

    Inside a JSON string the quote of ``{"role"`` would be escaped, so this sequence is never
    content. It may still be deeper than the first level: whoever uses the parts must check that
    each is a complete object.
    """
    if not is_list_of_messages(text):
        return []
    separator = _separator(text)
    # A plain split and putting back what it took is five times as fast as a look-around.
    first, *others = text[1:-2].split(separator)
    return [first + "}", *('{"role"' + other + "}" for other in others)]


def message_ends(text: str, most: int) -> list[int]:
    """Where the last messages of such a list end, but for the very last: in order, at most some."""
    separator = _separator(text)
    ends: list[int] = []
    end = len(text)
    while len(ends) < most and (end := text.rfind(separator, 0, end)) >= 0:
        ends.insert(0, end + 1)
    return ends


def newest_messages(text: str, end: int) -> list[str]:
    """The items of such a list that come after the one that ends at ``end``; all of them for 0."""
    return split_messages(f"[{text[end:].lstrip(', ')}" if end else text)


def _separator(text: str) -> str:
    return '}, {"role"' if '}, {"role"' in text else '},{"role"'


def parse_object(text: str) -> Mapping[str, Value] | None:
    """The value of a text that is one complete JSON object; ``None`` when it is anything else."""
    try:
        value = parse(text)
    except NotJsonError:
        return None
    return cast("Mapping[str, Value]", value) if isinstance(value, dict) else None


def text_of_message(message: str) -> str | None:
    """What the JSON object of a message says; ``None`` when it holds more than a role and a text.

    Args:
        message: The object as it is written.
    """
    found = _MESSAGE.fullmatch(message)
    if found is None:
        return None
    written = found[found.lastgroup or 0]
    if "\\" in written:
        written = cast("str", orjson.loads(f'"{written}"'))
    # JSON in a text is taken apart, too.
    return None if looks_like_json(written) else written


def parse(text: str) -> Value:
    """The value of a JSON document.

    Raises:
        NotJsonError: It is none, or it is nested too deeply to be read.
    """
    try:
        value: Value = orjson.loads(text)
    except ValueError:
        # orjson is strict: NaN and half surrogate pairs are common in what models write.
        return _parse_leniently(text)
    return value


def dump(value: Value) -> str:
    """A JSON document of a value that was parsed from one."""
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError):
        return json.dumps(value, separators=(",", ":"))


def has_duplicate_names(text: str, names_read: int) -> bool:
    """Whether an object names a field twice: a parser shows the last value and hides the others.

    Args:
        text: The document.
        names_read: How many field names its parsed value has; in all but odd documents a count
            of their closing quotes settles the question.
    """
    # Each field has a quote and a colon of its own, so as many as names read hide none.
    if text.count('":') == names_read and not _SPACED_COLON.search(text):
        return False
    if len(_FIELD_NAME.findall(text)) == names_read and '\\\\"' not in text:
        return False
    try:
        json.loads(text, object_pairs_hook=_refuse_duplicates)
    except (ValueError, RecursionError):
        return True
    return False


def _parse_leniently(text: str) -> Value:
    try:
        value: Value = json.loads(text)
    except (ValueError, RecursionError):
        # Without its cause: the message of a decode error quotes the document.
        raise NotJsonError("not a JSON document") from None
    return value


def _refuse_duplicates(pairs: list[tuple[str, object]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise NotJsonError("a field is named twice")
