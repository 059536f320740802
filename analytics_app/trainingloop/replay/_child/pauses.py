"""When to ask again: what an endpoint says about it, shared by all questions under way."""

from __future__ import annotations

import asyncio
import math
import re
from contextlib import AsyncExitStack, asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

LONGEST_WAIT_S: Final = 300.0
"""A wait longer than this is not sat out: the run is interrupted and resumed later."""
MOST_REFUSED_S: Final = 120.0
"""An endpoint that has refused everything for so long is left alone."""
_MOST_FAILURES: Final = 5
_MOST_ATTEMPTS: Final = 40
_FIRST_WAIT_S: Final = 0.5
_LONGEST_BACKOFF_S: Final = 8.0
_TRUSTED_PROBES: Final = 16
"""After so many refusals, an endpoint that asks for short waits is given longer ones."""
# "6m0s", "1.5s", "120ms", as OpenAI writes them.
_DURATION: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|d)?")
_LONGEST_DURATION: Final = 64
_UNIT_S: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, None: 1.0}
_LIMITS: Final = ("requests", "tokens")


class Patience:
    """How often one question is asked: a few times in vain, and as long as others are served."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Begin with the first attempt.

        Args:
            monotonic: tells the time in seconds.
        """
        self.attempts = 0
        self._failures = 0
        self._monotonic = monotonic
        self._begun = monotonic()

    def lasts(self, *, is_limit: bool) -> bool:
        """Count an attempt that came to nothing and say whether there is to be another.

        Args:
            is_limit: whether it was told to come back later, which is no failure.
        """
        self.attempts += 1
        self._failures += not is_limit
        waited_s = self._monotonic() - self._begun
        return (
            self._failures < _MOST_FAILURES
            and self.attempts < _MOST_ATTEMPTS
            and waited_s < LONGEST_WAIT_S
        )


class Pause:
    """The moment before which nobody asks; while everything is refused, one asks for all."""

    def __init__(self, monotonic: Callable[[], float], tell: Callable[[float], None]) -> None:
        """Begin without a pause.

        Args:
            monotonic: tells the time in seconds.
            tell: told for how many seconds all wait, each time that it becomes longer.
        """
        self._monotonic = monotonic
        self._tell = tell
        self._until = -math.inf
        self._refused_since: float | None = None
        """When a question was told to come back later, with nothing answered since."""
        self._probes = 0
        """Questions that were asked for all since then, and not answered either."""
        self._is_given_up = False
        self._asking = 0
        self._probing = asyncio.Lock()

    @property
    def left_s(self) -> float:
        """How long everybody has to wait from now."""
        return max(0.0, self._until - self._monotonic())

    @property
    def given_up(self) -> str:
        """Why nothing is asked any more, "" as long as something is."""
        if self.left_s > LONGEST_WAIT_S:
            return f"the endpoint asks to wait longer than {LONGEST_WAIT_S:.0f} s"
        if self._is_given_up:
            return f"the endpoint refused everything for {MOST_REFUSED_S:.0f} s"
        return ""

    def lengthen(self, seconds: float) -> None:
        """Let everybody wait at least that long from now."""
        until = self._monotonic() + seconds
        if until > self._until:
            self._until = until
            self._tell(seconds)

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[bool]:
        """Wait until one may ask, or all is given up.

        Yields:
            Whether one asks for all, since everything is refused.
        """
        async with AsyncExitStack() as held:
            await self._over()
            if self._refused_since is not None:
                await held.enter_async_context(self._probing)
                await self._over()
            is_probe = self._refused_since is not None
            if not is_probe:
                await held.aclose()  # somebody was answered: all ask again
            self._asking += 1
            try:
                yield is_probe
            finally:
                self._asking -= 1

    def refused_wait_s(self, asked_s: float, chance: float) -> float:
        """Return how long all wait after a question was told to come back later.

        Args:
            asked_s: what the endpoint asks for; 0 if it says nothing.
            chance: as `backoff_s` takes it.
        """
        if not asked_s:
            return backoff_s(self._probes + 1, chance)
        hasty = self._probes - _TRUSTED_PROBES
        return asked_s if hasty < 0 else max(asked_s, backoff_s(hasty + 1, chance))

    def learn(self, *, is_served: bool, is_limit: bool, is_probe: bool) -> None:
        """See by a question, in its turn, whether the endpoint refuses everything.

        Args:
            is_served: whether it was dealt with, well or not.
            is_limit: whether it was told to come back later.
            is_probe: as its turn said.
        """
        if is_served:
            self._refused_since, self._probes, self._is_given_up = None, 0, False
        elif self._refused_since is not None:
            self._probes += is_probe
            # Those asked before may still be answered, however long that takes.
            is_alone = self._asking == 1
            waited_s = self._monotonic() - self._refused_since
            self._is_given_up |= is_alone and waited_s >= MOST_REFUSED_S
        elif is_limit:
            self._refused_since = self._monotonic()

    async def _over(self) -> None:
        """Wait until nobody has said to wait longer."""
        while not self.given_up and (left_s := self.left_s) > 0:  # noqa: ASYNC110  # its end moves
            await asyncio.sleep(left_s)  # the end moves, and is known in time


def asked_wait_s(headers: Mapping[str, str], now_s: float) -> float:
    """Return for how long an endpoint that refused a question asks to wait; 0 if it says nothing.

    Args:
        headers: of its answer, names in lower case.
        now_s: seconds since 1970, for dates.
    """
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        seconds = _number(headers.get(name))
        if seconds is not None:
            return max(0.0, seconds * unit_s)
    moment = _moment_s(headers.get("retry-after"))
    if moment is not None:
        return max(0.0, moment - now_s)
    return exhausted_wait_s(headers) or max(_reset_s(headers, limit) for limit in _LIMITS)


def exhausted_wait_s(headers: Mapping[str, str]) -> float:
    """Return after how long there are questions or tokens left again; 0 if there are some."""
    return max(
        _reset_s(headers, limit)
        if headers.get(f"x-ratelimit-remaining-{limit}", "").strip() == "0"
        else 0.0
        for limit in _LIMITS
    )


def backoff_s(attempt: int, chance: float) -> float:
    """Return how long to wait after an attempt about which the endpoint said nothing.

    Args:
        attempt: the number of the one that failed, from 1.
        chance: 0 to 1; so that questions that failed together do not come back together.
    """
    full: float = min(_LONGEST_BACKOFF_S, _FIRST_WAIT_S * 2.0 ** min(attempt - 1, 10))
    return full * (0.5 + chance / 2)


def _reset_s(headers: Mapping[str, str], limit: str) -> float:
    said = headers.get(f"x-ratelimit-reset-{limit}", "").strip()
    if len(said) > _LONGEST_DURATION:
        return 0.0
    parts = list(_DURATION.finditer(said))
    if "".join(part.group() for part in parts) != said:
        return 0.0
    return sum(float(part[1]) * _UNIT_S[part[2]] for part in parts)


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _moment_s(value: str | None) -> float | None:
    try:
        return parsedate_to_datetime(value or "").timestamp()
    except (ValueError, OverflowError, OSError):
        return None
