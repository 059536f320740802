"""The file keys lie in: it appears whole or not at all, and is its owner's alone."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation import environment
from trainingloop.instrumentation._key_text import keyring_of, text_of
from trainingloop.instrumentation.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from trainingloop.instrumentation._keyring import Keyring

_OWNER_ONLY: Final = 0o600


def read_or_create(path: Path) -> Keyring:
    """Return the keyring at ``path``, which is made on first use.

    Raises:
        ConfigurationError: There is a file, and it cannot be read or holds no keyring.
        OSError: There is none, and none can be made.
    """
    if not path.exists():
        _create(path)
    return _read(path)


def edit(path: Path, change: Callable[[Keyring], Keyring]) -> Keyring:
    """Write what ``change`` makes of the keyring at ``path``, and return it.

    Raises:
        ConfigurationError: It could not be read or written; the file is as it was.
    """
    try:
        read_or_create(path)
        # Not the link to it, where it is one.
        real = path.resolve()
        with _locked(real):
            before = _read(real)
            after = change(before)
            text = text_of(after)
            if keyring_of(text, real) != after:
                raise ConfigurationError(f"{path} would not hold the new keys as they are")
            if after != before:
                _replace(real, text)
    except OSError as error:
        raise ConfigurationError(
            f"{path} could not be written ({error.strerror}); its keys are as they were. Use a "
            "directory this user can write, with room in it, on a disk that is no single file "
            f"mounted from elsewhere, and name the file in {environment.REDACTION_KEY_FILE}"
        ) from error
    return after


def _read(path: Path) -> Keyring:
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read ({error.strerror}): let this user read it, or name another "
            f"file in {environment.REDACTION_KEY_FILE}"
        ) from error
    except UnicodeDecodeError:
        # Without its cause, which quotes the file.
        raise _damaged(path, "bytes that are no text") from None
    if "\0" in text:
        raise _damaged(path, "zero bytes, as files do after a crash")
    return keyring_of(text, path)


def _damaged(path: Path, found: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path} holds {found}: put a copy of the file in its place. Without one, move it away, "
        "and a new key is made; tokens will then differ from earlier ones"
    )


def _create(path: Path) -> None:
    """Write a fresh key that appears whole or not at all, also when two processes race."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp creates with 0600; the hard link fails when another process was first.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".redaction-")
    try:
        _write(descriptor, secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()


def _replace(path: Path, text: str) -> None:
    """Put ``text`` in the place of a file, which keeps its owner."""
    for left_behind in path.parent.glob(f".{path.name}-new-*"):
        # By an edit that was killed. It may hold a secret that has been destroyed since.
        left_behind.unlink()
    owner = path.stat()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-new-")
    try:
        if os.fstat(descriptor).st_uid != owner.st_uid:
            # An administrator edits the file of a service, which must be able to read it.
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        _write(descriptor, text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)


def _write(descriptor: int, text: str) -> None:
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def _sync_directory(folder: Path) -> None:
    """Have the new name outlast a power cut, where the file system can promise that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _locked(path: Path) -> Generator[None]:
    """Keep other edits of the file waiting; they take no longer than writing it does."""
    import fcntl  # only whoever edits keys needs a system that has it

    lock = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _OWNER_ONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
