"""How the scripted model puts things, in the tone its prompt asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.demo._playbooks import WARM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Result = Mapping[str, object]


_LABELS: Final = {
    "shop": "which shop suits you (Harbour, Old Mill or Station)",
    "service": "what has to be done on the bike",
    "phone": "a phone number for when it is ready",
    "email": "an email address for the confirmation",
    "address": "your postal address",
    "birth": "your date of birth",
    "card": "the card number",
    "iban": "the IBAN for the refund",
    "order": "the order number",
    "appointment": "the appointment number",
    "choice": "which option you want",
}
_MORE: Final = " Is there anything else I can do?"


def ask(style: str, facts: Sequence[str], offers: Sequence[Result]) -> str:
    """Ask for these facts, with the free slots where one has to be chosen."""
    labels = [_LABELS[fact] for fact in facts]
    wanted = labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
    offered = f"{_options(offers)} " if "choice" in facts else ""
    if WARM in style:
        opening = "Here is what is free. " if offered else "Happy to help with that! "
        return f"{opening}{offered}To settle it in one go, please tell me {wanted}."
    return f"{offered}Please tell me {wanted}."


def _options(offers: Sequence[Result]) -> str:
    lines = [
        f"Option {at}: {slot.get('day')} at {slot.get('time')}."
        for at, slot in enumerate(offers, start=1)
    ]
    return " ".join(lines) or "There is nothing free this week."


def one_more_try(style: str, facts: Sequence[str]) -> str:
    """Offer the next step before a human is called."""
    wanted = f" if you tell me {_LABELS[facts[0]]}" if facts else ""
    return (
        f"I am sorry this takes so long. I can settle it right now{wanted}. "
        f"Or would you rather have a colleague{' take over' if WARM in style else ''}?"
    )


def go_ahead(style: str) -> str:
    """Ask for a confirmation before something is changed."""
    return "I have everything I need. Shall I go ahead?" + (
        " Take your time." if WARM in style else ""
    )


def advice(style: str, *, is_brake: bool) -> str:
    """Tell the customer what to try first."""
    safety = "Please do not ride it until this is clear. " if is_brake else ""
    cause = "dust on the rim or the disc" if is_brake else "a dry or loose bolt"
    opening = "Oh no, that should not happen. " if WARM in style else ""
    return (
        f"{opening}{safety}Most often it is {cause}: clean it with alcohol, turn it ten times, "
        "and tell me: does it still make the sound?"
    )


def error(code: str, offers: Sequence[Result]) -> str:
    """Say what a tool could not do, and what would help."""
    if code == "slot_taken":
        return (
            f"Somebody was faster, that time is gone. {_options(offers)} Which option is next best?"
        )
    return "I cannot find that one. Please could you check the order number and send it again?"


def handed_over(style: str) -> str:
    """Tell the customer that a human comes."""
    if WARM in style:
        return "Of course. A colleague will write to you in this chat, with everything you told me."
    return "A colleague will answer you here."


def goodbye(style: str) -> str:
    """End the conversation."""
    return "You're very welcome, ride safely!" if WARM in style else "You're welcome."


def done(style: str, topic: str, results: Mapping[str, Result]) -> str:
    """Tell the customer what has been done."""
    opening = "All done! " if WARM in style and topic != "status" else ""
    return f"{opening}{_outcome(topic, results)}{_MORE}"


def _outcome(topic: str, results: Mapping[str, Result]) -> str:
    order = results.get("look_up_order", {})
    if topic == "status":
        return f"Your {order.get('item')}, {order.get('shop')} shop: {order.get('state')}."
    if topic == "warranty":
        certificate = results.get("register_warranty", {}).get("certificate")
        return f"Your bike is covered for five years, certificate {certificate}."
    if topic == "invoice":
        return f"The copy is on its way to {results.get('send_invoice', {}).get('sent_to')}."
    if "issue_refund" in results:
        return f"{results['issue_refund'].get('refunded_eur'):g} EUR will arrive within three days."
    if topic == "double_charge":
        return "The card was charged only once, the second line was a reservation that has lapsed."
    booked = results.get("book_appointment", {})
    return f"Your appointment is {booked.get('appointment_id')}; we will call you once it is ready."
