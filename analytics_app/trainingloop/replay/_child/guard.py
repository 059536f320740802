"""Keeps the process that asks a model from doing anything else.

Two audit hooks (PEP 578), which nothing can remove once they are in. They let through a list of
events that only compute or read, a connection to the addresses of the endpoint, and nothing
else: an event nobody thought of is forbidden. What they know is in their own defaults, as
immutable builtins: there is no variable to assign that would switch them off, and no name they
look up that could be replaced.

What acts without an audit event is taken out of the modules that offer it, when the process is
sealed; from then on no extension module can be loaded either, so that it does not come back.

Standard library only: this is imported before anything else.
"""

from __future__ import annotations

import os
import socket
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Hook = Callable[[str, tuple[Any, ...]], None]
    Notes = Callable[[], list[str] | None]

_READING: Final = frozenset(
    {
        "builtins.id",
        "code.__new__",
        "compile",
        "cpython.run_file",
        "exec",
        "function.__new__",
        "glob.glob",
        "glob.glob/2",
        "import",
        "marshal.dumps",
        "marshal.load",
        "marshal.loads",
        "object.__delattr__",
        "object.__getattr__",
        "object.__setattr__",
        "os.listdir",
        "os.scandir",
        "os.walk",
        "sys._getframe",
        "sys._getframemodulename",
        "sys.excepthook",
        "sys.set_asyncgen_hook_finalizer",
        "sys.set_asyncgen_hook_firstiter",
        "sys.set_asyncgen_hooks_finalizer",
        "sys.set_asyncgen_hooks_firstiter",
        "sys.unraisablehook",
        "time.sleep",
        # A thread is watched as every other.
        "_thread.start_joinable_thread",
        "_thread.start_new_thread",
    }
)
_BEFORE_THE_SEAL: Final = frozenset({"socket.__new__", "sys.addaudithook"})
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_INTERNET: Final = frozenset({int(socket.AF_INET), int(socket.AF_INET6)})
_STREAM: Final = int(socket.SOCK_STREAM)
_SOCKET_KIND: Final = 0xF
"""Without the flags that Linux lets callers put into a socket's type."""

_BARRED: Final = ("ctypes", "_ctypes", "cffi", "_cffi_backend", "grpc", "sqlite3", "trio", "uvloop")
"""Some client asks for them and does without: their C code could act unseen, or loads what can."""

# What acts without an audit event in one of the supported Pythons, and what starts or signals
# other processes even where there is one.
_WITHOUT_EVENT: Final = {
    # An interpreter of its own has no hooks.
    "_interpreters": ("create", "exec", "run_string", "run_func", "call"),
    "_imp": ("create_builtin", "create_dynamic"),
    "_posixsubprocess": ("fork_exec",),
    "_signal": ("pidfd_send_signal", "pthread_kill"),
    "_xxsubinterpreters": ("create", "run_string"),
    "faulthandler": ("_sigsegv", "dump_traceback_later", "register"),
    "posix": (
        *("execv", "execve", "fork", "forkpty", "posix_spawn", "posix_spawnp", "system"),
        *("kill", "killpg", "pidfd_open", "nice", "setpriority", "tcsetpgrp", "login_tty"),
        *("sched_setaffinity", "sched_setparam", "sched_setscheduler", "setns", "unshare"),
        *("chroot", "mkfifo", "mknod", "memfd_create", "openpty", "posix_openpt", "sync"),
        *("setpgid", "setpgrp", "setsid"),
        *("setegid", "seteuid", "setgid", "setgroups", "setregid", "setresgid", "setresuid"),
        *("setreuid", "setuid", "initgroups", "copy_file_range", "splice", "sendfile"),
    ),
    "time": ("clock_settime", "clock_settime_ns"),
}


class BlockedError(PermissionError):
    """Something in this process tried what it may not; the message is an audit event's name.

    To libraries it is what the operating system would say, which they can do without: `platform`
    asks a program for the processor's name.
    """


attempts: ContextVar[list[str] | None] = ContextVar("attempts", default=None)
"""Where the attempts of the question under way are noted, even if its code swallows the error."""


