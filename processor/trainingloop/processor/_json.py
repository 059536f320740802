"""JSON inside strings: read exactly, written back valid."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
_NAMES_AT_FRONT: Final = ('{"role"', '{"content"')
"""With one of these begins the object of a message."""
_FIRST: Final = tuple(f"[{name}" for name in _NAMES_AT_FRONT)
_NEXT: Final = re.compile(r',(?<=\},) ?(?=\{"(?:role|content)")')
_MOST_PIECES: Final = 16
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
    return text.startswith(_FIRST) and text.endswith("}]")


def split_messages(text: str) -> list[str]:
    """The items of a JSON list of messages as they are written; few or wrong ones if it is none.

    Inside a JSON string the quote of ``{"role"`` would be escaped, so this sequence is never
    content. It may still be deeper than the first level: whoever uses the parts must check that
    each is a complete object, and may have `joined_objects` put together what was cut.
    """
    return _NEXT.split(text[1:-1]) if is_list_of_messages(text) else []


def joined_objects(parts: Iterable[str]) -> list[str]:
    """Parts of a list that are complete objects; nothing where too many in a row make none."""
    objects: list[str] = []
    pending: list[str] = []
    for part in parts:
        pending.append(part)
        if parse_object(",".join(pending)) is not None:
            objects.append(",".join(pending))
            pending = []
        elif len(pending) == _MOST_PIECES:
            return []
    return [] if pending else objects


def message_ends(text: str, most: int) -> list[int]:
    """Where the last messages of such a list end, but for the very last: in order, at most some."""
    # Who writes a space after a colon writes one after a comma.
    between = "}, {" if text[text.find(":") + 1] == " " else "},{"
    ends = _ends_before(text, f'{between}"role"', 0, most)
    # Lists of both kinds are rare: the second search looks at what the first has passed.
    first = ends[-1] if len(ends) == most else 0
    others = _ends_before(text, f'{between}"content"', first, most)
    return sorted(ends + others)[-most:] if others else ends[::-1]


def _ends_before(text: str, separator: str, first: int, most: int) -> list[int]:
    """Where the object before each separator ends, the last first."""
    ends: list[int] = []
    start = len(text)
    while len(ends) < most and (start := text.rfind(separator, first, start)) >= 0:
        ends.append(start + 1)
    return ends


def newest_messages(text: str, end: int) -> list[str]:
    """The items of such a list that come after the one that ends at ``end``; all of them for 0."""
    return split_messages(f"[{text[end:].lstrip(', ')}" if end else text)


def parse_object(text: str) -> Mapping[str, Value] | None:
    """The value of a text that is one complete JSON object; ``None`` when it is anything else."""
    try:
        value = parse(text)
    except NotJsonError:
        return None
    return cast("Mapping[str, Value]", value) if isinstance(value, dict) else None


class TextMessage(NamedTuple):
    """A message that holds nothing but a role and one text."""

    text: str
    """What it says."""
    start: int
    """Where that begins in the object as it is written."""
    end: int
    can_be_cut: bool
    """Whether another text that needs no escapes may be written in the place of this one."""


def text_message(message: str) -> TextMessage | None:
    """The JSON object of a message read as one of a role and a text; ``None`` if it holds more.

    Args:
        message: The object as it is written.
    """
    found = _MESSAGE.fullmatch(message)
    if found is None:
        return None
    start, end = found.span(found.lastgroup or 0)
    written = text = message[start:end]
    if "\\" in written:
        text = cast("str", orjson.loads(f'"{written}"'))
    if looks_like_json(text):
        # JSON in a text is taken apart, too.
        return None
    is_spaced = '": ' in message[:start] or '", ' in message[:start] or '", ' in message[end:]
    return TextMessage(text, start, end, text is written and not is_spaced)


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
