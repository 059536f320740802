"""Conversations of which nobody wrote down when they took place, met a second time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trainingloop.transcripts import _ids

if TYPE_CHECKING:
    from trainingloop.transcripts._spans import SpanSettings
    from trainingloop.transcripts.conversation import Conversation, Message


def undated_decision(conversation: Conversation, settings: SpanSettings) -> str | None:
    """Return the id of the first decision of a conversation that has no time at all.

    Such a conversation ends at its file's time, which a copy of the file does not have. Where
    the store knows this decision already, `dated` keeps the conversation where it is.
    """
    has_time = any(message.at_ns is not None for message in conversation.messages)
    first = _first_decision(conversation)
    if has_time or conversation.ended_ns is not None or first is None:
        return None
    return _ids.span_id(settings.keys, settings.tenant, conversation, first).hex()


def dated(conversation: Conversation, at_ns: int) -> Conversation:
    """Return the conversation with its first decision at ``at_ns``."""
    first = _first_decision(conversation)
    return replace(
        conversation,
        messages=[
            replace(message, at_ns=at_ns) if message is first else message
            for message in conversation.messages
        ],
    )


def _first_decision(conversation: Conversation) -> Message | None:
    turns = (message for message in conversation.messages if message.role == "assistant")
    return next(turns, None)
