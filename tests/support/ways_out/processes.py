"""By other processes."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.util
import multiprocessing
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from support.ways_out.way import way, witness

if TYPE_CHECKING:
    from support.ways_out.way import Target


@way()
def _process_subprocess(target: Target) -> None:
    subprocess.run([target.touch, target.path("process_subprocess")], check=True)


@way()
def _process_os_system(target: Target) -> None:
    path = target.path("process_os_system")
    os.system(f"{target.touch} {path}")  # pyright: ignore[reportDeprecated]  # still a way


@way()
def _process_os_popen(target: Target) -> None:
    path = target.path("process_os_popen")
    os.popen(f"{target.touch} {path}").read()  # pyright: ignore[reportDeprecated]  # still a way


@way()
def _process_posix_spawn(target: Target) -> None:
    made = os.posix_spawn(target.touch, ["touch", target.path("process_posix_spawn")], {})
    os.waitpid(made, 0)


@way()
def _process_fork_exec(target: Target) -> None:
    """What subprocess itself calls: no audit event."""
    import _posixsubprocess

    _fork_and_exec(_posixsubprocess, target, "process_fork_exec")


@way()
def _process_fork_exec_loaded_anew(target: Target) -> None:
    """A second copy of the module, from its file."""
    import _posixsubprocess

    found = importlib.util.spec_from_file_location("_posixsubprocess", _posixsubprocess.__file__)
    assert found is not None
    assert found.loader is not None
    sys.modules.pop("_posixsubprocess")
    anew = importlib.util.module_from_spec(found)
    found.loader.exec_module(anew)
    _fork_and_exec(anew, target, "process_fork_exec_loaded_anew")


@way()
def _process_asyncio(target: Target) -> None:
    async def run() -> None:
        path = target.path("process_asyncio")
        process = await asyncio.create_subprocess_exec(target.touch, path)
        await process.wait()

    target.loop.run_until_complete(run())


@way()
def _process_fork(target: Target) -> None:
    made = os.fork()
    if not made:
        with contextlib.suppress(BaseException):
            witness(target.path("process_fork"))
        os._exit(0)
    os.waitpid(made, 0)


@way()
def _process_multiprocessing(target: Target) -> None:
    path = target.path("process_multiprocessing")
    process = multiprocessing.get_context("fork").Process(target=witness, args=(path,))
    process.start()
    process.join()


@way()
def _process_subinterpreter(target: Target) -> None:
    """Hooks of Python code belong to one interpreter."""
    old = sys.version_info < (3, 13)
    module: Any = importlib.import_module("_xxsubinterpreters" if old else "_interpreters")
    code = f"open({target.path('process_subinterpreter')!r}, 'w').close()"
    module.run_string(module.create(), code)


@way()
def _process_kill(target: Target) -> None:
    """A signal to another process: here, to ask whether one is there."""
    os.kill(os.getppid(), 0)
    witness(target.path("process_kill"))


def _fork_and_exec(module: Any, target: Target, name: str) -> None:
    reading, writing = os.pipe()
    arguments = ([target.touch.encode(), target.path(name).encode()], [target.touch.encode()])
    descriptors = (True, (writing,), None, None, -1, -1, -1, -1, -1, -1, reading, writing)
    made = module.fork_exec(
        *arguments, *descriptors, False, False, -1, None, None, None, -1, None, True
    )
    os.waitpid(made, 0)
