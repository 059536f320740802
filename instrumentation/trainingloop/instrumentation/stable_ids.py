"""Ids that are the same whenever the same thing is told again."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from trainingloop.instrumentation.keys import Keyring

__all__ = ["SPAN_ID_BYTES", "TRACE_ID_BYTES", "stable_digest"]

TRACE_ID_BYTES: Final = 16
SPAN_ID_BYTES: Final = 8


def stable_digest(keys: Keyring, tenant: str, purpose: str, *parts: str) -> bytes:
    """Return 32 bytes that stand for ``parts``, made with the tenant's key.

    With the key, so that nobody can try out telephone numbers against an id.

    Args:
        keys: of this installation.
        tenant: whose things they are.
        purpose: keeps ids of different things apart.
        parts: what the thing is known by.
    """
    # The oldest: a rotation must not make a second copy of what is told again.
    secret = keys.oldest(tenant).secret
    encoded = [part.encode("utf-8", "surrogatepass") for part in (tenant, *parts)]
    message = b"".join(len(part).to_bytes(8, "big") + part for part in encoded)
    return hmac.digest(secret, f"{purpose}:".encode() + message, "sha256")
