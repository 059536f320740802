"""What an answer is checked for: what the tools do, and checks of one's own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final

from trainingloop.replay._judging.custom import Check
from trainingloop.replay._judging.tools import ToolPatterns

__all__ = ["DEFAULT_CHECKS", "FLAGS", "Check", "Checks", "ToolPatterns"]

FLAGS: Final = (
    "claim_without_action",
    "invalid_arguments",
    "moderation",
    "personal_data",
    "refusal",
    "tool_not_offered",
    "unknown_amount",
    "unknown_link",
    "write_without_consent",
)
"""What every answer is checked for, unless a file of checks turns it off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What an answer is judged with."""

    tools: ToolPatterns = field(default_factory=ToolPatterns)
    off: frozenset[str] = frozenset()
    """Of `FLAGS` those that are not looked for."""
    orders_are_consent: bool = True
    """Whether a customer who asks for something has consented to it, before the assistant asked."""
    own: tuple[Check, ...] = ()

    @property
    def digest(self) -> str:
        """Tells these checks from any others."""
        return hashlib.sha256(
            repr((self.tools, sorted(self.off), self.orders_are_consent, self.own)).encode()
        ).hexdigest()[:12]


DEFAULT_CHECKS: Final = Checks()
"""What holds without a file of checks."""
