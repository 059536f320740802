"""The secret of this installation and the pseudonyms made with it."""

from __future__ import annotations

import base64
import hmac
import logging
import os
import secrets
import tempfile
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from trainingloop.instrumentation import environment
from trainingloop.instrumentation.errors import ConfigurationError

_logger = logging.getLogger(__name__)

_MIN_CHARACTERS: Final = 16


def load_key() -> bytes:
    """The secret of this installation; the same in every process that reads the same setting.

    Taken from ``TRAININGLOOP_REDACTION_KEY``, else from the key file, which is created on first
    use. Where that file can be neither read nor written, a random key serves this process.

    Raises:
        ConfigurationError: The secret that was given is too short to keep anything secret.
    """
    if text := environment.read(environment.REDACTION_KEY):
        return _checked(text, environment.REDACTION_KEY)
    try:
        path = environment.redaction_key_file()
    except ConfigurationError as error:
        return _key_without_file(str(error))
    return _key_of_file(path)


def pseudonym(key: bytes, tenant: str, kind: str, value: str, *, characters: int = 8) -> str:
    """A stable stand-in for a value that only the holder of the key can recompute.

    Lower-case base32 of HMAC-SHA256 over tenant, kind and value, so that the same customer has
    unrelated pseudonyms at two tenants. The parts are length-prefixed: no two triples collide.
    """
    message = b"".join(_prefixed(part) for part in (tenant, kind, value))
    digest = hmac.digest(key, message, "sha256")
    return base64.b32encode(digest).decode("ascii").lower()[:characters]


def _prefixed(part: str) -> bytes:
    encoded = part.encode("utf-8", "surrogatepass")
    return len(encoded).to_bytes(8, "big") + encoded


def _checked(text: str, origin: str) -> bytes:
    if len(text) < _MIN_CHARACTERS:
        raise ConfigurationError(
            f"{origin} holds {len(text)} characters; a redaction key needs at least "
            f"{_MIN_CHARACTERS}. Make one with: python -c 'import secrets; "
            "print(secrets.token_hex(32))'"
        )
    return text.encode()


@lru_cache(maxsize=8)
def _key_of_file(path: Path) -> bytes:
    try:
        if not path.exists():
            _create(path)
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        return _random_key(type(error).__name__)
    return _checked(text, environment.REDACTION_KEY_FILE)


@cache
def _key_without_file(reason: str) -> bytes:
    return _random_key(reason)


def _random_key(reason: str) -> bytes:
    _logger.warning(
        "The redaction key file can be neither read nor created (%s). This process uses a "
        "random key: its pseudonyms will not match those of other processes. Set %s or %s.",
        reason,
        environment.REDACTION_KEY,
        environment.REDACTION_KEY_FILE,
    )
    return secrets.token_hex(32).encode()


def _create(path: Path) -> None:
    """Write a fresh key that appears whole or not at all, also when two processes race."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp creates with 0600; the hard link fails when another process was first.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".redaction-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(name, path)
        except FileExistsError:
            return
    finally:
        Path(name).unlink()
