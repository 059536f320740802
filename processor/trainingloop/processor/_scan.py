"""All detectors over one text: which of them run, in which windows, and what they found."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors import private_keys
from trainingloop.processor._entities import MASK, TOKEN, Entity, Match, disjoint
from trainingloop.processor._normalise import Plain, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._entities import Detector

PASSES: Final = 4
"""How often a text is looked at: a replacement can bring two parts together that only then mean
something. Almost always the second look finds nothing; the bound is for hostile text."""
_WINDOW: Final = 65_536
_MARGIN: Final = 512
_LEFT_MARGIN: Final = 128
"""Context before a find that a window must show to decide as the whole text would."""

_HAS_DIGIT: Final = re.compile(r"\d")
# A word of each kind of find that needs no digit and no at sign.
_LETTER_HINTS: Final = (
    "pass", "pwd", "secret", "key", "token", "credential", "authorization", "cookie", "contrase",
    "kennwort", "senha", "parola", "bearer", "basic", "://", "-----begin", '":', "':", "@", "(at)",
    " dot ", "[at]", "xox", "sk-", "nombre", "apellido", "nom", "name",
)  # fmt: skip
_BLOB: Final = re.compile(
    r"data:[\w.+/\-]{0,64}(?:;[\w=.\-]{1,64}){0,4},[0-9A-Za-z+/=_%\-]{256,}+"
    r"|[0-9A-Za-z+/_\-]{257,}+={0,2}"
)


def is_clean(text: str) -> bool:
    """Whether a text cannot hold anything a detector looks for, at the price of a few searches."""
    if _HAS_DIGIT.search(text) or len(text) > 256:
        return False
    lower = text.lower()
    if not text.isascii():
        return False
    for hint in _LETTER_HINTS:  # noqa: SIM110  # twice as fast as any() over a generator
        if hint in lower:
            return False
    return True


def find(text: str, detect: Detector) -> list[Match]:
    """Everything personal in a text, in order, without overlaps, in offsets of that text."""
    masked = TOKEN.sub(_mask, text) if "<" in text else text
    matches = list(_blobs(masked))
    for blob in matches:
        masked = masked[: blob.start] + MASK * (blob.end - blob.start) + masked[blob.end :]
    form = plain(masked)
    found = _windowed(form, detect)
    matches += (_located(match, form) for match in found if not _is_masked(form, match))
    return disjoint(matches)


def _is_masked(form: Plain, match: Match) -> bool:
    """Whether a find is nothing but an earlier token."""
    return MASK in form.text[match.start : match.end] and not form.text[
        match.start : match.end
    ].strip(f"{MASK} ")


def _windowed(form: Plain, detect: Detector) -> Iterator[Match]:
    yield from private_keys(form)
    length = len(form.text)
    if length <= _WINDOW:
        yield from detect(form)
        return
    step = _WINDOW - _MARGIN
    for begin in range(0, length, step):
        part = Plain(form.text[begin : begin + _WINDOW])
        # Each window answers for what begins between its margins, so nothing is cut in two.
        first = _LEFT_MARGIN if begin else 0
        last = step + _LEFT_MARGIN
        yield from (_moved(match, begin) for match in detect(part) if first <= match.start < last)


def _blobs(text: str) -> Iterator[Match]:
    """Encoded files: too long to be read, and nothing in them is for a reader."""
    if len(text) <= 256:
        return
    for found in _BLOB.finditer(text):
        yield Match(start=found.start(), end=found.end(), entity=Entity.BLOB, value=found.group())


def _mask(token: re.Match[str]) -> str:
    return MASK * len(token.group())


def _moved(match: Match, by: int) -> Match:
    return replace(match, start=match.start + by, end=match.end + by)


def _located(match: Match, form: Plain) -> Match:
    if not form.anchors:
        return match
    start, end = form.start_of(match.start), form.end_of(match.end)
    return replace(match, start=start, end=end)
