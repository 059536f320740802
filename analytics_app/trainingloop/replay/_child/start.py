"""The process that asks a model: guard first, then what it needs, then the seal, then questions.

Run as a file by ``launch.py``, isolated and without ``site``: no variable, no ``.pth`` and no
``sitecustomize`` of anybody runs here. The first line of the standard input says what to ask;
see `trainingloop.replay._wire.Opening`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_HERE = Path(__file__).resolve().parent


def main(end: Callable[[int], object] = os._exit) -> None:
    """Ask until the standard input ends, then end at once.

    Args:
        end: ends the process without finalizers: they would run after the hooks are gone.
    """
    status = 1
    try:
        # Ctrl-C is for whoever started this; they close the standard input.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        results = _only_way_out()
        _work(json.loads(sys.stdin.buffer.readline()), results)
        status = 0
    finally:
        end(status)


def _only_way_out() -> int:
    """Return a descriptor of the result pipe, and let libraries print to nowhere."""
    results = os.dup(1)
    os.dup2(2, 1)
    return results


def _work(opening: dict[str, Any], results: int) -> None:
    _find_packages(opening["places"])
    from trainingloop.replay._child import guard

    guard.stand_guard((host, port) for host, port in opening["peers"])
    from trainingloop.replay._child import questions  # guarded from here

    questions.answer_all(opening, results)


def _find_packages(places: list[str]) -> None:
    # Behind the standard library, so that nothing there can be hidden by a file of that name.
    sys.path.extend(place for place in places if place not in sys.path)
    # Packages without their doors: those would bring in stores, exporters and C extensions.
    for name, directory in (
        ("trainingloop", _HERE.parent.parent),
        ("trainingloop.replay", _HERE.parent),
    ):
        package = ModuleType(name)
        package.__path__ = [str(directory)]
        sys.modules[name] = package


if __name__ == "__main__":
    main()
