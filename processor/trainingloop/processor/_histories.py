"""What growing histories became: a model call repeats the one before it and adds a few messages."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

from trainingloop.processor._cache import Redacted, RedactionCache

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_ADDED: Final = 3
"""How many messages a call adds to the one before it, its own answer included."""
_BYTES_A_MESSAGE: Final = 8


class Look(NamedTuple):
    """What is known of one history."""

    key: bytes
    """Names all of it."""
    entries: tuple[Redacted, ...]
    """What the messages of its longest known beginning became, each by itself."""
    settled: tuple[Redacted, ...] = ()
    """What they became with all that was known then."""
    fingerprint: bytes = b""
    """Names what was known then."""


class Histories:
    """Knows a history by the hash of its beginning, so that old messages cost next to nothing.

    It holds what the messages of a history became, not the history: the next call finds all but
    its newest messages with one look.
    """

    def __init__(self, cache: RedactionCache, tenant: str) -> None:
        self._cache = cache
        self._prefix = tenant.encode("utf-8", "replace") + b"\xffhistory\xff"

    def look(self, text: str, parts: Sequence[str]) -> Look:
        """What is known of a history."""
        keys = list(self._keys(text, parts))
        # From the whole of it to the shortest beginning: the first that is known is the longest.
        for count, key in zip(range(len(parts), 0, -1), reversed(keys), strict=False):
            entry = self._cache.get(key)
            if entry is not None and len(entry.parts) == count:
                return Look(keys[-1], entry.parts, entry.settled, entry.fingerprint)
        return Look(key=keys[-1], entries=())

    def remember(
        self,
        look: Look,
        entries: Sequence[Redacted],
        settled: Sequence[Redacted],
        fingerprint: bytes,
    ) -> None:
        """Keep what the messages of a history became.

        Args:
            look: What was known of it before.
            entries: What each became by itself.
            settled: What each became with all that is known now.
            fingerprint: Names what is known now.
        """
        # The texts of older messages were counted with the history that brought them.
        newest = entries[len(look.entries) :]
        size = _BYTES_A_MESSAGE * len(entries) + sum(len(entry.text or "") for entry in newest)
        known = Redacted(
            text=None,
            counts={},
            parts=tuple(entries),
            settled=tuple(settled),
            fingerprint=fingerprint,
        )
        self._cache.put(look.key, known, size=size)

    def _keys(self, text: str, parts: Sequence[str]) -> Iterator[bytes]:
        """The names of the history without its last messages, one more of them each time."""
        newest = parts[-_MOST_ADDED:]
        count = len(parts)
        separator = (len(text) - 2 - sum(map(len, parts))) // (count - 1) if count > 1 else 0
        start = len(text) - 1 - sum(map(len, newest)) - separator * len(newest)
        if count <= _MOST_ADDED:
            # There is no separator before the first message.
            start = 0
        digest = hashlib.blake2b(self._prefix + _encoded(text[:start]), digest_size=16)
        if start:
            yield digest.copy().digest()
        for index, part in enumerate(newest):
            end = start + len(part) + (separator if start else 1)
            digest.update(_encoded(text[start:end]))
            start = end
            yield digest.digest() if index == len(newest) - 1 else digest.copy().digest()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
