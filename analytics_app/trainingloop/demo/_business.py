"""The workshop itself: what its tools do, against orders and free slots kept in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from trainingloop.demo._dice import dice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from openai.types.chat import ChatCompletionFunctionToolParam

    from trainingloop.demo._customers import Customer

Result = dict[str, object]
SHOPS: Final = ("Harbour", "Old Mill", "Station")
PRICES_EUR: Final = {
    "full service": 89,
    "brake check": 35,
    "puncture repair": 19,
    "e-bike diagnosis": 59,
}
_TIMES: Final = ("08:30", "10:00", "11:45", "14:15", "16:00", "17:20")
_SUNDAY: Final = 6
_ITEMS_EUR: Final = {
    "bell": 19,
    "commuter lights": 28,
    "pair of tyres": 59,
    "hydraulic brake set": 112,
    "child seat": 149,
}
_STATES: Final = ("waiting for a part", "on its way", "ready for collection", "being fitted")

_TOOLS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "find_slots": (
        "Free workshop slots of one shop for one service.",
        {"shop": "Harbour, Old Mill or Station", "service": "What has to be done"},
    ),
    "book_appointment": (
        "Book a free slot. Sends a confirmation.",
        {
            "slot_id": "A slot that find_slots returned",
            "phone": "Where to call when the bicycle is ready",
            "email": "Where to send the confirmation",
        },
    ),
    "cancel_appointment": (
        "Cancel the customer's appointment.",
        {"appointment_id": "Such as AP-1042"},
    ),
    "look_up_order": (
        "State, item and price of an order.",
        {"order_id": "Such as FW-20417", "email": "The address the order was made with, or empty"},
    ),
    "register_warranty": (
        "Register a bicycle for the five-year warranty.",
        {
            "order_id": "Such as FW-20417",
            "address": "The owner's postal address",
            "date_of_birth": "The owner's date of birth",
        },
    ),
    "find_charges": (
        "The charges of the last 60 days on a card.",
        {"card_number": "The full card number"},
    ),
    "issue_refund": (
        "Pay an amount back.",
        {"order_id": "Such as FW-20417", "amount_eur": "How much", "iban": "The account to pay to"},
    ),
    "send_invoice": (
        "Send a copy of an invoice.",
        {"order_id": "Such as FW-20417", "email": "Where to", "address": "The billing address"},
    ),
    "transfer_to_human": (
        "Hand the conversation to a colleague.",
        {"reason": "Why, in a few words"},
    ),
}


def tool_schemas(names: Sequence[str]) -> list[ChatCompletionFunctionToolParam]:
    """Give the definitions of these tools, as a chat completion wants them."""
    return [_schema(name) for name in names]


def _schema(name: str) -> ChatCompletionFunctionToolParam:
    description, fields = _TOOLS[name]
    parameters: dict[str, object] = {
        "type": "object",
        "properties": {
            key: {
                "type": "number" if key == "amount_eur" else "string",
                "description": text,
            }
            for key, text in fields.items()
        },
        "required": list(fields),
        "additionalProperties": False,
    }
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": parameters},
    }


@dataclass(slots=True, kw_only=True)
class Workshop:
    """The state of the workshop as one customer finds it.

    Each conversation has its own, so that what one customer books cannot depend on which other
    conversation happened to run first in another thread.
    """

    seed: str
    today: date
    customer: Customer
    booked: dict[str, str] = field(default_factory=dict[str, str])

    def find_slots(self, shop: str, service: str) -> Result:
        """Give up to three free slots, or none when the shop is full."""
        chance = dice(self.seed, "slots", shop, service)
        if chance.random() < 0.07:
            return {"shop": shop, "slots": []}
        days = [self.today + timedelta(days=after) for after in range(1, 10)]
        open_days = [day for day in days if day.weekday() != _SUNDAY]
        return {
            "shop": shop,
            "service": service,
            "slots": [
                {
                    "slot_id": f"{shop[:1]}-{day:%m%d}-{chance.randrange(100, 999)}",
                    "day": f"{day:%A %d %B}",
                    "time": chance.choice(_TIMES),
                }
                for day in sorted(chance.sample(open_days, 3))
            ],
        }

    def book_appointment(self, slot_id: str, phone: str, email: str) -> Result:
        """Book a slot, unless somebody else was faster."""
        if dice(self.seed, "taken", slot_id).random() < 0.06:
            return {"error": "slot_taken", "slot_id": slot_id}
        reference = f"AP-{dice(self.seed, slot_id).randint(1000, 9999)}"
        self.booked[reference] = slot_id
        return {"appointment_id": reference, "confirmation_to": email, "call_when_ready": phone}

    def cancel_appointment(self, appointment_id: str) -> Result:
        """Cancel an appointment; cancelling twice is no error."""
        self.booked.pop(appointment_id, None)
        return {"appointment_id": appointment_id, "cancelled": True}

    def look_up_order(self, order_id: str, email: str) -> Result:
        """Give what is known about an order."""
        chance = dice(self.seed, "order", order_id)
        if chance.random() < 0.05:
            return {"error": "order_not_found", "order_id": order_id}
        item = chance.choice(tuple(_ITEMS_EUR))
        return {
            "order_id": order_id,
            "item": item,
            "price_eur": _ITEMS_EUR[item],
            "state": chance.choice(_STATES),
            "shop": chance.choice(SHOPS),
            "notify": email or self.customer.email,
        }

    def register_warranty(self, order_id: str, address: str, date_of_birth: str) -> Result:
        """Register the owner of a bicycle."""
        certificate = f"W{dice(self.seed, order_id).randint(100000, 999999)}"
        return {
            "certificate": certificate,
            "years": 5,
            "owner": {"address": address, "date_of_birth": date_of_birth},
        }

    def find_charges(self, card_number: str) -> Result:
        """Give the charges on a card; one in three was made twice."""
        chance = dice(self.seed, "charges")
        amount = chance.choice((19, 35, 59, 89))
        count = 2 if chance.random() < 0.66 else 1
        return {
            "card": card_number,
            "charges": [{"amount_eur": amount, "day": f"{self.today:%d %B}"}] * count,
        }

    def issue_refund(self, order_id: str, amount_eur: float, iban: str) -> Result:
        """Pay an amount back; the bank refuses now and then."""
        if dice(self.seed, "refund", order_id).random() < 0.08:
            raise RefundRefusedError(order_id)
        return {"order_id": order_id, "refunded_eur": amount_eur, "to": iban, "arrives_in_days": 3}

    def send_invoice(self, order_id: str, email: str, address: str) -> Result:
        """Send a copy of an invoice."""
        return {"order_id": order_id, "sent_to": email, "billed_to": address}

    def transfer_to_human(self, reason: str) -> Result:
        """Hand the conversation to the human desk."""
        return {"queue": "human_desk", "position": dice(self.seed, reason).randint(1, 4)}

    def tools(self) -> Mapping[str, Callable[..., Result]]:
        """Give every tool by the name the model calls it."""
        return {name: getattr(self, name) for name in _TOOLS}


class RefundRefusedError(RuntimeError):
    """The bank would not take the refund; a real tool raises such things too."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"the bank refused the refund of order {order_id}")
