"""What growing histories became: a model call repeats the one before it and adds a few messages."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from typing import Final, NamedTuple

from trainingloop.processor._cache import NOTHING_REPLACED, Redacted, RedactionCache
from trainingloop.processor._json import message_ends, split_messages

_MOST_ADDED: Final = 3
"""How many messages a call adds to the one before it, its own answer included."""
_BYTES_A_MESSAGE: Final = 8


class Beginning(NamedTuple):
    """Some messages at the beginning of a history, or all of them."""

    name: bytes
    """The hash of their text."""
    end: int
    """Where they end in it."""


class Look(NamedTuple):
    """What is known of one history."""

    beginning: Redacted | None
    """What its longest known beginning became: its ``parts`` are the messages, or nothing where
    none of them had to change."""
    end: int
    """Where that beginning ends in the text; 0 without one."""


def grown(
    older: Redacted | None,
    beginning: str,
    parts: list[str],
    known: bytes,
    alone: list[Redacted],
    settled: list[Redacted],
) -> Redacted:
    """What a history becomes whose newest messages have been looked at.

    Args:
        older: What its beginning became, if that was known.
        beginning: The text of that beginning.
        parts: The other messages as they are written.
        known: The fingerprint of what is known of the conversation.
        alone: What each of them becomes by itself.
        settled: What it becomes with what is known.
    """
    older = older or NOTHING_REPLACED
    if known == older.fingerprint and all(
        entry is NOTHING_REPLACED for entry in (*alone, *settled)
    ):
        return replace(older, parts=(*older.parts, *parts)) if older.parts else older
    counts: Counter[str] = Counter(older.counts)
    for entry in settled:
        if entry.counts:
            counts.update(entry.counts)
    seeds = [seed for entry in (*alone, *settled) for seed in entry.seeds]
    texts = older.parts
    if texts or any(entry.text is not None for entry in settled):
        if beginning and not texts:
            texts = tuple(split_messages(f"{beginning}]"))
        texts += tuple(
            part if entry.text is None else entry.text
            for part, entry in zip(parts, settled, strict=True)
        )
    return Redacted(
        text=None,
        counts=counts,
        failures=older.failures + sum(entry.failures for entry in settled),
        seeds=tuple(dict.fromkeys((*older.seeds, *seeds))),
        parts=texts,
        fingerprint=known,
    )


class Histories:
    """Knows a history by the hash of its beginning, so that old messages cost next to nothing.

    It holds what the messages of a history became: the next call finds all but its newest
    messages with one look.
    """

    def __init__(self, cache: RedactionCache, tenant: str) -> None:
        self._cache = cache
        self._prefix = tenant.encode("utf-8", "replace") + b"\xffhistory\xff"

    def names(self, text: str) -> list[Beginning]:
        """The beginnings of a history, the text of a list of messages, the longest first."""
        # Of the hashes that are safe for this, processors have instructions for SHA-256 only.
        digest = hashlib.sha256(self._prefix)
        found: list[Beginning] = []
        start = 0
        for end in (*message_ends(text, _MOST_ADDED), len(text) - 1):
            digest.update(text[start:end].encode("utf-8", "surrogatepass"))
            found.append(Beginning(digest.digest(), end))
            start = end
        return found[::-1]

    def look(self, names: list[Beginning], known: bytes) -> Look:
        """What a history became when that was known with which a call begins.

        Args:
            names: Its beginnings.
            known: The fingerprint of what is known of the conversation.
        """
        for name, end in names:
            if (entry := self._cache.get(name + known)) is not None:
                return Look(entry, end)
        return Look(None, 0)

    def remember(
        self, names: list[Beginning], known: bytes, history: Redacted, older: Redacted | None
    ) -> None:
        """Keep what a history became; what was kept of its beginning is counted already."""
        count = len(older.parts) if older else 0
        size = _BYTES_A_MESSAGE * len(history.parts) + sum(map(len, history.parts[count:]))
        self._cache.put(names[0].name + known, history, size=size)
