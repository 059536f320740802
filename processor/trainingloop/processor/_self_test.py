"""A look at invented values before the first real one: detectors that find nothing are broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.errors import TrainingLoopError
from trainingloop.processor._entities import FAILED, Entity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trainingloop.processor.policy import Policy


class BrokenRedactionError(TrainingLoopError):
    """Redaction does not find what it must; nothing may be recorded with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """Text with one invented piece of personal data in it."""

    kind: Entity
    text: str
    planted: str
    """What may not survive."""


CANARIES: Final = (
    Canary(
        kind=Entity.EMAIL,
        text="write to anna.beispiel@example.com",
        planted="anna.beispiel@example.com",
    ),
    Canary(kind=Entity.PHONE, text="call +1 415 555 0132 today", planted="+1 415 555 0132"),
    Canary(kind=Entity.CARD, text="card 4111 1111 1111 1111", planted="4111 1111 1111 1111"),
    Canary(
        kind=Entity.IBAN,
        text="IBAN GB82 WEST 1234 5698 7654 32",
        planted="GB82 WEST 1234 5698 7654 32",
    ),
    Canary(kind=Entity.SSN, text="SSN 219-09-9999", planted="219-09-9999"),
    Canary(kind=Entity.NATIONAL_ID, text="DNI 12345678Z", planted="12345678Z"),
    Canary(kind=Entity.IP, text="from 203.0.113.77", planted="203.0.113.77"),
    Canary(kind=Entity.DOB, text="born on 1984-03-17", planted="1984-03-17"),
    Canary(
        kind=Entity.SECRET,
        text="api_key=sk-proj-4f9Zq81LmN02xKcVbR7tYw3pHd6sGj5u",
        planted="sk-proj-4f9Zq81LmN02xKcVbR7tYw3pHd6sGj5u",
    ),
    Canary(
        kind=Entity.ADDRESS,
        text="lives at 742 Evergreen Terrace, Springfield",
        planted="742 Evergreen Terrace",
    ),
)
_NAME: Final = Canary(
    kind=Entity.PERSON, text="please put Maria Garcia on the booking", planted="Maria Garcia"
)


def canaries(policy: Policy) -> Iterator[Canary]:
    """What must be found under a policy: not what it keeps, and names where it asks for them."""
    wanted = CANARIES if policy.names == "off" else (*CANARIES, _NAME)
    for canary in wanted:
        if policy.entity_action(canary.kind).value != "keep" and not policy.allows(canary.planted):
            yield canary


def check(redact: Callable[[str], str], policy: Policy) -> None:
    """Redact a canary of each kind.

    Raises:
        BrokenRedactionError: One survived, or could not be looked at.
    """
    broken = [
        canary.kind.value
        for canary in canaries(policy)
        if (redacted := redact(canary.text)) == FAILED or canary.planted in redacted
    ]
    if broken:
        raise BrokenRedactionError(
            f"the redaction does not find invented values of these kinds: {', '.join(broken)}. "
            "Nothing is recorded with it. Reinstall trainingloop, look at the redaction policy, "
            "and if that does not help, report it as SECURITY.md says."
        )
