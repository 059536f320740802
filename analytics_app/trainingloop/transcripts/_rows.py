"""Finding the rows of a file, a few at a time: a JSON array, JSONL, or one JSON object."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.transcripts.conversation import BadRow
from trainingloop.transcripts.errors import TranscriptError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

_CHUNK_CHARACTERS: Final = 1 << 20
_LINE_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
_INCOMPLETE_TAIL: Final = 64
"""An error this close to the end of what was read may be the end itself, such as ``tru``."""
_SPACE: Final = re.compile(r"[\s,]*")
_SURROGATE_ESCAPE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One JSON value of a file that may be a conversation."""

    row: int
    """From one; in JSONL the number of the line."""
    content: object


def read_rows(path: Path) -> Iterator[Row | BadRow]:
    """Yield the rows of ``path`` in their order, the unreadable ones as `BadRow`.

    Raises:
        TranscriptError: the file cannot be read at all.
    """
    try:
        # Bytes that are no UTF-8 become lone surrogates here, and a bad row further down.
        with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
            yield from _rows(file, is_lines=path.suffix.lower() in _LINE_SUFFIXES)
    except OSError as error:
        raise TranscriptError(
            f"cannot read {path.name!r} ({error.strerror}): give a readable file of transcripts"
        ) from error


def _rows(file: TextIO, *, is_lines: bool) -> Iterator[Row | BadRow]:
    start = _first_character(file)
    if is_lines or start == "":
        yield from _lines(file)
    elif start == "[":
        yield from _elements(file)
    elif (whole := _whole(file)) is not None:
        yield whole
    else:
        file.seek(0)
        yield from _lines(file)


def _first_character(file: TextIO) -> str:
    """Return the first character that is no space, and go back to the beginning."""
    found = ""
    while not found and (chunk := file.read(_CHUNK_CHARACTERS)):
        found = chunk.lstrip()[:1]
    file.seek(0)
    return found


def _lines(file: TextIO) -> Iterator[Row | BadRow]:
    for number, line in enumerate(file, start=1):
        if line.strip():
            yield _parsed(number, line)


def _whole(file: TextIO) -> Row | None:
    """Return the file as one row, or None when it is rather one row a line."""
    first = file.readline()
    if isinstance(_parsed(1, first), Row) and _first_rest(file):
        return None
    file.seek(0)
    whole = _parsed(1, file.read())
    return whole if isinstance(whole, Row) else None


def _first_rest(file: TextIO) -> bool:
    """Whether anything but space follows."""
    return any(line.strip() for line in file)


def _parsed(number: int, text: str) -> Row | BadRow:
    try:
        return _row(number, json.loads(text), text)
    except json.JSONDecodeError as error:
        return BadRow(row=number, reason=_no_json(error))
    except (ValueError, RecursionError) as error:
        # Integers of thousands of digits; arrays nested thousands deep.
        return BadRow(row=number, reason=f"is no usable JSON ({type(error).__name__})")


def _row(number: int, content: object, text: str) -> Row | BadRow:
    if not text.isascii() and _SURROGATE.search(text):
        return BadRow(row=number, reason="is no valid UTF-8")
    if _SURROGATE_ESCAPE.search(text):
        content = _without_surrogates(content)
    return Row(row=number, content=content)


def _without_surrogates(value: object) -> object:
    """Replace halves of a character, which JSON can escape and no other format can hold."""
    # Through text: the decoder has joined the halves that belong together.
    encoded = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return json.loads(encoded)


def _no_json(error: json.JSONDecodeError) -> str:
    return f"is no JSON ({error.msg} at character {error.pos + 1})"


def _elements(file: TextIO) -> Iterator[Row | BadRow]:
    """Yield the elements of an array without ever holding more than one and a chunk."""
    decoder = json.JSONDecoder()
    window = _Window(file)
    window.skip_to_array()
    number = 1
    while not window.is_at_end_of_array():
        try:
            content, end = decoder.raw_decode(window.text, window.position)
        except json.JSONDecodeError as error:
            if window.may_grow(error) and window.grow():
                continue
            yield BadRow(row=number, reason=f"{_no_json(error)}; nothing after it can be read")
            return
        except (ValueError, RecursionError) as error:
            yield BadRow(row=number, reason=f"is no usable JSON ({type(error).__name__})")
            return
        yield _row(number, content, window.text[window.position : end])
        window.position = end
        number += 1
    if not window.is_closed():
        yield BadRow(row=number, reason="is missing: the array has no end; is the file whole?")


class _Window:
    """The part of a file that is being looked at."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.text = ""
        self.position = 0

    def grow(self) -> bool:
        """Read more; True if there was more. What was consumed is let go."""
        rest = self.text[self.position :]
        # Twice as much each time, so that a long element is not parsed again and again.
        more = self._file.read(max(_CHUNK_CHARACTERS, len(rest)))
        self.text, self.position = rest + more, 0
        return bool(more)

    def skip_to_array(self) -> None:
        """Go behind the opening bracket."""
        while "[" not in self.text and self.grow():
            pass
        self.position = self.text.index("[") + 1

    def is_at_end_of_array(self) -> bool:
        """Go to the next element; True if there is none."""
        self._skip_space()
        while self.position >= len(self.text) and self.grow():
            self._skip_space()
        return self.position >= len(self.text) or self.text[self.position] == "]"

    def is_closed(self) -> bool:
        """Whether the array's closing bracket is here."""
        return self.text[self.position : self.position + 1] == "]"

    def may_grow(self, error: json.JSONDecodeError) -> bool:
        """Whether the error may only mean that the element goes on behind what was read."""
        is_open = error.msg.startswith("Unterminated string")
        return is_open or error.pos >= len(self.text) - _INCOMPLETE_TAIL

    def _skip_space(self) -> None:
        found = _SPACE.match(self.text, self.position)
        self.position = found.end() if found else self.position
