"""Seeded chance: the demo is the same demo for the same seed, in any number of threads."""

from __future__ import annotations

from hashlib import blake2b
from random import Random
from typing import Final

_SPAN: Final = 1 << 64


def dice(*parts: object) -> Random:
    """Give a generator that depends on nothing but ``parts``."""
    return Random(":".join(str(part) for part in parts))  # noqa: S311  # a script, not a secret


def share(*parts: object) -> float:
    """Give a number in [0, 1) that depends on nothing but ``parts``."""
    return int(digest(*parts), 16) / _SPAN


def digest(*parts: object) -> str:
    """Give sixteen hexadecimal characters that depend on nothing but ``parts``."""
    text = "\x1f".join(str(part) for part in parts)
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
