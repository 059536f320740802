"""Values that are no personal data although they look like it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import regex

_TIMEOUT_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Values that stay as they are, in whatever case they are written."""

    values: frozenset[str] = frozenset()
    """In lower case."""
    patterns: tuple[str, ...] = ()
    """Regular expressions; each must fit the whole value."""

    def holds(self, value: str) -> bool:
        """Whether a value is one of them; when in doubt it is not."""
        if not self.values and not self.patterns:
            return False
        stripped = value.strip()
        return stripped.casefold() in self.values or any(
            _fits(pattern, stripped) for pattern in self.patterns
        )


def _fits(pattern: str, value: str) -> bool:
    try:
        return bool(compiled(pattern).fullmatch(value, timeout=_TIMEOUT_SECONDS))
    except TimeoutError:
        return False


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> regex.Pattern[str]:
    """The expression, ready to be asked.

    Raises:
        regex.error: It is none.
    """
    # Only who has patterns of their own pays for the import.
    import regex

    return regex.compile(pattern, regex.IGNORECASE)
