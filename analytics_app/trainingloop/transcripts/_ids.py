"""Ids that are the same whenever the same conversation is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.stable_ids import SPAN_ID_BYTES, TRACE_ID_BYTES, stable_digest

if TYPE_CHECKING:
    from trainingloop.instrumentation.keys import Keyring
    from trainingloop.transcripts.conversation import Conversation, Message

_PURPOSE: Final = "trainingloop.transcripts"


def trace_id(keys: Keyring, tenant: str, conversation: Conversation) -> bytes:
    """Return the trace id of a conversation."""
    return stable_digest(keys, tenant, _PURPOSE, conversation.id)[:TRACE_ID_BYTES]


def span_id(keys: Keyring, tenant: str, conversation: Conversation, message: Message) -> bytes:
    """Return the span id of a message: of its place and its content.

    Of its content too, so that two rows of one id lose nothing.
    """
    parts = (conversation.id, str(message.position), message.identity)
    return stable_digest(keys, tenant, _PURPOSE, *parts)[:SPAN_ID_BYTES]


def ending_span_id(keys: Keyring, tenant: str, conversation: Conversation, what: str) -> bytes:
    """Return the span id of how a conversation ended, or of an outcome.

    Of its length too: when it went on and ended again, that is another end.
    """
    parts = (conversation.id, "end", str(len(conversation.messages)), what)
    return stable_digest(keys, tenant, _PURPOSE, *parts)[:SPAN_ID_BYTES]
