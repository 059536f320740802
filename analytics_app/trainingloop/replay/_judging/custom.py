"""Checks of one's own, as a file of checks describes them."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

import regex

from trainingloop.replay._judging.calls import written_json
from trainingloop.replay._judging.entities import entities_of
from trainingloop.replay._judging.evidence import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.replay._judging.calls import Call
    from trainingloop.replay._judging.side import Side

_SECONDS: Final = 0.05
"""What a pattern may take of one text: a user's may be one that never comes to an end."""
_TOO_LONG: Final = "its pattern takes too long"
_FLAGS: Final = regex.IGNORECASE | regex.MULTILINE | regex.DOTALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something that no answer may say or do; it is found where all that is given holds."""

    name: str
    text: str = ""
    """A regular expression that is met in what is said."""
    tool: str = ""
    """A pattern of names of tools, as ``refund_*``, of which one is called."""
    argument: str = ""
    """Into the arguments of that call, as ``payment.amount``; in a list any item counts."""
    matches: str = ""
    """A regular expression that is met in the argument."""
    above: float | None = None
    """The argument, or without a tool an amount of money that is said, is more than this."""

    def found_in(self, side: Side) -> str:
        """Where to look at what it found; "" if it found nothing.

        A pattern that takes too long has found something, because nobody knows that it has not.
        """
        try:
            said, called = self._said(side), self._called(side)
        except TimeoutError:
            return _TOO_LONG
        if said is None or called is None:
            return ""
        return called or said

    def _said(self, side: Side) -> str | None:
        """What is said that is asked for; "" if nothing is asked for, None if it is not said."""
        if self.text:
            match = compiled(self.text).search(side.wording.text, timeout=_SECONDS)
            if match is None:
                return None
            if self.tool or self.above is None:
                return quoted(match.group())
        if self.tool or self.above is None:
            return ""
        amounts = entities_of(side.wording).get("amount", frozenset())
        over = (amount for amount in sorted(amounts) if _number(amount.split()[0]) > self.above)
        return next(over, None)

    def _called(self, side: Side) -> str | None:
        if not self.tool:
            return ""
        return next(filter(None, (self._met_by(call) for call in side.calls)), None)

    def _met_by(self, call: Call) -> str:
        if not fnmatchcase(call.name, self.tool):
            return ""
        if not self.argument:
            return call.name
        values = _values(call.written or {}, self.argument.split("."))
        return f"{call.name}: {self.argument}" if any(map(self._holds, values)) else ""

    def _holds(self, value: object) -> bool:
        if self.above is not None and not _number(value) > self.above:
            return False
        if not self.matches:
            return True
        text = value if isinstance(value, str) else written_json(value)
        return compiled(self.matches).search(text, timeout=_SECONDS) is not None


@lru_cache(maxsize=256)
def compiled(pattern: str) -> regex.Pattern[str]:
    """A user's pattern; small and capital letters are the same to it.

    Raises:
        regex.error: It is no regular expression.
    """
    return regex.compile(pattern, _FLAGS)


def _values(value: object, path: list[str]) -> Iterator[object]:
    if isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _values(item, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        inner = cast("Mapping[str, object]", value)
        if path[0] in inner:
            yield from _values(inner[path[0]], path[1:])


def _number(value: object) -> float:
    """What is no number is above nothing."""
    try:
        return float(value) if isinstance(value, str | int | float) else float("-inf")
    except (ValueError, OverflowError):
        return float("-inf")
