"""Against the guard itself."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from support.ways_out.way import way, witness

if TYPE_CHECKING:
    from support.ways_out.way import Target


@way()
def _guard_names_replaced(target: Target) -> None:
    """Every name of the guard's module, and every builtin it could look up, says yes."""
    guard = sys.modules.get("trainingloop.replay._child.guard")
    if guard is None:
        witness(target.path("guard_names_replaced"))
        return
    before = dict(vars(guard))
    yes = frozenset({"open", "os.mkdir", "socket.connect"})
    for name in ("_READING", "_BEFORE_THE_SEAL", "_INTERNET"):
        setattr(guard, name, yes)
    guard.BlockedError = None  # type: ignore[attr-defined]
    try:
        Path(target.path("guard_names_replaced")).mkdir()
    finally:
        vars(guard).update(before)


@way()
def _guard_frame_of_its_error(target: Target) -> None:
    """The error brings the guard's frame with it, and the frame all that the guard knows."""
    try:
        Path(target.path("guard_frame_of_its_error")).mkdir()
    except OSError as error:
        traceback = error.__traceback__
        while traceback is not None and traceback.tb_next is not None:
            traceback = traceback.tb_next
        assert traceback is not None
        known = traceback.tb_frame.f_locals
        known.update(allowed=frozenset({"os.mkdir"}), peers=frozenset(), writing=0)
        for name, value in list(traceback.tb_frame.f_globals.items()):
            if isinstance(value, set | dict) and not name.startswith("__"):
                value.clear()
        Path(target.path("guard_frame_of_its_error")).mkdir()


@way()
def _guard_found_by_gc(target: Target) -> None:
    """The collector knows every object, also the guard's functions."""
    import gc

    for found in gc.get_objects():
        if getattr(found, "__name__", "") == "hook":
            found.__code__ = _harmless.__code__
    witness(target.path("guard_found_by_gc"))


@way()
def _guard_overruled(target: Target) -> None:
    """Another hook, and a tracer that could look into the guard's."""
    sys.addaudithook(_harmless)
    sys.settrace(None)
    witness(target.path("guard_overruled"))


@way()
def _guard_modules_reloaded(target: Target) -> None:
    """What was taken out comes back with its module."""
    import posix

    importlib.reload(posix)
    importlib.reload(os)
    sys.modules.pop("posix")
    importlib.import_module("posix").mkfifo(target.path("guard_modules_reloaded"))


@way()
def _guard_machine_code(target: Target) -> None:
    """Machine code made by hand: the usual way to memory that is not one's own."""
    code = compile("1", "", "eval")
    code.replace(co_consts=())
    witness(target.path("guard_machine_code"))


def _harmless(_event: str, _args: tuple[object, ...]) -> None:
    """Let everything through."""
