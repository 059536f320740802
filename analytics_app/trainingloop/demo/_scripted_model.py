"""A model without weights: it reads the prompt and the history, and follows the rules in them.

It answers the same request the same way every time. Which tool comes next follows from the
topic, what the customer has said so far, and which results are there already.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.demo import _wording as wording
from trainingloop.demo._dice import digest, share
from trainingloop.demo._messages import Answer, Request, ToolCall
from trainingloop.demo._playbooks import ALL_AT_ONCE, NEXT_STEP_FIRST
from trainingloop.demo._reading import Reading, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Arguments = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    tool: str
    needs: tuple[str, ...]
    """The facts without which the tool cannot be called."""
    joins_next: bool = False
    """Whether it goes out in one answer with the step after it."""


_FIND: Final = _Step(tool="find_slots", needs=("shop", "service"))
_BOOK: Final = _Step(tool="book_appointment", needs=("choice", "phone", "email"))
_LOOK_UP: Final = _Step(tool="look_up_order", needs=("order",))
_REFUND: Final = _Step(tool="issue_refund", needs=("iban",))
_STEPS: Final[Mapping[str, tuple[_Step, ...]]] = {
    "booking": (_FIND, _BOOK),
    "moving": (
        _Step(tool="cancel_appointment", needs=("appointment",), joins_next=True),
        _FIND,
        _BOOK,
    ),
    "status": (_Step(tool="look_up_order", needs=("order", "email")),),
    "warranty": (
        _Step(tool="look_up_order", needs=("order",), joins_next=True),
        _Step(tool="register_warranty", needs=("address", "birth")),
    ),
    "noise": (_FIND, _BOOK),
    "refund": (_LOOK_UP, _REFUND),
    "double_charge": (
        _Step(tool="find_charges", needs=("card",), joins_next=True),
        _LOOK_UP,
        _REFUND,
    ),
    "invoice": (_Step(tool="send_invoice", needs=("order", "email", "address")),),
}
_WRITES: Final = frozenset({"book_appointment", "issue_refund", "register_warranty"})
_LIMIT: Final = re.compile(r"refund up to (\d+) EUR")

_ARGUMENTS: Final[Mapping[str, Callable[[Reading], Sequence[Arguments]]]] = {
    "find_slots": lambda known: [
        {"shop": shop, "service": known.facts["service"]} for shop in known.shops_to_try()
    ],
    "book_appointment": lambda known: [
        {
            "slot_id": known.chosen_slot(),
            "phone": known.facts["phone"],
            "email": known.facts["email"],
        }
    ],
    "cancel_appointment": lambda known: [{"appointment_id": known.facts["appointment"]}],
    "look_up_order": lambda known: [
        {"order_id": known.facts["order"], "email": known.facts.get("email", "")}
    ],
    "register_warranty": lambda known: [
        {
            "order_id": known.facts["order"],
            "address": known.facts["address"],
            "date_of_birth": known.facts["birth"],
        }
    ],
    "find_charges": lambda known: [{"card_number": known.facts["card"]}],
    "issue_refund": lambda known: [
        {
            "order_id": known.facts["order"],
            "amount_eur": known.amount_to_refund(),
            "iban": known.facts["iban"],
        }
    ],
    "send_invoice": lambda known: [
        {
            "order_id": known.facts["order"],
            "email": known.facts["email"],
            "address": known.facts["address"],
        }
    ],
}


def answer(request: Request) -> Answer:
    """Give what the model of this request says or asks for next."""
    known = read(request.messages)
    if request.forced_tool is not None:
        return _call(
            request, [(request.forced_tool, {"reason": "the customer asked for a person"})]
        )
    return _closing(request, known) or _next(request, known)


def _closing(request: Request, known: Reading) -> Answer | None:
    """Answer what ends a conversation or leaves the script."""
    style = request.instructions
    if "transfer_to_human" in known.results:
        return Answer(text=wording.handed_over(style))
    if known.says_goodbye:
        return Answer(text=wording.goodbye(style))
    if known.person_requests and known.wants_person:
        if NEXT_STEP_FIRST in style and known.person_requests == 1:
            return Answer(text=wording.one_more_try(style, _missing(request, known)))
        return _hand_over(request, "the customer asked for a person")
    if known.last_error == "refund_refused":
        return _hand_over(request, "the bank refused the refund")
    if known.last_error:
        return Answer(text=wording.error(known.last_error, known.offers()))
    return None


def _next(request: Request, known: Reading) -> Answer:
    steps = [step for step in _STEPS[known.topic] if not known.is_done(step.tool)]
    if known.topic == "noise" and not known.was_advised:
        return Answer(text=wording.advice(request.instructions, is_brake=known.is_about_brakes))
    if not steps or known.needs_no_more():
        return Answer(text=wording.done(request.instructions, known.topic, known.results))
    if steps[0].tool == "issue_refund" and known.amount_to_refund() > _refund_limit(request):
        return _hand_over(request, "the refund is above my limit")
    group = steps[:2] if steps[0].joins_next else steps[:1]
    missing = [need for step in group for need in step.needs if need not in known.facts]
    if missing:
        return Answer(
            text=wording.ask(request.instructions, _missing(request, known), known.offers())
        )
    if _wants_go_ahead(request, known, group[0].tool):
        return Answer(text=wording.go_ahead(request.instructions))
    calls = [(step.tool, args) for step in group for args in _ARGUMENTS[step.tool](known)]
    return _call(request, calls if request.allows_parallel_calls else calls[:1])


def _missing(request: Request, known: Reading) -> list[str]:
    """Give the facts to ask for: all of them, or the first one, as the prompt says."""
    steps = [step for step in _STEPS[known.topic] if not known.is_done(step.tool)]
    if not known.is_done("find_slots") and _FIND in steps:
        steps = [step for step in steps if step != _BOOK] + [
            _Step(tool="book_appointment", needs=("phone", "email"))
        ]
    needs = [need for step in steps for need in step.needs if need not in known.facts]
    return list(dict.fromkeys(needs)) if ALL_AT_ONCE in request.instructions else needs[:1]


def _refund_limit(request: Request) -> float:
    found = _LIMIT.search(request.instructions)
    return float(found[1]) if found else 0.0


def _wants_go_ahead(request: Request, known: Reading, tool: str) -> bool:
    """The small model is the more timid one."""
    is_timid = "mini" in request.model and share(known.last_text, "timid") < 0.3
    return is_timid and tool in _WRITES and not known.said_go_ahead


def _hand_over(request: Request, reason: str) -> Answer:
    return _call(request, [("transfer_to_human", {"reason": reason})])


def _call(request: Request, wanted: Sequence[tuple[str, Arguments]]) -> Answer:
    texts = [(name, json.dumps(arguments, ensure_ascii=False)) for name, arguments in wanted]
    calls = tuple(
        ToolCall(
            id=f"call_{digest(len(request.messages), at, name, text, request.messages[0].text)}",
            name=name,
            arguments=text,
        )
        for at, (name, text) in enumerate(texts)
    )
    return Answer(calls=calls)
