"""What a redaction found, as numbers that may be stored beside its result."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation import semconv
from trainingloop.instrumentation.semconv import RedactionStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

REDACTION_VERSION: Final = "2"
"""Raised whenever the same text would be redacted differently."""


class Report:
    """Counts by kind of what was replaced, and how many values could not be looked at.

    One report belongs to one span and one thread.
    """

    __slots__ = ("counts", "failures", "key_id", "policy")

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.failures: int = 0
        self.key_id: str = ""
        """Names the key that made the tokens."""
        self.policy: str = ""
        """Names the policy that was followed."""

    @property
    def total(self) -> int:
        """How many pieces of personal data were replaced."""
        return sum(self.counts.values())

    @property
    def status(self) -> RedactionStatus:
        """``partial`` as soon as one value could not be looked at."""
        return RedactionStatus.PARTIAL if self.failures else RedactionStatus.OK

    def add(self, counts: Mapping[str, int], failures: int = 0) -> None:
        """Count what was found in one more value."""
        for kind, count in counts.items():
            self.counts[kind] = self.counts.get(kind, 0) + count
        self.failures += failures

    def as_attributes(self) -> dict[str, str | int]:
        """The proof of redaction that every stored span carries."""
        made_with = {
            semconv.REDACTION_KEY_ID: self.key_id,
            semconv.REDACTION_POLICY: self.policy,
        }
        return {
            **{name: value for name, value in made_with.items() if value},
            semconv.REDACTION_VERSION: REDACTION_VERSION,
            semconv.REDACTION_STATUS: self.status.value,
            semconv.REDACTION_COUNT: self.total,
            semconv.REDACTION_ENTITIES: json.dumps(self.counts, sort_keys=True),
            semconv.REDACTION_FAILURES: self.failures,
        }
