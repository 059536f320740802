"""The secrets of this installation and of its tenants, and the pseudonyms made with them."""

from __future__ import annotations

import base64
import hmac
import logging
import secrets
from functools import cache
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation import _key_file, environment
from trainingloop.instrumentation._keyring import INSTALLATION, Key, Keyring
from trainingloop.instrumentation.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "INSTALLATION",
    "Key",
    "Keyring",
    "customer_pseudonym",
    "edit_keyring",
    "load_keyring",
    "pseudonym",
]

_logger = logging.getLogger(__name__)

_CUSTOMER_CHARACTERS: Final = 16
"""A customer's pseudonym tells all of a tenant's customers apart; 40 bits would not."""


def load_keyring() -> Keyring:
    """The keys of this installation; the same in every process that reads the same setting.

    ``TRAININGLOOP_REDACTION_KEY`` is one key for all tenants, and no file is read. Otherwise the
    key file counts, which is created on first use. Where there is none and none can be made, a
    random key serves this process. Later changes of the file are not seen: a process that keeps
    what it got here makes one kind of tokens from its start to its end.

    Raises:
        ConfigurationError: A secret is too short to keep anything secret, or the file is there
            and cannot be read or understood.
    """
    if text := environment.read(environment.REDACTION_KEY):
        try:
            return Keyring.of(text.encode("utf-8", "surrogateescape"))
        except ConfigurationError as error:
            raise ConfigurationError(f"{environment.REDACTION_KEY}: {error}") from None
    try:
        path = environment.redaction_key_file()
    except ConfigurationError as error:
        return _random_keyring(str(error))
    try:
        return _key_file.read_or_create(path)
    except OSError as error:
        return _random_keyring(f"{path}: {error.strerror}")


def edit_keyring(change: Callable[[Keyring], Keyring]) -> Keyring:
    """Write what ``change`` makes of the keys in the key file, and return it.

    The file is replaced as a whole or stays as it was; edits of other processes wait.

    Raises:
        ConfigurationError: No file is used, or it cannot be read or written.
    """
    if environment.read(environment.REDACTION_KEY):
        raise ConfigurationError(
            f"{environment.REDACTION_KEY} is set: it is the one key of all tenants, and the key "
            "file is not read. Unset it, here and where agents and the collector run, to have "
            f"keys that can be changed; to keep its tokens, put its value into the key file first "
            f"({environment.REDACTION_KEY_FILE})"
        )
    return _key_file.edit(environment.redaction_key_file(), change)


def pseudonym(key: bytes, tenant: str, kind: str, value: str, *, characters: int = 8) -> str:
    """A stable stand-in for a value that only the holder of the key can recompute.

    Lower-case base32 of HMAC-SHA256 over tenant, kind and value, so that the same customer has
    unrelated pseudonyms at two tenants. The parts are length-prefixed: no two triples collide.
    """
    message = b"".join(_prefixed(part) for part in (tenant, kind, value))
    digest = hmac.digest(key, message, "sha256")
    # Five bytes are eight characters; encoding all 32 takes longer than the HMAC.
    needed = digest[: -(-characters // 8) * 5]
    return base64.b32encode(needed).decode("ascii").lower()[:characters]


def customer_pseudonym(keys: Keyring, tenant: str, customer: str) -> str:
    """What is stored instead of a customer's id, as ``enduser.pseudo.id``."""
    secret = keys.for_tenant(tenant).secret
    return pseudonym(secret, tenant, "customer", customer, characters=_CUSTOMER_CHARACTERS)


def _prefixed(part: str) -> bytes:
    encoded = part.encode("utf-8", "surrogatepass")
    return len(encoded).to_bytes(8, "big") + encoded


@cache
def _random_keyring(reason: str) -> Keyring:
    _logger.warning(
        "There is no redaction key file and none can be created (%s). This process uses a "
        "random key: its pseudonyms will not match those of other processes. Set %s or %s.",
        reason,
        environment.REDACTION_KEY,
        environment.REDACTION_KEY_FILE,
    )
    return Keyring.of(secrets.token_hex(32).encode())
