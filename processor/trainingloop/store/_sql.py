"""Finds the named SQL files of the store."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from trainingloop.store.errors import UnknownReadError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

_FRAGMENT: Final = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One ``.sql`` file."""

    name: str
    text: str

    @property
    def number(self) -> int:
        """The position in front of the name, such as 3 in ``0003_create_decisions``."""
        return int(self.name.partition("_")[0])

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def _folder(name: str) -> Traversable:
    return files("trainingloop.store") / name


@cache
def statements(folder: str) -> tuple[Statement, ...]:
    """Return the files of ``folder`` in the order of their names."""
    found = (file for file in _folder(folder).iterdir() if file.name.endswith(".sql"))
    return tuple(
        Statement(name=file.name.removesuffix(".sql"), text=file.read_text())
        for file in sorted(found, key=lambda file: file.name)
    )


@cache
def read_text(name: str) -> str:
    """Return the SQL of the read called ``name``.

    Raises:
        UnknownReadError: there is no such file in ``reads/``.
    """
    if name not in read_names():
        raise UnknownReadError(f"no read is called {name!r}: use one of {', '.join(read_names())}")
    return _filled({each.name: each.text for each in statements("reads")}, name)


def _filled(texts: Mapping[str, str], name: str) -> str:
    """Return a text with the fragments it names, and those that they name."""
    return _FRAGMENT.sub(lambda named: _filled(texts, f"_{named[1]}").rstrip(), texts[name])


@cache
def read_names() -> tuple[str, ...]:
    """Return the names of all reads, sorted; a file ``_name.sql`` is a fragment of others."""
    names = (statement.name for statement in statements("reads"))
    return tuple(name for name in names if not name.startswith("_"))
