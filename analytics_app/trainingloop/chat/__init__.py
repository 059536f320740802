"""What was recorded, as the chat API takes it."""

from __future__ import annotations

from trainingloop.chat._json import JsonObject
from trainingloop.chat._request import Request, answer_message_of, check_redaction, request_of
from trainingloop.chat._unfit import Unfit, explained
from trainingloop.chat.errors import ChatError, UnfitError

__all__ = [
    "ChatError",
    "JsonObject",
    "Request",
    "Unfit",
    "UnfitError",
    "answer_message_of",
    "check_redaction",
    "explained",
    "request_of",
]
