"""What two answers are judged with."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from trainingloop.replay._judging.calls import written_json
from trainingloop.replay._judging.tools import ToolPatterns

if TYPE_CHECKING:
    from trainingloop.replay._judging.custom import Check

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
"""What an answer can be checked for without a check of one's own."""
_ON: Final = frozenset(FLAGS) - {"unknown_amount"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What the tools do, and what answers are checked for."""

    tools: ToolPatterns = field(default_factory=ToolPatterns)
    flags: frozenset[str] = _ON
    """Of `FLAGS` those that are looked for; a sum is often one that nobody named before, so that
    ``unknown_amount`` is for those who ask for it."""
    orders_are_consent: bool = True
    """Whether a customer who asks for something has consented to it, before the assistant asked."""
    own: tuple[Check, ...] = ()

    def document(self) -> dict[str, object]:
        """They as a JSON object, in the form of a file; `checks_from` reads it."""
        return {
            "version": 1,
            "tools": {effect: list(names) for effect, names in asdict(self.tools).items() if names},
            "flags": {flag: flag in self.flags for flag in FLAGS},
            "orders_are_consent": self.orders_are_consent,
            "checks": [
                {name: value for name, value in asdict(own).items() if value not in ("", None)}
                for own in self.own
            ],
        }

    @property
    def digest(self) -> str:
        """Tells these checks from any others."""
        return hashlib.sha256(written_json(self.document()).encode()).hexdigest()[:12]
