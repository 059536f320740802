"""What is wrong with a policy: every fault at once, each with its line and its remedy."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN: Final = 50
_LONGEST_QUOTE: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault of a policy."""

    source: str
    """The name of the file."""
    line: int
    """Where in it, from 1; 0 for the file as a whole."""
    message: str
    """What was given, what is allowed, what to do."""

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}" if self.line else self.source
        return f"{place}: {self.message}"


class PolicyError(ConfigurationError):
    """A redaction policy cannot be used."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        unique = dict.fromkeys(problems)
        self.problems = tuple(sorted(unique, key=lambda item: (item.source, item.line)))
        """Every fault, in the order of the lines."""

    def __str__(self) -> str:
        return enumerated("the redaction policy", self.problems)


def enumerated(what: str, problems: Iterable[Problem]) -> str:
    """Every reason why ``what`` cannot be used, once each, in the order of the lines."""
    unique = sorted(dict.fromkeys(problems), key=lambda item: (item.source, item.line))
    lines = [f"  {problem}" for problem in unique[:_SHOWN]]
    if (hidden := len(unique) - _SHOWN) > 0:
        lines.append(f"  … and {hidden} more")
    reasons = "one reason" if len(unique) == 1 else f"{len(unique)} reasons"
    return "\n".join([f"{what} cannot be used, for {reasons}:", *lines])


def quoted(given: object) -> str:
    """What was given, short enough for a message."""
    if isinstance(given, dict):
        return "a map"
    if isinstance(given, list):
        return "a list"
    if given is None:
        return "nothing"
    text = repr(given)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def choices(given: object, allowed: Iterable[str]) -> str:
    """What is allowed, and the one of it that was probably meant."""
    names = list(allowed)
    return f"allowed: {', '.join(names)}.{meant(given, names)}"


def meant(given: object, allowed: Iterable[str]) -> str:
    """A question that names the nearest of what is allowed; nothing when none is near."""
    folded = {name.casefold(): name for name in allowed}
    near = get_close_matches(str(given).casefold(), folded, 1, 0.6)
    return f" Did you mean {folded[near[0]]!r}?" if near else ""
