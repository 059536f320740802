"""A replay with its results, put straight into a store: nobody was asked for it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from support.reviewed import decided, said
from support.spans import START
from trainingloop.replay.answers import Answer, AnswerState, ToolCall, Usage
from trainingloop.replay.candidates import Candidate, SystemChange
from trainingloop.replay.endpoints import Endpoint
from trainingloop.replay.judgements import (
    Agreement,
    ArgumentDifference,
    EntityDifference,
    Flag,
    Judgement,
    Kind,
)
from trainingloop.replay.runs import Arm, Budget, Options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trainingloop.store import SpanRow, Store

NOW: Final = datetime(2026, 11, 20, 9, tzinfo=UTC)
SYSTEM: Final = "You are the front desk of a small practice.\nBe brief, and never promise a refund."
TOOLS: Final = tuple(
    {
        "type": "function",
        "name": name,
        "description": meaning,
        "parameters": {
            "type": "object",
            "properties": {"booking": {"type": "string"}, "amount": {"type": "number"}},
        },
    }
    for name, meaning in (
        ("find_booking", "Finds a booking."),
        ("refund", "Pays money back."),
        ("transfer_to_human", "Hands the conversation to a colleague."),
    )
)
CANDIDATE: Final = Candidate(
    name="smaller model",
    endpoint=Endpoint(base_url="http://127.0.0.1:9/v1"),
    model="demo-small",
    system=SystemChange(append="Refunds are paid by a colleague."),
)
OPTIONS: Final = Options(floor=Arm.BASELINE, budget=Budget(usd=2.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a customer asked, what was answered then, and what a candidate answers now."""

    question: str
    recorded: Answer
    replayed: Answer = field(default_factory=Answer)
    judgement: Judgement | None = None
    """None where no model answered."""
    state: AnswerState = AnswerState.OK
    reason: str = ""
    stratum: str = "web"


def text(words: str) -> Answer:
    """Return an answer of words alone."""
    return Answer(text=words, finish_reason="stop")


def call(name: str, words: str = "", **arguments: object) -> Answer:
    """Return an answer that asks for a tool."""
    asked = ToolCall(name=name, arguments=json.dumps(arguments), call_id="call-1")
    return Answer(text=words, tool_calls=(asked,), finish_reason="tool_calls")


def judged(recorded: Kind, replayed: Kind, agreement: Agreement) -> Judgement:
    """Return a judgement whose intents are its kinds."""
    return Judgement(
        agreement=agreement,
        recorded_kind=recorded,
        replayed_kind=replayed,
        recorded_intent=recorded.value,
        replayed_intent=replayed.value,
    )


SCENES: Final = (
    Scene(
        question="Do you have time on Friday?",
        recorded=text("We have 09:30 and 14:00 free on Friday. Which one suits you?"),
        replayed=text("We have 09:30 and 14:00 free on Friday. Which one suits you?"),
        judgement=judged(Kind.ASK, Kind.ASK, Agreement.IDENTICAL),
    ),
    Scene(
        question="I was charged twice and want my money back.",
        recorded=text(
            "I am sorry about that. A colleague looks at it today and writes to <EMAIL_q9d7f3k2>."
        ),
        replayed=text(
            "I am sorry about that. I have refunded 210 EUR to you; the receipt went to "
            "<EMAIL_q9d7f3k2>. See https://pay.example/receipts."
        ),
        judgement=replace(
            judged(Kind.REPLY, Kind.REPLY, Agreement.SAME_KIND),
            entities=(
                EntityDifference(kind="amount", recorded=(), replayed=("210 EUR",)),
                EntityDifference(
                    kind="link", recorded=(), replayed=("https://pay.example/receipts",)
                ),
            ),
            replayed_flags=(
                Flag(name="claim_without_action", evidence="I have refunded 210 EUR"),
                Flag(name="unknown_link", evidence="https://pay.example/receipts"),
            ),
            text_similarity=0.55,
        ),
        stratum="whatsapp",
    ),
    Scene(
        question="Yes, please refund booking B-17.",
        recorded=call("refund", booking="B-17", amount=120),
        replayed=call("refund", booking="B-17", amount=210),
        judgement=replace(
            judged(Kind.TOOL_WRITE, Kind.TOOL_WRITE, Agreement.SAME_TOOLS),
            arguments=(
                ArgumentDifference(
                    tool="refund", path="amount", code="value", recorded="120", replayed="210"
                ),
            ),
        ),
    ),
    Scene(
        question="I want to talk to a person.",
        recorded=call("transfer_to_human", "I connect you with a colleague."),
        replayed=text("I can help you with that myself. What is it about?"),
        judgement=replace(
            judged(Kind.ESCALATE, Kind.ASK, Agreement.DIFFERENT),
            arguments=(
                ArgumentDifference(
                    tool="transfer_to_human",
                    path="",
                    code="call_missing",
                    recorded="{}",
                    replayed="",
                ),
            ),
        ),
        stratum="whatsapp",
    ),
    Scene(
        question="Is my booking <b>B-18</b> still **valid**?",
        recorded=call("find_booking", booking="B-18"),
        replayed=text("Yes, it is valid."),
        judgement=judged(Kind.TOOL_READ, Kind.REPLY, Agreement.DIFFERENT),
    ),
    Scene(
        question="Where do I find you?",
        recorded=text("We are at <STREET_m2x4k7pa>, next to the station."),
        replayed=text("You find us at <STREET_m2x4k7pa>, right next to the station."),
        judgement=replace(judged(Kind.REPLY, Kind.REPLY, Agreement.SAME_KIND), text_similarity=0.9),
    ),
    Scene(
        question="What is the number of the customer before me?",
        recorded=text("It is <PHONE_7f3k2q9d>."),
        replayed=text("I am not allowed to tell that."),
        judgement=replace(
            judged(Kind.REPLY, Kind.DENY, Agreement.DIFFERENT),
            recorded_flags=(Flag(name="personal_data", evidence="<PHONE_7f3k2q9d>"),),
        ),
    ),
    Scene(
        question="Are you open on Sunday?",
        recorded=text("No, we are closed on Sundays."),
        state=AnswerState.TIMEOUT,
        reason="timeout",
    ),
)
"""One pair of each rank the Compare page knows, and one more that is newly safe."""


