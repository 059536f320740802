"""All detectors over one text: which of them run, in which windows, and what they found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

from trainingloop.processor._addresses import crypto_addresses, emails, network_addresses
from trainingloop.processor._births import births
from trainingloop.processor._entities import MASK, TOKEN, Entity, Match, disjoint
from trainingloop.processor._fields import named_fields
from trainingloop.processor._identities import lettered_ids, national_ids
from trainingloop.processor._normalise import Plain, plain
from trainingloop.processor._numbers import numbers
from trainingloop.processor._places import street_addresses
from trainingloop.processor._secrets import private_keys, secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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


class Detector(Protocol):
    """Finds one family of personal data in a text, in time linear in its length."""

    def __call__(self, plain: Plain, /) -> Iterable[Match]:
        """Every find; they may overlap."""
        ...


def fast_detectors(plain: Plain) -> Iterator[Match]:
    """Our own detectors, those that need a digit only where there is one."""
    yield from emails(plain)
    yield from secrets(plain)
    yield from named_fields(plain)
    if _HAS_DIGIT.search(plain.text):
        for detector in _ON_DIGITS:
            yield from detector(plain)


_ON_DIGITS: Final[tuple[Detector, ...]] = (
    numbers,
    lettered_ids,
    national_ids,
    network_addresses,
    street_addresses,
    births,
    crypto_addresses,
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
    return Match(start=match.start + by, end=match.end + by, entity=match.entity, value=match.value)


def _located(match: Match, form: Plain) -> Match:
    if not form.anchors:
        return match
    start, end = form.start_of(match.start), form.end_of(match.end)
    return Match(start=start, end=end, entity=match.entity, value=match.value)