def stand_guard(peers: Iterable[tuple[str, int]]) -> None:
    """Forbid from now on whatever is not reading, computing, or connecting to these addresses.

    Args:
        peers: addresses of the endpoint, each a numeric host and a port.
    """
    sys.modules.update(dict.fromkeys(_BARRED))  # type: ignore[arg-type]  # None bars an import
    sys.addaudithook(_first_hook(frozenset(peers)))


def seal() -> None:
    """Forbid also what only a start needs: extension modules and all but internet streams."""
    _take_out()
    sys.addaudithook(_second_hook())


def is_standing() -> bool:
    """Whether the guard stops what it must: each of these would be harmless if it did not."""
    return all(
        _is_stopped(event, *given)
        for event, given in (
            ("subprocess.Popen", ("true", ["true"], None, None)),
            ("socket.connect", (None, ("192.0.2.1", 9))),
            ("open", ("/dev/null", None, os.O_WRONLY)),
            ("import", ("grpc", "cython.so", None, None, None)),
            ("never.heard.of", ()),
        )
    )


def _first_hook(peers: frozenset[tuple[str, int]]) -> Hook:
    # Defaults, not variables of this function: Python 3.13 lets whoever holds the traceback of
    # an error write the latter. Names of builtins are defaults because they can be reassigned.
    def hook(
        event: str,
        args: tuple[Any, ...],
        allowed: frozenset[str] = _READING | _BEFORE_THE_SEAL,
        peers: frozenset[tuple[str, int]] = peers,
        writing: int = _WRITING,
        kind: type = type,
        number: type = int,
        text: type = str,
        sequence: type = tuple,
        noted: Notes = attempts.get,
        error: type[BlockedError] = BlockedError,
    ) -> None:
        if event in allowed:
            return
        if event == "open":
            flags = args[2]
            if kind(flags) is number and not flags & writing:
                return
        elif event == "socket.connect":
            address = args[1]
            # Exact types: a subclass could compare equal to what it is not.
            if (
                kind(address) is sequence
                and kind(address[0]) is text
                and kind(address[1]) is number
                and address[:2] in peers
            ):
                return
        found = noted()
        if found is not None:
            found.append(event)
        raise error(event)

    return hook


def _second_hook() -> Hook:
    def hook(
        event: str,
        args: tuple[Any, ...],
        families: frozenset[int] = _INTERNET,
        stream: int = _STREAM,
        mask: int = _SOCKET_KIND,
        noted: Notes = attempts.get,
        error: type[BlockedError] = BlockedError,
    ) -> None:
        if event == "import":
            # Only an extension module has a file here: the hook of a statement has none.
            if args[1] is None:
                return
        elif event == "socket.__new__":
            if args[1] in families and args[2] & mask == stream:
                return
        elif event != "sys.addaudithook" and event != "code.__new__":
            return
        found = noted()
        if found is not None:
            found.append(event)
        raise error(event)

    return hook


def _take_out() -> None:
    """Replace what acts without an event, wherever a module of this process holds it."""
    # Modules that are not loaded yet could not be cleaned later.
    for name in _WITHOUT_EVENT:
        _import_if_there(name)
    absent = {
        # With the function itself, so that its number stays its own.
        id(function): (function, _Absent(f"{module}.{name}"))
        for module, names in _WITHOUT_EVENT.items()
        for name in names
        if (function := getattr(sys.modules.get(module), name, None)) is not None
    }
    for holder in list(sys.modules.values()):
        held: dict[str, object] = getattr(holder, "__dict__", None) or {}
        for name, value in list(held.items()):
            if id(value) in absent:
                held[name] = absent[id(value)][1]


def _import_if_there(name: str) -> None:
    try:
        __import__(name)
    except ImportError:
        return


class _Absent:
    """Stands where a function was that no guard could watch."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *_args: object, **_kwargs: object) -> NoReturn:
        found = attempts.get()
        if found is not None:
            found.append(self._name)
        raise BlockedError(self._name)


def _is_stopped(event: str, *args: object) -> bool:
    try:
        sys.audit(event, *args)
    except BlockedError:
        return True
    return False
