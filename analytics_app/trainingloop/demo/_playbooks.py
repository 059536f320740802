"""The three playbooks of Fernhill Cycle Works, each in two versions that behave differently.

A version differs in its prompt and its rules only. The scripted model obeys the sentences it
reads there, so a later replay of a recorded decision with another prompt gets another answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

PlaybookId = Literal["booking", "support", "billing"]
Arm = Literal["control", "experiment"]

ALL_AT_ONCE: Final = "Ask for everything you still need in one message."
ONE_AT_A_TIME: Final = "Ask for one thing at a time."
NEXT_STEP_FIRST: Final = "Before handing over, offer one concrete next step."
HANDOVER_AT_ONCE: Final = "Hand over as soon as the customer asks for a person."
WARM: Final = "Be warm and use the customer's words."
BRIEF: Final = "Be brief and factual."
REFUND_SENTENCE: Final = "You may refund up to {limit} EUR on your own."

_FACTS: Final = (
    "Fernhill Cycle Works repairs and sells bicycles in three shops: Harbour, Old Mill and "
    "Station. They are open Monday to Saturday, 8:00 to 18:30. A full service costs 89 EUR, "
    "a brake check 35 EUR, a puncture repair 19 EUR, an e-bike diagnosis 59 EUR."
)
_ALWAYS: Final = (
    "Never promise a time that find_slots did not return.",
    "Never repeat a card number or an IBAN back to the customer.",
    "If brakes, fork or battery may be unsafe, tell the customer not to ride.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookVersion:
    """One version of one playbook, as the workshop's owner wrote it."""

    id: PlaybookId
    name: str
    version: str
    prompt_version: str
    arm: Arm
    persona: str
    rules: tuple[str, ...]
    tools: tuple[str, ...]
    refund_limit_eur: int = 0

    @property
    def hands_over_at_once(self) -> bool:
        """Whether the first call for a person is obeyed without another try."""
        return HANDOVER_AT_ONCE in self.rules

    def settings(self) -> Mapping[str, object]:
        """Give the settings a reviewer would want to see beside a decision."""
        return {
            "tone": "warm" if WARM in self.rules else "brief",
            "asks": "all_at_once" if ALL_AT_ONCE in self.rules else "one_at_a_time",
            "handover": "at_once" if self.hands_over_at_once else "after_one_try",
            "refund_limit_eur": self.refund_limit_eur,
            "channels": ["web", "whatsapp", "sms"],
            "max_offers": 3,
        }

    def system_prompt(self, today: date) -> str:
        """Give the instructions of the model, as sent with every call of this version."""
        rules = "\n".join(f"- {rule}" for rule in (*self.rules, *_ALWAYS))
        return f"{self.persona}\n\n{_FACTS}\n\nToday is {today:%Y-%m-%d}.\n\nRules:\n{rules}"


_BOOKING_TOOLS: Final = ("find_slots", "book_appointment", "cancel_appointment")
_SUPPORT_TOOLS: Final = ("look_up_order", "register_warranty", "find_slots", "book_appointment")
_BILLING_TOOLS: Final = ("look_up_order", "find_charges", "issue_refund", "send_invoice")

_VERSIONS: Final = (
    PlaybookVersion(
        id="booking",
        name="Workshop bookings",
        version="3.1",
        prompt_version="11",
        arm="control",
        persona="You are the booking desk of Fernhill Cycle Works.",
        rules=(ONE_AT_A_TIME, BRIEF, HANDOVER_AT_ONCE),
        tools=(*_BOOKING_TOOLS, "transfer_to_human"),
    ),
    PlaybookVersion(
        id="booking",
        name="Workshop bookings",
        version="3.2",
        prompt_version="12",
        arm="experiment",
        persona="You are Fern, who looks after the bookings of Fernhill Cycle Works.",
        rules=(ALL_AT_ONCE, WARM, HANDOVER_AT_ONCE),
        tools=(*_BOOKING_TOOLS, "transfer_to_human"),
    ),
    PlaybookVersion(
        id="support",
        name="Repairs and orders",
        version="2.4",
        prompt_version="8",
        arm="control",
        persona="You are the support desk of Fernhill Cycle Works.",
        rules=(ONE_AT_A_TIME, BRIEF, HANDOVER_AT_ONCE),
        tools=(*_SUPPORT_TOOLS, "transfer_to_human"),
    ),
    PlaybookVersion(
        id="support",
        name="Repairs and orders",
        version="2.5",
        prompt_version="9",
        arm="experiment",
        persona="You are Fern, a patient mechanic who answers questions for Fernhill Cycle Works.",
        rules=(ALL_AT_ONCE, WARM, NEXT_STEP_FIRST),
        tools=(*_SUPPORT_TOOLS, "transfer_to_human"),
    ),
    PlaybookVersion(
        id="billing",
        name="Invoices and refunds",
        version="1.6",
        prompt_version="5",
        arm="control",
        persona="You are the billing desk of Fernhill Cycle Works.",
        rules=(ONE_AT_A_TIME, BRIEF, HANDOVER_AT_ONCE, REFUND_SENTENCE.format(limit=40)),
        tools=(*_BILLING_TOOLS, "transfer_to_human"),
        refund_limit_eur=40,
    ),
    PlaybookVersion(
        id="billing",
        name="Invoices and refunds",
        version="1.7",
        prompt_version="6",
        arm="experiment",
        persona="You are Fern, who settles bills for Fernhill Cycle Works.",
        rules=(ALL_AT_ONCE, WARM, NEXT_STEP_FIRST, REFUND_SENTENCE.format(limit=120)),
        tools=(*_BILLING_TOOLS, "transfer_to_human"),
        refund_limit_eur=120,
    ),
)
_BY_ARM: Final = {(version.id, version.arm): version for version in _VERSIONS}


def playbook_version(playbook: PlaybookId, arm: Arm) -> PlaybookVersion:
    """Give the version of ``playbook`` that runs in ``arm``."""
    return _BY_ARM[playbook, arm]
