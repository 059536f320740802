"""What a customer writes: they answer what they are asked, until their patience ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.demo._business import PRICES_EUR, SHOPS
from trainingloop.demo._dice import dice

if TYPE_CHECKING:
    from random import Random

    from trainingloop.demo._plans import Plan, Topic

_ASKED_BY: Final = {
    "which shop": "shop",
    "has to be done": "service",
    "phone number": "phone",
    "email address": "email",
    "postal address": "address",
    "date of birth": "birth",
    "card number": "card",
    "IBAN": "iban",
    "order number": "order",
    "appointment number": "appointment",
}
"""What in the assistant's words asks for which fact."""

_SAYS: Final = {
    "shop": ("The {} shop.", "The {} shop is closest to me."),
    "service": ("It needs a {}.", "A {} I think."),
    "phone": ("My phone number is {}.", "You can reach me on {}.", "Best call me on {}."),
    "email": ("My email is {}.", "Email: {}."),
    "address": ("I live at {}.", "My postal address is {}."),
    "birth": ("My date of birth is {}.", "I was born on {}."),
    "card": ("My card number is {}.", "The card is {}."),
    "iban": ("My IBAN is {}.", "Please pay it to {}, that is the IBAN."),
    "order": ("The order number is {}.", "Order {}."),
    "appointment": ("It is appointment {}.", "Appointment {}."),
}

_OPENINGS: Final[dict[Topic, tuple[str, ...]]] = {
    "booking": (
        "Hi, I would like to bring in my bike for a {service}.",
        "Do you have a free slot this week for a {service} at the {shop} shop?",
        "Need a {service} asap. Harbour or Station shop, whichever is faster. {phone}",
        "Hello! Can I book a {service}? {email}",
    ),
    "moving": (
        "I have to move my appointment {appointment}. Same {service}, the {shop} shop.",
        "Can I move my appointment to another day?",
    ),
    "status": (
        "Where is my order {order}? It was promised for last week.",
        "Is my bike ready? {email}",
        "Any news about my repair?",
    ),
    "warranty": (
        "I want to register my new bike for the warranty. Order {order}.",
        "How do I get the five-year warranty? {address}",
    ),
    "noise": (
        "My brakes squeak since the last service.",
        "There is a grinding noise from the cranks, even after the repair.",
        "The front wheel makes a noise when I brake. {phone}",
    ),
    "refund": (
        "I would like a refund for order {order}, the part does not fit.",
        "Please refund me. {iban}",
        "The lights I bought broke after two days, I want a refund.",
    ),
    "double_charge": (
        "I was charged twice for order {order}! {card}",
        "You charged me twice. What now?",
    ),
    "invoice": (
        "Could I have a copy of my invoice for order {order}? {address}",
        "I need an invoice for my employer.",
    ),
}

_UPSET: Final = (
    "This is taking too long. Can I talk to a person please?",
    "I have told you already. I want a human.",
    "Honestly, get me a person who can decide this.",
)


class Voice:
    """One customer in one conversation."""

    def __init__(self, plan: Plan) -> None:
        self._chance: Random = dice(plan.seed, plan.index, "voice")
        self._topic: Topic = plan.topic
        self._turns = 0
        self._patience = self._chance.randint(3, 8)
        self._facts = self._facts_of(plan)

    def opening(self) -> str:
        """Give the first message, which may already hold personal data."""
        template = self._chance.choice(_OPENINGS[self._topic])
        plain = {key: self._facts[key] for key in ("service", "shop", "order", "appointment")}
        said = {key: self._say(key) for key in self._facts if key not in plain}
        return template.format(**plain, **said)

    def reply(self, assistant: str) -> str | None:
        """Give the answer to ``assistant``, or nothing when the customer has gone."""
        self._turns += 1
        chance = self._chance
        if "colleague will" in assistant or "welcome" in assistant:
            return None
        if "anything else" in assistant:
            return chance.choice(("No, that's all. Thank you!", "Thanks, that's all.", None))
        if chance.random() < 0.035:
            return None
        if "rather have a colleague" in assistant:
            self._patience = self._turns + 2
        if self._turns > self._patience:
            return chance.choice(_UPSET) if chance.random() < 0.5 else None
        return self._cooperate(assistant)

    def _cooperate(self, assistant: str) -> str:
        if "rather have a colleague" in assistant and self._chance.random() < 0.5:
            return "Yes, a person please."
        said: list[str] = []
        if "go ahead" in assistant:
            said.append("Yes, please go ahead.")
        if "does it still" in assistant:
            fixed = self._chance.random() < 0.35
            said.append(
                "That fixed it, that's all, thank you!" if fixed else "No, it is still there."
            )
        if "could you check" in assistant:
            self._facts["order"] = _order(self._chance)
        if "option" in assistant.lower():
            said.append(f"Option {self._chance.randint(1, 3)} please.")
        asked = (
            fact for cue, fact in _ASKED_BY.items() if re.search(cue, assistant, re.IGNORECASE)
        )
        said.extend(self._say(fact) for fact in asked)
        return " ".join(said) or "Okay, and what happens next?"

    def _say(self, fact: str) -> str:
        return self._chance.choice(_SAYS[fact]).format(self._facts[fact])

    def _facts_of(self, plan: Plan) -> dict[str, str]:
        person = plan.customer
        return {
            "shop": self._chance.choice(SHOPS),
            "service": self._chance.choice(tuple(PRICES_EUR)),
            "phone": person.phone,
            "email": person.email,
            "address": person.address,
            "birth": person.date_of_birth,
            "card": person.card,
            "iban": person.iban,
            "order": _order(self._chance),
            "appointment": f"AP-{self._chance.randint(1000, 9999)}",
        }


def _order(chance: Random) -> str:
    return f"FW-{chance.randint(10000, 99999)}"
