"""The assistant of Fernhill Cycle Works: a tool loop around a model, recorded as it runs."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Final, cast

from trainingloop.demo._business import RefundRefusedError, Workshop, tool_schemas
from trainingloop.demo._calendar import running, spend
from trainingloop.demo._client import Model, ModelUnavailableError
from trainingloop.demo._dice import dice
from trainingloop.demo._messages import Message, Request
from trainingloop.demo._reading import read
from trainingloop.demo._rules import HANDOVER, verdicts
from trainingloop.demo._voice import Voice
from trainingloop.instrumentation import (
    Experiment,
    Playbook,
    Prompt,
    conversation,
    playbook,
    record_close,
    record_escalation,
    record_inbound,
    tool,
    turn,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from openai import OpenAI

    from trainingloop.demo._business import Result
    from trainingloop.demo._calendar import Calendar
    from trainingloop.demo._messages import ToolCall
    from trainingloop.demo._plans import Plan

TENANT: Final = "fernhill"
_MOST_CALLS_A_TURN: Final = 6
_MOST_TURNS: Final = 16
_APOLOGY: Final = "Something is wrong on our side. A colleague will write to you here."


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one conversation, or all of them, came to."""

    model_calls: int = 0
    tool_calls: int = 0
    playbook_evaluations: int = 0
    events: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Give both together."""
        return Tally(
            model_calls=self.model_calls + other.model_calls,
            tool_calls=self.tool_calls + other.tool_calls,
            playbook_evaluations=self.playbook_evaluations + other.playbook_evaluations,
            events=self.events + other.events,
        )


def converse(plan: Plan, client: OpenAI, calendar: Calendar) -> Tally:
    """Run one conversation from its opening to its end."""
    clock = calendar.open(plan.id, plan.started_at)
    voice = Voice(plan)
    with running(clock), _recorded(plan):
        desk = _Desk(plan, client)
        text = voice.opening()
        for at in range(1, _MOST_TURNS):
            reply = voice.reply(desk.serve(text))
            if reply is None or not clock.jump(plan.gap(at).total_seconds()):
                break
            text = reply
        desk.leave()
    return desk.tally


def _recorded(plan: Plan) -> AbstractContextManager[object]:
    version = plan.version
    experiment = Experiment(id=f"{version.id}-persona", variant=version.arm)
    return conversation(
        plan.id,
        customer=plan.customer.id,
        channel=plan.channel,
        tenant=TENANT,
        playbook=Playbook(
            id=version.id,
            version=version.version,
            name=version.name,
            settings=version.settings(),
        ),
        prompt=Prompt(name=f"{version.id}-desk", version=version.prompt_version),
        experiment=experiment if plan.is_in_experiment else None,
    )


def _taking_time(made: Callable[..., Result], plan: Plan) -> Callable[..., Result]:
    """Give the tool as slow as one that asks another system."""

    @wraps(made)
    def execute(**arguments: object) -> Result:
        spend(dice(plan.seed, plan.index, *arguments.values()).uniform(0.03, 0.4))
        return made(**arguments)

    return execute


class _Desk:
    """The assistant's side of one conversation."""

    def __init__(self, plan: Plan, client: OpenAI) -> None:
        today = plan.started_at.date()
        self._plan = plan
        self._version = plan.version
        self._history: list[Message] = []
        self._instructions = plan.version.system_prompt(today)
        workshop = Workshop(seed=f"{plan.seed}:{plan.index}", today=today, customer=plan.customer)
        # Each tool is recorded the way an application does it, by decorating the function.
        self._tools = {
            name: tool(name=name)(_taking_time(made, plan))
            for name, made in workshop.tools().items()
        }
        self._model = Model(
            client, is_streamed=plan.is_streamed, tools=tool_schemas(plan.version.tools)
        )
        self._has_ended = False
        self.tally = Tally()

    def serve(self, text: str) -> str:
        """Take a message of the customer and give the answer to it."""
        with turn():
            record_inbound(text)
            self._count(events=1)
            self._history.append(Message(role="user", text=text))
            forced = self._evaluate_playbook()
            try:
                said = self._decide(forced)
            except ModelUnavailableError:
                self._escalate("assistant_error")
                said = _APOLOGY
            self._history.append(Message(role="assistant", text=said))
        return said

    def leave(self) -> None:
        """Note how it ended, if that is known: a customer who just went away is no ending."""
        self._count(model_calls=self._model.calls)
        if self._has_ended:
            record_close(reason="resolved")
            self._count(events=1)

    def _evaluate_playbook(self) -> str | None:
        """Evaluate the rules, and give the tool they force if one does."""
        found = verdicts(self._version, read(self._history))
        with playbook(self._version.id, version=self._version.version) as evaluation:
            for verdict in found:
                evaluation.rule(verdict.rule, fired=verdict.has_fired, reason=verdict.reason)
        self._count(playbook_evaluations=1)
        has_handover = any(verdict.rule == HANDOVER and verdict.has_fired for verdict in found)
        return "transfer_to_human" if has_handover else None

    def _decide(self, forced: str | None) -> str:
        request = Request(model=self._plan.model, instructions=self._instructions, messages=())
        for _ in range(_MOST_CALLS_A_TURN):
            asked = replace(request, messages=tuple(self._history), forced_tool=forced)
            given = self._model.answer(asked)
            if not given.calls:
                self._has_ended = "welcome" in given.text
                return given.text
            self._history.append(Message(role="assistant", calls=given.calls))
            self._history.extend(self._run(call) for call in given.calls)
            forced = None
        raise ModelUnavailableError

    def _run(self, call: ToolCall) -> Message:
        arguments = cast("dict[str, object]", json.loads(call.arguments))
        self._count(tool_calls=1)
        try:
            result = self._tools[call.name](**arguments)
        except RefundRefusedError:
            result = {"error": "refund_refused"}
        if call.name == "transfer_to_human":
            self._escalate(str(arguments["reason"]))
        text = json.dumps(result, ensure_ascii=False)
        return Message(role="tool", text=text, call_id=call.id)

    def _escalate(self, reason: str) -> None:
        record_escalation(reason=reason, target="human_desk")
        self._count(events=1)

    def _count(self, **more: int) -> None:
        self.tally += Tally(**more)
