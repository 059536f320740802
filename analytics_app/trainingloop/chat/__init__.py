"""What was recorded, as the chat API takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingloop.chat.errors import ChatError

if TYPE_CHECKING:
    JsonObject = dict[str, object]

__all__ = ["ChatError", "Request"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a model knew."""

    messages: list[JsonObject]
    """Chat messages, the system's first."""
    tools: list[JsonObject]
    params: JsonObject
    """The parameters of the request that no convention names, without its tools."""
