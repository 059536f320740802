"""Who owns the directory of an embedded store: one process at a time.

The engine has a lock of its own, but a process that runs into it gets an exception without a
message. This one says who is there and how to reach them.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Final

from trainingloop.store.errors import StoreInUseError, StoreUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

_LOCK: Final = "owner.lock"
_CARD: Final = "owner.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """What the owning process says about itself."""

    pid: int
    url: str = ""
    """Base URL of its JSON API and OTLP/HTTP receiver, or "" when it serves none."""


def read_owner(directory: Path) -> Owner | None:
    """Return who owns ``directory`` now, or None when nobody does or says so."""
    try:
        with (directory / _LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_card(directory / _CARD)
    except OSError:
        return None
    return None


def _read_card(card: Path) -> Owner | None:
    try:
        fields = json.loads(card.read_text())
        return Owner(pid=int(fields["pid"]), url=str(fields["url"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Ownership:
    """The lock this process holds on a store directory, until ``release``."""

    def __init__(self, directory: Path) -> None:
        """Take the lock.

        Raises:
            StoreInUseError: another process holds it.
            StoreUnavailableError: the directory cannot be made or written.
        """
        self._card = directory / _CARD
        self._lock = _open_lock(directory)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            owner = _read_card(self._card)
            raise StoreInUseError(_in_use(directory, owner), owner) from error
        self.announce(url="")

    def announce(self, *, url: str) -> None:
        """Write down who owns the directory and where its API answers."""
        owner = Owner(pid=os.getpid(), url=url)
        temporary = self._card.with_suffix(".tmp")
        try:
            temporary.write_text(json.dumps(asdict(owner)))
            temporary.replace(self._card)
        except OSError as error:
            raise StoreUnavailableError(
                f"cannot write {self._card.name}: {error.strerror}"
            ) from error

    def release(self) -> None:
        """Give the directory back."""
        if not self._lock.closed:
            self._card.unlink(missing_ok=True)
            self._lock.close()


def _open_lock(directory: Path) -> IO[bytes]:
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return (directory / _LOCK).open("ab")
    except OSError as error:
        raise StoreUnavailableError(
            f"cannot use {str(directory)!r} as a store ({error.strerror}): "
            "give a folder this user can write, with --store chdb:///path"
        ) from error


def _in_use(directory: Path, owner: Owner | None) -> str:
    who = f"process {owner.pid}" if owner else "another process"
    where = f", which answers at {owner.url}" if owner and owner.url else ""
    return (
        f"the store {str(directory)!r} is in use by {who}{where}: "
        "an embedded store has one owner. Stop that process, or use another --store"
    )
