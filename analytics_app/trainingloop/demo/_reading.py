"""What a history says: the topic, the facts the customer gave, the results of the tools."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from trainingloop.demo._business import PRICES_EUR, SHOPS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.demo._messages import Message

Result = dict[str, object]

_TOPICS: Final = (
    ("moving", re.compile(r"move my appointment", re.IGNORECASE)),
    ("double_charge", re.compile(r"charged (me )?twice", re.IGNORECASE)),
    ("refund", re.compile(r"refund", re.IGNORECASE)),
    ("invoice", re.compile(r"invoice", re.IGNORECASE)),
    ("warranty", re.compile(r"warranty", re.IGNORECASE)),
    ("noise", re.compile(r"squeak|noise", re.IGNORECASE)),
    ("status", re.compile(r"where is my order|ready\?|news about", re.IGNORECASE)),
)
_END: Final = r"(?=\.?\s|\.?$)"
_FACTS: Final = {
    "order": re.compile(r"\b(FW-\d{5})\b"),
    "appointment": re.compile(r"\b(AP-\d{4})\b"),
    "email": re.compile(r"\b([\w.+-]+@[\w.-]+\.[a-z]{2,})"),
    "phone": re.compile(r"(?:number is|reach me on|call me on) ([+(\d][\d ()-]+\d)"),
    "address": re.compile(r"(?:live at|postal address is) ([^.]+)\."),
    "birth": re.compile(rf"(?:birth is|born on) ([\d./]+\d){_END}"),
    "card": re.compile(r"[Cc]ard (?:number )?is ((?:\d[ -]?){15}\d)"),
    "iban": re.compile(r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,})+)\b"),
    "service": re.compile("(" + "|".join(PRICES_EUR) + ")", re.IGNORECASE),
    "shop": re.compile("(" + "|".join(SHOPS) + ")"),
}
_CHOICE: Final = re.compile(r"option (\d)", re.IGNORECASE)
_PERSON: Final = re.compile(r"\b(person|human)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ToolResult:
    at: int
    """Where in the history it stands."""
    tool: str
    content: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A history as the scripted model understands it."""

    topic: str
    facts: Mapping[str, str]
    customer_texts: tuple[str, ...]
    assistant_texts: tuple[str, ...]
    outcomes: tuple[_ToolResult, ...]
    """Every tool result, errors too, oldest first."""
    ends_with_results: bool

    @property
    def results(self) -> dict[str, Result]:
        """Give the newest successful result of each tool."""
        return {
            found.tool: found.content for found in self.outcomes if "error" not in found.content
        }

    @property
    def last_text(self) -> str:
        """Give what the customer wrote last."""
        return self.customer_texts[-1] if self.customer_texts else ""

    @property
    def last_error(self) -> str:
        """Give the error the newest tool result ended in, if the customer has not heard of it."""
        if not self.ends_with_results:
            return ""
        return str(self.outcomes[-1].content.get("error", ""))

    @property
    def says_goodbye(self) -> bool:
        """Whether the customer has what they wanted."""
        return "that's all" in self.last_text

    @property
    def wants_person(self) -> bool:
        """Whether the newest message asks for a human."""
        return bool(_PERSON.search(self.last_text))

    @property
    def person_requests(self) -> int:
        """Give how often the customer has asked for a human."""
        return sum(1 for text in self.customer_texts if _PERSON.search(text))

    @property
    def said_go_ahead(self) -> bool:
        """Whether the customer has confirmed once."""
        return any("go ahead" in text for text in self.customer_texts)

    @property
    def was_advised(self) -> bool:
        """Whether the customer has been told what to try."""
        return any("does it still" in text for text in self.assistant_texts)

    @property
    def is_about_brakes(self) -> bool:
        """Whether riding on might be dangerous."""
        return any("brake" in text.lower() for text in self.customer_texts)

    def is_done(self, tool: str) -> bool:
        """Whether ``tool`` has given what it was called for."""
        return bool(self.offers()) if tool == "find_slots" else tool in self.results

    def needs_no_more(self) -> bool:
        """Whether a card turned out not to have been charged twice."""
        charges = self.results.get("find_charges", {}).get("charges")
        return self.topic == "double_charge" and len(_list(charges)) == 1

    def offers(self) -> list[Result]:
        """Give the free slots of the newest search that nobody else has taken."""
        searches = [found for found in self.outcomes if found.tool == "find_slots"][-2:]
        newest = [found for found in searches if searches[-1].at - found.at <= 1]
        slots = [slot for found in newest for slot in _list(found.content.get("slots"))]
        taken = {
            found.content.get("slot_id")
            for found in self.outcomes
            if found.content.get("error") == "slot_taken"
        }
        free = [cast("Result", slot) for slot in slots if isinstance(slot, dict)]
        return [slot for slot in free if slot["slot_id"] not in taken][:3]

    def chosen_slot(self) -> str:
        """Give the slot behind the option the customer named."""
        offers = self.offers()
        return str(offers[min(int(self.facts["choice"]), len(offers)) - 1]["slot_id"])

    def shops_to_try(self) -> list[str]:
        """Give the shops the customer named, or the next one when those were full."""
        tried = {found.content.get("shop") for found in self.outcomes if found.tool == "find_slots"}
        named = [text for text in self.customer_texts if any(shop in text for shop in SHOPS)][-1]
        shops = [shop for shop in SHOPS if shop in named and shop not in tried]
        return shops[:2] or [shop for shop in SHOPS if shop not in tried][:1] or [SHOPS[0]]

    def amount_to_refund(self) -> float:
        """Give what the customer should get back, in EUR."""
        charges = _list(self.results.get("find_charges", {}).get("charges"))
        if charges and isinstance(charges[0], dict):
            return float(str(cast("Result", charges[0]).get("amount_eur", 0)))
        return float(str(self.results.get("look_up_order", {}).get("price_eur", 0)))


