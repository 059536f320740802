"""What is encoded in a text: files, lists of numbers, and short words of base64 or hex."""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from trainingloop.processor._entities import MASK, Entity, Match
from trainingloop.processor._normalise import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._entities import Detector
    from trainingloop.processor._normalise import Plain

SHORTEST_BLOB: Final = 60
"""A text without a word of so many characters holds no encoded file."""
_LINE_END: Final = r"(?:\r?\n[ \t]{0,8}+|\\{1,4}r\\{1,4}n|\\{1,4}n)"
# A run is looked at from its beginning only. The lines of a mail attachment have 64 or 76
# characters.
_BLOB: Final = re.compile(
    r"data:[\w.+/\-]{0,64}(?:;[\w=.\-]{1,64}){0,4},[0-9A-Za-z+/=_%\-]{64,}+"
    r"|[0-9A-Za-z+/_\-](?<![0-9A-Za-z+/_\-].)(?:[0-9A-Za-z+/_\-]{256,}+={0,2}"
    rf"|[0-9A-Za-z+/_\-]{{59,99}}+(?:{_LINE_END}[0-9A-Za-z+/_\-]{{60,100}}+){{2,}}+"
    rf"(?:{_LINE_END}[0-9A-Za-z+/_\-]{{1,100}}+)?={{0,2}})"
)
_NUMBER: Final = r"-?[0-9]{1,6}+(?:\.[0-9]{1,20}+)?(?:[eE][+\-]?[0-9]{1,3}+)?(?![0-9])"
# An embedding, or the tokens of a text. Long integers may be cards: they end such a list.
_VECTOR: Final = re.compile(rf"[\[(,]\s{{0,8}}+{_NUMBER}(?:,\s{{0,8}}+{_NUMBER}){{31,}}+")
_LEAST_COMMAS: Final = 31

_LEAST_ENCODED: Final = 16
_ENCODED: Final = re.compile(
    r"[0-9A-Za-z+/_\-](?<![0-9A-Za-z+/_\-%\\&.].)[0-9A-Za-z+/_\-]{15,511}+={0,2}(?![0-9A-Za-z+/_\-])"
)
_HEX: Final = re.compile(r"(?:0x)?((?:[0-9a-f]{2})+|(?:[0-9A-F]{2})+)")
_URL_SAFE: Final = str.maketrans("-_", "+/")


def blobs(text: str) -> Iterator[Match]:
    """Encoded files: too long to be read, and nothing in them is for a reader."""
    for found in _BLOB.finditer(text):
        yield Match(start=found.start(), end=found.end(), entity=Entity.BLOB, value=found.group())


def without_vectors(text: str) -> str:
    """The text, long lists of short numbers made invisible: nobody is known by an embedding."""
    if text.count(",") < _LEAST_COMMAS:
        return text
    return _VECTOR.sub(lambda found: MASK * len(found.group()), text)


def encoded_words(form: Plain, detect: Detector) -> Iterator[Match]:
    """Words of base64 or hex in which a detector finds something, each as a whole.

    All of them are decoded into one text, so that there is one search, however many they are.
    """
    if form.longest < _LEAST_ENCODED:
        return
    found: list[re.Match[str]] = []
    starts: list[int] = []
    decoded: list[str] = []
    length = 0
    for word in _ENCODED.finditer(form.text):
        if (content := _decoded(word.group())) is not None:
            found.append(word)
            starts.append(length)
            decoded.append(content)
            length += len(content) + len(_APART)
    if not found:
        return
    inner = plain(_APART.join(decoded))
    hits = {bisect_right(starts, inner.start_of(match.start)) - 1 for match in detect(inner)}
    for index in sorted(hits):
        start, end = found[index].span()
        yield Match(start=start, end=end, entity=Entity.BLOB, value=found[index].group())


_APART: Final = f"\n{MASK}\n"


def _decoded(word: str) -> str | None:
    """The text that a word encodes; ``None`` for a word that is only a word."""
    if hexadecimal := _HEX.fullmatch(word):
        raw = bytes.fromhex(hexadecimal[1])
        if (text := _printable(raw)) is not None:
            return text
    bare = word.rstrip("=")
    if len(bare) % 4 == 1 or bare.isdigit() or bare.islower() or bare.isupper():
        return None
    try:
        raw = base64.b64decode(bare.translate(_URL_SAFE) + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        return None
    return _printable(raw)


def _printable(raw: bytes) -> str | None:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    return text if text.replace("\n", "").replace("\r", "").isprintable() else None
