"""All detectors over one text: which of them run, in which windows, and what they found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.errors import TrainingLoopError
from trainingloop.processor._detectors import private_keys
from trainingloop.processor._encoded import SHORTEST_BLOB, blobs, encoded_words, without_vectors
from trainingloop.processor._entities import MASK, TOKEN, Match, disjoint
from trainingloop.processor._normalise import Plain, longest_word, plain
from trainingloop.processor._rereading import reread
from trainingloop.processor.policy import kind_of_match

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Sequence

    from trainingloop.processor._entities import Detector

__all__ = ["PASSES", "Pass", "UnsettledError", "find", "redacted"]

PASSES: Final = 4
"""How often a text is looked at: a replacement can bring two parts together that only then mean
something. Almost always the second look finds nothing; the bound is for hostile text."""
_WINDOW: Final = 65_536
_MARGIN: Final = 512
_LEFT_MARGIN: Final = 128
"""Context before a find that a window must show to decide as the whole text would."""
_REACH: Final = 192
"""How far from a replacement its effects can be seen, the length of a find included."""


class UnsettledError(TrainingLoopError):
    """Each pass over a text found something new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One look at a text."""

    text: str
    """As it was looked at: in all but the first pass, tokens stand for what was found before."""
    matches: Sequence[Match]
    """What was found, in order, without overlaps."""


def redacted(
    text: str,
    detect: Detector,
    token: Callable[[Match], str],
    on_pass: Callable[[Pass], None],
    first: Sequence[Match] | None = None,
) -> str:
    """The text with a token in the place of everything personal; itself when there is nothing.

    Args:
        text: The text.
        detect: All detectors.
        token: What stands in the place of a find.
        on_pass: Hears of every look at the text that found something.
        first: What the first look at it finds, where that is known already.

    Raises:
        UnsettledError: The text is made to have no end of finds.
    """
    matches = find(text, detect) if first is None else disjoint(list(first))
    tokens: dict[tuple[str, str], str] = {}
    for _ in range(PASSES):
        if not matches:
            return text
        on_pass(Pass(text=text, matches=matches))
        text, places = _replaced(text, matches, token, tokens)
        matches = _found_around(text, places, detect)
    raise UnsettledError("a text that is found personal however often it is redacted")


def find(text: str, detect: Detector) -> list[Match]:
    """Everything personal in a text, in order, without overlaps, in offsets of that text."""
    masked = TOKEN.sub(_mask, text) if "<" in text else text
    longest = longest_word(masked)
    matches = list(blobs(masked)) if longest >= SHORTEST_BLOB else []
    for blob in matches:
        masked = masked[: blob.start] + MASK * (blob.end - blob.start) + masked[blob.end :]
    form = plain(without_vectors(masked), longest)
    is_short = len(form.text) <= _WINDOW
    found = _looked_at(form, detect) if is_short else _windowed(form, detect)
    found += private_keys(form)
    if MASK in masked:
        found = [match for match in found if not _is_masked(form, match)]
    if form.anchors:
        found = [_located(match, form) for match in found]
    matches += found
    return disjoint(matches) if len(matches) > 1 else matches


def _replaced(
    text: str,
    matches: Sequence[Match],
    token: Callable[[Match], str],
    tokens: dict[tuple[str, str], str],
) -> tuple[str, list[tuple[int, int]]]:
    """The text with tokens, and where in it they stand."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    position = length = 0
    for match in matches:
        key = (kind_of_match(match), match.value)
        stand_in = tokens.get(key)
        if stand_in is None:
            stand_in = tokens[key] = token(match)
        parts += (text[position : match.start], stand_in)
        length += match.start - position
        places.append((length, length + len(stand_in)))
        length += len(stand_in)
        position = match.end
    parts.append(text[position:])
    return "".join(parts), places


def _found_around(text: str, places: Sequence[tuple[int, int]], detect: Detector) -> list[Match]:
    """What a second look finds: only near a token can it differ from the first."""
    found: list[Match] = []
    for begin, end in _surroundings(places, len(text)):
        first = begin + _LEFT_MARGIN if begin else 0
        last = end - _LEFT_MARGIN if end < len(text) else end
        # What touches the edge of a part may be cut off there: the first look saw it whole.
        moved = (_moved(match, begin) for match in find(text[begin:end], detect))
        found += (match for match in moved if first <= match.start and match.end <= last)
    return found


def _surroundings(places: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    begin = end = 0
    for start, stop in places:
        if start - _REACH > end and end:
            yield begin, end
        if start - _REACH > end or not end:
            begin = max(0, start - _REACH)
        end = min(length, stop + _REACH)
    if end:
        yield begin, end


def _is_masked(form: Plain, match: Match) -> bool:
    """Whether a find is nothing but an earlier token."""
    written = form.text[match.start : match.end]
    return MASK in written and not written.strip(f"{MASK} ")


def _windowed(form: Plain, detect: Detector) -> list[Match]:
    """What is found in a long text, looked at in parts that overlap."""
    found: list[Match] = []
    step = _WINDOW - _MARGIN
    for begin in range(0, len(form.text), step):
        part = Plain(form.text[begin : begin + _WINDOW])
        # Each window answers for what begins between its margins, so nothing is cut in two.
        first = _LEFT_MARGIN if begin else 0
        last = step + _LEFT_MARGIN
        found += (
            _moved(match, begin)
            for match in _looked_at(part, detect)
            if first <= match.start < last
        )
    return found


def _looked_at(form: Plain, detect: Detector) -> list[Match]:
    return [*detect(form), *reread(form, detect), *encoded_words(form, detect)]


def _mask(token: re.Match[str]) -> str:
    return MASK * len(token.group())


def _moved(match: Match, by: int) -> Match:
    return replace(match, start=match.start + by, end=match.end + by) if by else match


def _located(match: Match, form: Plain) -> Match:
    start, end = form.start_of(match.start), form.end_of(match.end)
    return replace(match, start=start, end=end)