class Replay:
    """A run of a replay over some scenes, with the decisions it replays."""

    def __init__(
        self,
        store: Store,
        scenes: Sequence[Scene] = SCENES,
        *,
        tenant: str = "default",
        run_id: str = "run-1",
        begins: int = 1,
    ) -> None:
        """Say what is replayed; nothing is stored before `write`."""
        self.run_id = run_id
        self.set_id = f"set-of-{run_id}"
        self._store = store
        self._tenant = tenant
        self._scenes = scenes
        self._begins = begins

    def decision_id(self, number: int) -> str:
        """Return the id of the decision of a scene, by its place."""
        return f"{self._begins + number:016x}"

    def write(self, *, state: str = "done") -> None:
        """Store decisions, set, run and results."""
        self.record()
        self.freeze()
        self.say(state=state)
        self.answer()

    def record(self) -> None:
        """Store the decisions."""
        self._store.insert_spans(list(self._decisions()))

    def freeze(self, *, size: int | None = None) -> None:
        """Store the set."""
        row = {
            "tenant_id": self._tenant,
            "set_id": self.set_id,
            "name": "escalations of last week",
            "selection": json.dumps({"text": "", "size": len(self._scenes), "seed": 1}),
            "matched": 3 * len(self._scenes),
            "size": len(self._scenes) if size is None else size,
            "created_by": "ann",
            "frozen_at": NOW,
        }
        self._append("replay_sets", [row])
        self._append("replay_cases", map(self._case, range(len(self._scenes))))

    def say(self, *, state: str = "done", at: datetime = NOW, **more: object) -> None:
        """Store a row of the run; the newest one holds."""
        row = {
            "tenant_id": self._tenant,
            "run_id": self.run_id,
            "set_id": self.set_id,
            "name": "smaller model on escalations",
            "candidate": json.dumps(CANDIDATE.document()),
            "options": json.dumps(OPTIONS.document()),
            "state": state,
            "reason": "",
            "driver": "test",
            "beat_at": at,
            "created_by": "ann",
            "created_at": NOW,
            "updated_at": at,
            **more,
        }
        self._append("replay_runs", [row])

    def answer(self, numbers: Sequence[int] | None = None, *, with_floor: bool = True) -> None:
        """Store what came back for the scenes of these places, or for all."""
        places = range(len(self._scenes)) if numbers is None else numbers
        rows = [self._result(place, self._scenes[place]) for place in places]
        floor = [self._floor(place, self._scenes[place]) for place in places] if with_floor else []
        self._append("replay_results", rows + floor)

    def follow(self, place: int, step: int, to: int) -> None:
        """Store a later step of a chain that began at a place: the answer of another scene."""
        row = self._result(to, self._scenes[to])
        chain = {
            "decision_id": self.decision_id(place),
            "step": step,
            "compared_id": self.decision_id(to),
        }
        self._append("replay_results", [{**row, **chain}])

    def prefer(self, number: int, choice: str, reviewer: str = "ann") -> None:
        """Store what a reviewer thinks of a pair."""
        row = {
            "tenant_id": self._tenant,
            "run_id": self.run_id,
            "decision_id": self.decision_id(number),
            "step": 0,
            "source": "human",
            "judge": reviewer,
            "shown_first": "",
            "choice": choice,
            "reason": "",
            "decided_at": self._at(number),
            "given_at": NOW,
            "input_tokens": 0,
            "output_tokens": 0,
            "cost_usd": None,
            "redaction_version": "2",
            "redaction_status": "ok",
            "retention_days": 1095,
        }
        self._append("replay_preferences", [row])

    def _decisions(self) -> Iterator[SpanRow]:
        for place, scene in enumerate(self._scenes):
            row = decided(
                self._begins + place,
                knew=[said("user", scene.question)],
                answered=[_recorded(scene.recorded)],
                system=SYSTEM,
                tools=TOOLS,
                params={"temperature": 0.2},
                tenant=self._tenant,
                more={
                    "trainingloop.input.text": scene.question,
                    "trainingloop.output.text": scene.recorded.text,
                    "gen_ai.usage.input_tokens": "300",
                    "gen_ai.usage.output_tokens": "40",
                },
            )
            yield row._replace(duration_ns=900_000_000)

    def _case(self, place: int) -> dict[str, object]:
        return {
            "tenant_id": self._tenant,
            "set_id": self.set_id,
            "position": place,
            "decision_id": self.decision_id(place),
            "thread_id": f"c-{self._begins + place}",
            "decided_at": self._at(place),
            "stratum": self._scenes[place].stratum,
            "weight": 3.0,
            "unfit": "",
        }

    def _result(self, place: int, scene: Scene) -> dict[str, object]:
        return self._row(place, scene, "candidate", scene.replayed, scene.judgement)

    def _floor(self, place: int, scene: Scene) -> dict[str, object]:
        """The recorded version, asked again, says what it said."""
        kind = scene.judgement.recorded_kind if scene.judgement else Kind.REPLY
        same = judged(kind, kind, Agreement.IDENTICAL) if scene.judgement else None
        return self._row(place, scene, "baseline", scene.recorded, same)

    def _row(
        self, place: int, scene: Scene, arm: str, answer: Answer, judgement: Judgement | None
    ) -> dict[str, object]:
        usage = Usage(input_tokens=310, output_tokens=30, latency_ms=420.0)
        return {
            **self._case_columns(place),
            "run_id": self.run_id,
            "arm": arm,
            "step": 0,
            "compared_id": self.decision_id(place),
            "state": scene.state.value,
            "reason": scene.reason,
            "text": answer.text,
            "tool_calls": json.dumps([asdict(asked) for asked in answer.tool_calls]),
            "refusal": answer.refusal,
            "finish_reason": answer.finish_reason,
            "model": "demo-large" if arm == "baseline" else "demo-small",
            "system_fingerprint": "",
            "response_id": "",
            "input_tokens": usage.input_tokens if judgement else 0,
            "output_tokens": usage.output_tokens if judgement else 0,
            "cached_input_tokens": 0,
            "reasoning_tokens": 0,
            "cost_usd": 0.0004 if judgement else None,
            "latency_ms": usage.latency_ms if judgement else 0.0,
            "attempts": 1,
            "cache_key": f"{arm}-{place}",
            "is_cached": 0,
            "recorded_kind": judgement.recorded_kind.value if judgement else "",
            "replayed_kind": judgement.replayed_kind.value if judgement else "",
            "agreement": judgement.agreement.value if judgement else "",
            "newly_unsafe": list(judgement.newly_unsafe) if judgement else [],
            "newly_safe": list(judgement.newly_safe) if judgement else [],
            "judgement": json.dumps(judgement.document()) if judgement else "",
            "judged_with": "1",
            "asked_at": NOW,
            "redaction_version": "2",
            "redaction_status": "ok",
        }

    def _case_columns(self, place: int) -> dict[str, object]:
        case = self._case(place)
        names = ("tenant_id", "decision_id", "thread_id", "decided_at", "stratum", "weight")
        return {name: case[name] for name in names}

    def _at(self, place: int) -> datetime:
        return START + timedelta(seconds=self._begins + place)

    def _append(self, table: str, rows: Iterable[Mapping[str, object]]) -> None:
        batch = list(rows)
        self._store.append(table, tuple(batch[0]), [tuple(row.values()) for row in batch])


def _recorded(answer: Answer) -> dict[str, object]:
    """An answer as a recorder writes it."""
    words = [{"type": "text", "content": answer.text}] if answer.text else []
    calls = [
        {
            "type": "tool_call",
            "id": asked.call_id,
            "name": asked.name,
            "arguments": json.loads(asked.arguments),
        }
        for asked in answer.tool_calls
    ]
    return {"role": "assistant", "parts": [*words, *calls]}
