"""Ids that are the same whenever the same conversation is read again."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainingloop.instrumentation.keys import Keyring
    from trainingloop.transcripts.conversation import Conversation, Message

_TRACE_BYTES = 16
_SPAN_BYTES = 8


def trace_id(keys: Keyring, tenant: str, conversation: Conversation) -> bytes:
    """Return the trace id of a conversation."""
    return _digest(keys, tenant, conversation.id)[:_TRACE_BYTES]


def span_id(keys: Keyring, tenant: str, conversation: Conversation, message: Message) -> bytes:
    """Return the span id of a message: of its place and its content.

    Of its content too, so that two rows of one id lose nothing; with the key, so that nobody can
    try out telephone numbers against it.
    """
    parts = (conversation.id, str(message.position), message.identity)
    return _digest(keys, tenant, *parts)[:_SPAN_BYTES]


def _digest(keys: Keyring, tenant: str, *parts: str) -> bytes:
    # A rotation must not make a second copy of what is imported again.
    secret = keys.oldest(tenant).secret
    encoded = [part.encode("utf-8", "surrogatepass") for part in (tenant, *parts)]
    message = b"".join(len(part).to_bytes(8, "big") + part for part in encoded)
    return hmac.digest(secret, b"trainingloop.transcripts:" + message, "sha256")
