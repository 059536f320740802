"""Which model was asked, which one answered, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROVIDERS: Final[Mapping[str, str]] = {
    "gpt": "openai",
    "chatgpt": "openai",
    "o1": "openai",
    "o3": "openai",
    "o4": "openai",
    "claude": "anthropic",
    "gemini": "gcp.gemini",
    "mistral": "mistral_ai",
    "deepseek": "deepseek",
    "grok": "x_ai",
    "command": "cohere",
}
"""The first word of a model's name, and its provider as the GenAI conventions spell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelNames:
    """The model of one answer; empty where nothing is known."""

    requested: str
    responded: str
    provider: str


def name_models(*, header: str, message: str) -> ModelNames:
    """Return the model of an answer from what the header and the message itself say.

    Headers are known to be wrong. Where the two name different models the message is believed;
    where one is the dated form of the other (``gpt-4o-2024-11-20``) both are.
    """
    header, message = _bare(header), _bare(message)
    requested = header if not message or message.startswith(header) else message
    return ModelNames(
        requested=requested or message,
        responded=message,
        provider=_PROVIDERS.get((message or header).lower().split("-")[0], ""),
    )


def _bare(model: str) -> str:
    """Return the name without the route in front, as in ``openai/gpt-4o``."""
    return model.strip().rpartition("/")[2]
