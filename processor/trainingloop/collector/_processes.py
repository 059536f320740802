"""Converts in processes of their own, so that this one's interpreter is free to receive and store.

Converting is Python and nearly all of the work. A process gets a request as bytes, answers with
what is to be stored, and keeps nothing but its redactor's memory. One that dies takes with it only
the request it was at, which nobody had acknowledged yet: its sender is told to send it again, and
the next request gets a new process.
"""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Final, Protocol

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from trainingloop.collector.errors import NotStoredError

if TYPE_CHECKING:
    from trainingloop.collector._spans import Converted, Converter

_CORES: Final = os.cpu_count() or 1
CONVERTING_PROCESSES: Final = min(_CORES, 4) if _CORES > 1 else 0
"""How many pay on this machine: converting takes three quarters of all work, and one core is better
off without the way to another process and back."""
_STOPPING_S: Final = 10
_COMMAND: Final = "from trainingloop.collector import _processes; _processes.convert_for({})"


class Converts(Protocol):
    """Makes rows of requests; threads may share it."""

    def convert(self, request: ExportTraceServiceRequest) -> Converted:
        """Return what of ``request`` is to be stored."""
        ...


class ConvertingProcesses:
    """As many processes as convert at the same time."""

    def __init__(self, converter: Converter, processes: int) -> None:
        # Last in, first out: at little load one process does all, and remembers all.
        self._free: queue.LifoQueue[_Process] = queue.LifoQueue()
        self._processes = [_Process(converter) for _ in range(processes)]
        for process in self._processes:
            process.start()
            self._free.put(process)

    def convert(self, request: ExportTraceServiceRequest) -> Converted:
        """Return what of ``request`` is to be stored.

        Raises:
            NotStoredError: the process died over it, or this is closed.
        """
        body = request.SerializeToString()
        process = self._free.get()
        try:
            return process.convert(body)
        finally:
            self._free.put(process)

    def close(self) -> None:
        """End all processes, each after what it is at."""
        closing = [self._free.get() for _ in self._processes]
        for process in closing:
            process.close()
            # Whoever still waits for one is told, instead of waiting for ever.
            self._free.put(process)


class _Process:
    """One process, for one thread at a time."""

    def __init__(self, converter: Converter) -> None:
        self._converter = converter
        self._running: tuple[subprocess.Popen[bytes], Connection] | None = None
        self._is_closed = False

    def start(self) -> Connection:
        """Have it running and return where it takes work, which it does at once."""
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", "-c", _COMMAND.format(theirs.fileno())]
            process = subprocess.Popen(  # noqa: S603  # this interpreter and our own words
                command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
            )
        connection = Connection(ours.detach())
        self._running = process, connection
        # Through the socket and not the command line: it holds the keys.
        connection.send(self._converter)
        return connection

    def convert(self, body: bytes) -> Converted:
        if self._is_closed:
            raise NotStoredError("the collector is stopping: send again", retry_after_s=2)
        try:
            connection = self._connection()
            connection.send_bytes(body)
            converted: Converted = connection.recv()
        except (OSError, EOFError, UnpicklingError) as error:
            self._end(wait_s=0)
            raise NotStoredError(
                "nothing of this request was stored (the process that converted it ended): "
                "send again",
                retry_after_s=1,
            ) from error
        return converted

    def close(self) -> None:
        self._is_closed = True
        self._end(wait_s=_STOPPING_S)

    def _connection(self) -> Connection:
        if self._running and self._running[0].poll() is not None:
            self._end(wait_s=0)
        return self._running[1] if self._running else self.start()

    def _end(self, *, wait_s: float) -> None:
        if self._running is None:
            return
        process, connection = self._running
        self._running = None
        connection.close()
        try:
            process.wait(wait_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def convert_for(descriptor: int) -> None:
    """Answer requests until the other end of the socket closes; what a process runs."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # They are meant for the owner, which closes the socket when it has no more work.
        signal.signal(number, signal.SIG_IGN)
    with Connection(descriptor) as owner:
        try:
            converter: Converter = owner.recv()
            while True:
                request = ExportTraceServiceRequest.FromString(owner.recv_bytes())
                owner.send(converter.convert(request))
        except (EOFError, OSError):
            return
