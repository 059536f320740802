"""By writing files."""

from __future__ import annotations

import ctypes
import os
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from support.ways_out.way import way, witness

if TYPE_CHECKING:
    from support.ways_out.way import Target, Way


@way()
def _file_open(target: Target) -> None:
    with open(target.path("file_open"), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write("secret")


@way()
def _file_open_to_append(target: Target) -> None:
    with open(target.path("file_open_to_append"), "ab"):  # noqa: PTH123
        pass


@way()
def _file_os_open(target: Target) -> None:
    os.close(os.open(target.path("file_os_open"), os.O_RDONLY | os.O_CREAT))


@way()
def _file_pathlib(target: Target) -> None:
    Path(target.path("file_pathlib")).write_text("secret", encoding="utf-8")


@way()
def _file_tool(target: Target) -> object:
    """A tool that somebody put into the process as something to call."""
    tools: dict[str, Way] = {"save": lambda here: Path(here.path("file_tool")).touch()}
    return tools["save"](target)


@way()
def _file_rename(target: Target) -> None:
    os.rename(target.path("given"), target.path("file_rename"))  # noqa: PTH104
    os.rename(target.path("file_rename"), target.path("given"))  # noqa: PTH104
    witness(target.path("file_rename"))


@way()
def _file_copy(target: Target) -> None:
    shutil.copy(target.path("given"), target.path("file_copy"))


@way()
def _file_symlink(target: Target) -> None:
    os.symlink(target.path("given"), target.path("file_symlink"))  # noqa: PTH211


@way()
def _file_link(target: Target) -> None:
    os.link(target.path("given"), target.path("file_link"))


@way()
def _file_mkdir(target: Target) -> None:
    Path(target.path("file_mkdir")).mkdir()


@way()
def _file_mkfifo(target: Target) -> None:
    """No audit event."""
    os.mkfifo(target.path("file_mkfifo"))


@way()
def _file_mknod(target: Target) -> None:
    """No audit event."""
    os.mknod(target.path("file_mknod"))


@way()
def _file_truncate(target: Target) -> None:
    os.truncate(target.path("given"), 1)
    witness(target.path("file_truncate"))


@way()
def _file_chmod(target: Target) -> None:
    Path(target.path("given")).chmod(0o600)
    witness(target.path("file_chmod"))


@way()
def _file_sqlite(target: Target) -> None:
    with sqlite3.connect(target.path("file_sqlite")) as connection:
        connection.execute("CREATE TABLE secrets (secret)")


@way()
def _file_ctypes(target: Target) -> None:
    ctypes.CDLL(None).creat(target.path("file_ctypes").encode(), 0o600)


@way()
def _file_ctypes_in_hand(target: Target) -> None:
    """A library that was opened before the guard stood."""
    _LIBC.creat(target.path("file_ctypes_in_hand").encode(), 0o600)


_LIBC = ctypes.CDLL(None)
