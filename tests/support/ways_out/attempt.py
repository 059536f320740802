"""The process that tries ways out; run as a file by `support.red_team`."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import json
import os
import platform
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.ways_out.way import Target, Way


_INTERPRETERS = "_xxsubinterpreters" if sys.version_info < (3, 13) else "_interpreters"


def main() -> None:
    """Try the ways of one group and print what came of each."""
    told = json.loads(sys.stdin.readline())
    sys.path.extend(told["places"])
    from support import ways_out

    group = ways_out.GROUPS[told["group"]]
    chosen = {name: group[name] for name in told["names"]}
    if told["group"] == "library":
        _load_packages()
    # Made before the seal, as the process that asks does.
    target = ways_out.Target(told, asyncio.new_event_loop())
    _load_what_ways_need()
    print_line = _printer()
    noted, end = _guarded(told) if told["is_guarded"] else (list, sys.exit)
    for name, attempt in chosen.items():
        print_line(f"{name}\t{_tried(attempt, target, noted)}")
    end(0)


def _printer() -> Callable[[str], None]:
    return lambda line: print(line, flush=True)  # noqa: T201  # how it tells


def _tried(attempt: Way, target: Target, noted: Callable[[], list[str]]) -> str:
    found = noted()
    try:
        attempt(target)
    except BaseException as error:  # noqa: BLE001  # whatever came of it is the answer
        blocked = _blocked_by(error)
        return f"blocked {found[0] if found else blocked}" if found or blocked else repr(error)
    return f"blocked {found[0]}" if found else "done"


def _blocked_by(error: BaseException | None) -> str:
    while error is not None:
        if type(error).__name__ == "BlockedError":
            return str(error)
        error = error.__cause__ or error.__context__
    return ""


def _load_what_ways_need() -> None:
    """So that each is stopped where it acts, and not for want of a module it would import."""
    for name in (
        "encodings.idna",
        "gc",
        "_queue",
        "concurrent.futures.thread",
        "posix",
        _INTERPRETERS,
    ):
        importlib.import_module(name)
    platform.platform()


def _load_packages() -> None:
    for name in (
        "requests",
        "httpx",
        "httpx2",
        "openai.resources.models",
        "openai.resources.chat",
        "opentelemetry.exporter.otlp.proto.http.trace_exporter",
        "opentelemetry.instrumentation.genai.openai",
        "opentelemetry.sdk.trace.export",
    ):
        importlib.import_module(name)


def _guarded(told: dict[str, Any]) -> tuple[Callable[[], list[str]], Callable[[int], object]]:
    """Do what the process that asks does, in its order; return its notes and its end."""
    found = importlib.util.spec_from_file_location("start", told["start"])
    assert found is not None
    assert found.loader is not None
    start = importlib.util.module_from_spec(found)
    found.loader.exec_module(start)
    start._find_packages(told["places"])
    from trainingloop.replay._child import guard

    guard.stand_guard([("127.0.0.1", told["endpoint"])])
    guard.seal()

    def noted() -> list[str]:
        fresh: list[str] = []
        guard.attempts.set(fresh)
        return fresh

    return noted, os._exit


if __name__ == "__main__":
    main()
