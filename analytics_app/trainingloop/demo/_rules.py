"""The rules of the playbooks that the assistant's own code evaluates, before the model is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.demo._playbooks import PlaybookVersion
    from trainingloop.demo._reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One rule, whether it applies now, and why."""

    rule: str
    has_fired: bool
    reason: str


HANDOVER = "hand_over_to_human"


def verdicts(version: PlaybookVersion, known: Reading) -> Sequence[Verdict]:
    """Evaluate the rules of this version against what the customer has said so far."""
    if version.id == "booking":
        return (_contact_first(known), _two_shops(known), _handover(version, known))
    if version.id == "support":
        return (_order_first(known), _unsafe_to_ride(known), _handover(version, known))
    return (_order_first(known), _refund_limit(version, known), _handover(version, known))


def _handover(version: PlaybookVersion, known: Reading) -> Verdict:
    needed = 1 if version.hands_over_at_once else 2
    asked = known.person_requests
    return Verdict(
        rule=HANDOVER,
        has_fired=known.wants_person and asked >= needed,
        reason=f"a person was asked for {asked} times, {needed} needed",
    )


def _contact_first(known: Reading) -> Verdict:
    has_contact = "phone" in known.facts and "email" in known.facts
    return Verdict(
        rule="ask_contact_before_booking",
        has_fired=not has_contact,
        reason="contact is known" if has_contact else "phone or email is missing",
    )


def _two_shops(known: Reading) -> Verdict:
    is_open = " or " in known.last_text and "shop" in known.last_text
    return Verdict(
        rule="compare_two_shops",
        has_fired=is_open,
        reason="the customer named two shops" if is_open else "at most one shop was named",
    )


def _order_first(known: Reading) -> Verdict:
    has_order = "order" in known.facts
    return Verdict(
        rule="identify_order_first",
        has_fired=not has_order,
        reason="the order is known" if has_order else "no order was named yet",
    )


def _unsafe_to_ride(known: Reading) -> Verdict:
    is_unsafe = known.topic == "noise" and known.is_about_brakes
    return Verdict(
        rule="warn_unsafe_to_ride",
        has_fired=is_unsafe,
        reason="brakes were reported" if is_unsafe else "nothing dangerous was reported",
    )


def _refund_limit(version: PlaybookVersion, known: Reading) -> Verdict:
    amount = known.amount_to_refund()
    return Verdict(
        rule="refund_within_limit",
        has_fired=0 < amount <= version.refund_limit_eur,
        reason=f"{amount:.0f} EUR at a limit of {version.refund_limit_eur} EUR",
    )