def read(messages: Sequence[Message]) -> Reading:
    """Give what this history says."""
    customer = tuple(message.text for message in messages if message.role == "user")
    outcomes = tuple(_outcomes(messages))
    return Reading(
        topic=_topic(customer[0] if customer else ""),
        facts=_facts(messages, outcomes),
        customer_texts=customer,
        assistant_texts=tuple(message.text for message in messages if message.role == "assistant"),
        outcomes=outcomes,
        ends_with_results=bool(messages) and messages[-1].role == "tool",
    )


def _topic(opening: str) -> str:
    return next((topic for topic, pattern in _TOPICS if pattern.search(opening)), "booking")


def _facts(messages: Sequence[Message], outcomes: Sequence[_ToolResult]) -> dict[str, str]:
    text = "\n".join(message.text for message in messages if message.role == "user")
    facts = {
        name: mentions[-1].strip()
        for name, pattern in _FACTS.items()
        if (mentions := pattern.findall(text))
    }
    offered_at = max(
        (found.at for found in outcomes if found.tool in {"find_slots", "book_appointment"}),
        default=len(messages),
    )
    for message in messages[offered_at:]:
        if message.role == "user" and (choice := _CHOICE.search(message.text)):
            facts["choice"] = choice[1]
    return facts


def _outcomes(messages: Sequence[Message]) -> list[_ToolResult]:
    names = {call.id: call.name for message in messages for call in message.calls}
    return [
        _ToolResult(at=at, tool=names.get(message.call_id, ""), content=_object(message.text))
        for at, message in enumerate(messages)
        if message.role == "tool"
    ]


def _object(text: str) -> Result:
    try:
        parsed: object = json.loads(text)
    except ValueError:
        return {"error": "unreadable"}
    return cast("Result", parsed) if isinstance(parsed, dict) else {"value": parsed}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
