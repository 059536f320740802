"""Asks the operating system to hold the process that asks models, then becomes that process.

Run as a file by `trainingloop.replay.asking`. What is set here outlives ``exec``, so that
ctypes, which no guard can watch, is never loaded where models are asked. All of it is a second
wall: the audit hook of ``guard.py`` is the first, and each part here may be missing.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from typing import Final

# https://docs.kernel.org/userspace-api/landlock.html; these numbers are the same everywhere.
_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_ASK_VERSION: Final = 1
_RULE_NET_PORT: Final = 2
_CONNECT_TCP: Final = 1 << 1
_SET_NO_NEW_PRIVS: Final = 38

# Write a file, remove, make anything, link, truncate, control a device: all but reading.
_FILES: Final = ((1, 0b1_1111_1111_0010), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
"""Rights over files and the version of Landlock that knows them."""
_NETWORK: Final = ((4, 0b11),)
"""Bind and connect over TCP."""
_SCOPES: Final = ((6, 0b11),)
"""Abstract Unix sockets and signals, of and to processes outside."""


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _Port(ctypes.Structure):
    _fields_ = (("rights", ctypes.c_uint64), ("port", ctypes.c_uint64))


def hold(port: int) -> bool:
    """Forbid this process to write files and to reach any port but one; say whether Linux can.

    Args:
        port: the one that may be connected to, on any host.
    """
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return False
    kernel = ctypes.CDLL(None, use_errno=True)
    # Also what Landlock asks of a process without privileges.
    if kernel.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    version = kernel.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    return version > 0 and _restrict(kernel, version, port)


def _restrict(kernel: ctypes.CDLL, version: int, port: int) -> bool:
    wanted = _Ruleset(
        files=_known(_FILES, version),
        network=_known(_NETWORK, version),
        scopes=_known(_SCOPES, version),
    )
    # An older kernel refuses a structure longer than the one it knows, unless the rest is zero.
    rules = kernel.syscall(
        _CREATE_RULESET, ctypes.byref(wanted), ctypes.c_size_t(ctypes.sizeof(wanted)), 0
    )
    if rules < 0:
        return False
    if wanted.network:
        allowed = ctypes.byref(_Port(rights=_CONNECT_TCP, port=port))
        kernel.syscall(_ADD_RULE, rules, _RULE_NET_PORT, allowed, 0)
    held = kernel.syscall(_RESTRICT_SELF, rules, 0)
    os.close(rules)
    return bool(held == 0)


def _known(rights: tuple[tuple[int, int], ...], version: int) -> int:
    return sum(bits for since, bits in rights if version >= since)


if __name__ == "__main__":
    _port, _start = sys.argv[1:]
    hold(int(_port))
    os.execv(sys.executable, [sys.executable, "-I", "-S", "-B", _start])  # noqa: S606
