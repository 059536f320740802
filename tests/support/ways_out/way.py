"""What a way out is, and where its trace is looked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    Way = Callable[["Target"], object]

USUAL: dict[str, Way] = {}
"""Tried one after the other in one process, with nothing loaded but the standard library."""
LIBRARY: dict[str, Way] = {}
"""The same, by packages that were loaded before the guard stood."""
UNSEEN: dict[str, Way] = {}
"""No guard in Python sees them; the operating system may."""
ENDING: dict[str, Way] = {}
"""Each ends its process."""


class Target:
    """Where traces of each way are looked for."""

    def __init__(self, told: dict[str, Any], loop: asyncio.AbstractEventLoop) -> None:
        self._ports: dict[str, int] = told["ports"]
        self._directory: str = told["directory"]
        self.touch: str = told["touch"]
        """A program that makes a file."""
        self.endpoint: int = told["endpoint"]
        """The port the guard lets through."""
        self.loop = loop

    def port(self, name: str) -> int:
        """A port that only this way knows."""
        return self._ports[name]

    def path(self, name: str) -> str:
        """A file that only this way makes."""
        return f"{self._directory}/{name}"

    def url(self, name: str) -> str:
        """A page that only this way asks for."""
        return f"http://127.0.0.1:{self.port(name)}/"


def way(to: dict[str, Way] = USUAL) -> Callable[[Way], Way]:
    """Register a way under the name of its function."""

    def register(function: Way) -> Way:
        to[function.__name__.lstrip("_")] = function
        return function

    return register


def witness(path: str) -> None:
    """Leave a trace of something that leaves none by itself."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
