"""Where a candidate is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Api = Literal["chat", "responses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An OpenAI-compatible endpoint; its key stays in the environment."""

    base_url: str
    """Such as ``https://api.openai.com/v1``."""
    api: Api = "chat"
    """Which of its two interfaces is asked."""
    key_variable: str = "OPENAI_API_KEY"
    """The environment variable that holds the key; the key itself is never stored."""
