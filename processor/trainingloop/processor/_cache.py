"""A memory of what texts became, bounded by its size in bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from trainingloop.processor._vault import Known

T = TypeVar("T", bound="Hashable")

_SHORT: Final = 48
_MOST_REMEMBERED: Final = 32_768
_ENTRY_BYTES: Final = 240
"""What an entry takes besides its text: key, dictionary slot, object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """What a text became."""

    text: str | None
    """The redacted text; ``None`` when nothing had to change, so that it costs no memory."""
    counts: Mapping[str, int]
    failures: int = 0
    seeds: tuple[Known, ...] = ()
    """What it says about the customer, to be known in the rest of the conversation."""
    parts: tuple[str, ...] = ()
    """Of a history that had to change, what its messages became."""
    fingerprint: bytes = b""
    """Of a history, what was known of its conversation."""


NOTHING_REPLACED: Final = Redacted(text=None, counts={})
"""What a text becomes in which there is nothing personal."""


class Memo(Generic[T]):
    """Short things that need no redaction, up to some number, then all forgotten at once.

    Names, roles, models and the like come by the million: they cost one look-up. A race between
    two threads costs at most a second look at something.
    """

    def __init__(self) -> None:
        self.things: Final[set[T]] = set()
        """Asked directly where every call counts."""

    def __contains__(self, thing: object) -> bool:
        return thing in self.things

    def add(self, thing: T, *, length: int) -> None:
        """Remember that ``thing``, whose text has ``length`` characters, is clean."""
        if length <= _SHORT:
            if len(self.things) >= _MOST_REMEMBERED:
                self.things.clear()
            self.things.add(thing)


@lru_cache(maxsize=1024)
def _suffix(tenant: str, purpose: str) -> bytes:
    return b"\xff" + purpose.encode() + b"\xff" + tenant.encode("utf-8", "replace")


class RedactionCache:
    """Remembers by hash, never by text; the less recently used half is forgotten at once.

    Two generations instead of a linked list: a hit is one dictionary look-up without a lock, and
    a race between two threads costs at most a second computation.
    """

    def __init__(self, capacity_bytes: int) -> None:
        self._half = capacity_bytes // 2
        self._young: dict[bytes, Redacted] = {}
        self._old: dict[bytes, Redacted] = {}
        self._young_bytes = 0

    @staticmethod
    def key(tenant: str, purpose: str, text: str, known: bytes = b"") -> bytes:
        """The name of a text in this memory: 128 bits, apart for every tenant.

        Args:
            tenant: Whose text it is.
            purpose: What it was looked at as.
            text: The text.
            known: The fingerprint of the known values it was searched for, of a fixed length.
        """
        # Appended, with the length of the text fixed by a separator UTF-8 never contains.
        named = text.encode("utf-8", "surrogatepass") + _suffix(tenant, purpose) + known
        return hashlib.blake2b(named, digest_size=16).digest()

    def get(self, key: bytes) -> Redacted | None:
        """What the text became, if it is remembered."""
        entry = self._young.get(key)
        if entry is None:
            entry = self._old.get(key)
            if entry is not None:
                self.put(key, entry)
        return entry

    def put(self, key: bytes, entry: Redacted, *, size: int = 0) -> None:
        """Remember what a text became; ``size`` is what it takes besides its text, in bytes."""
        self._young[key] = entry
        self._young_bytes += _ENTRY_BYTES + len(entry.text or "") + size
        if self._young_bytes > self._half:
            self._old = self._young
            self._young = {}
            self._young_bytes = 0
