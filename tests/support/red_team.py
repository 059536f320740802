"""Runs the ways out of `support.ways_out`, and sees from outside which of them led anywhere."""

from __future__ import annotations

import json
import selectors
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import trainingloop.replay
from support.ways_out import GROUPS

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

_SCRIPT = Path(__file__).parent / "ways_out" / "attempt.py"
CHILD = Path(trainingloop.replay.__path__[0]) / "_child"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raid:
    """What the ways of one process came to."""

    effects: frozenset[str]
    """Names of the ways that left a trace."""
    told: dict[str, str]
    """What each says came of it."""


def raid(
    group: str,
    directory: Path,
    *,
    is_guarded: bool,
    endpoint: int = 9,
    names: Sequence[str] = (),
    is_held: bool = False,
) -> Raid:
    """Try ways in a process of their own.

    Args:
        group: ``usual``, ``library``, ``unseen`` or ``ending``.
        directory: an empty one, for traces.
        is_guarded: whether the guard stands.
        endpoint: the port it lets through.
        names: some of the group; all if there are none.
        is_held: whether the operating system holds the process, as ``launch.py`` asks it to.
    """
    chosen = list(names or GROUPS[group])
    with witnesses(chosen, directory) as (ports, seen):
        told = {
            "group": group,
            "names": chosen,
            "is_guarded": is_guarded,
            "directory": str(directory),
            "ports": ports,
            "endpoint": endpoint,
            "touch": shutil.which("touch"),
            "start": str(CHILD / "start.py"),
            "places": [place for place in sys.path if Path(place).is_dir()],
        }
        python = [sys.executable, "-I", "-S", "-B"]
        launch = [str(CHILD / "launch.py"), str(endpoint)] if is_held else []
        ended = subprocess.run(
            [*python, *launch, str(_SCRIPT)],
            input=json.dumps(told) + "\n",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    parts = [line.partition("\t") for line in ended.stdout.splitlines()]
    made = {path.name for path in directory.iterdir()} & set(chosen)
    return Raid(effects=frozenset(seen | made), told={name: outcome for name, _, outcome in parts})


@contextmanager
def witnesses(names: Sequence[str], directory: Path) -> Generator[tuple[dict[str, int], set[str]]]:
    """Listen for each way apart; the set holds the names of those that somebody reached."""
    (directory / "given").write_text("given", encoding="utf-8")
    seen: set[str] = set()
    listening = {name: _listening(name, directory) for name in names}
    stopping, stop = socket.socketpair()
    watching = threading.Thread(target=_watch, args=(listening, seen, stopping))
    watching.start()
    try:
        yield {name: _port(sock) for name, sock in listening.items()}, seen
    finally:
        stop.close()
        watching.join(10)
        stopping.close()
        for sock in listening.values():
            sock.close()


def _listening(name: str, directory: Path) -> socket.socket:
    if name.startswith("unix"):
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(str(directory / f"{name}.listening"))
        sock.listen()
    elif name.startswith("udp"):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
    else:
        sock = socket.create_server(("127.0.0.1", 0))
    sock.setblocking(False)
    return sock


def _port(sock: socket.socket) -> int:
    return 0 if sock.family == socket.AF_UNIX else int(sock.getsockname()[1])


def _watch(listening: dict[str, socket.socket], seen: set[str], stopping: socket.socket) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(stopping, selectors.EVENT_READ)
        for name, sock in listening.items():
            selector.register(sock, selectors.EVENT_READ, name)
        while True:
            ready = selector.select(30)
            for key, _events in ready:
                if key.data is not None:
                    _hear(listening[key.data])
                    seen.add(key.data)
            # What came before the end is still looked at.
            if not ready or all(key.data is None for key, _events in ready):
                return


def _hear(sock: socket.socket) -> None:
    if sock.type == socket.SOCK_DGRAM:
        sock.recv(4096)
    else:
        connection, _address = sock.accept()
        connection.close()
