"""Runs everything once and keeps what was measured."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from benchmarks.redaction import conversations, endurance, quality, speed, task_dialogues
from benchmarks.redaction.dialogues import dialogues, in_lower_case
from benchmarks.redaction.engines import Ours, PlainPresidio, has_names
from benchmarks.redaction.labelled import SEED, labelled_sets

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.redaction.conversations import Recall
    from benchmarks.redaction.dialogues import Dialogue
    from benchmarks.redaction.endurance import Hostile, Memory
    from benchmarks.redaction.labelled import Sets
    from benchmarks.redaction.quality import Quality, Suites
    from benchmarks.redaction.speed import Latency, Speed
    from benchmarks.redaction.task_dialogues import Workload

T = TypeVar("T")
OURS, NAMES, PRESIDIO = "trainingloop", "trainingloop + names", "plain Presidio"
VAULT, NAMES_VAULT = "trainingloop + vault", "trainingloop + names + vault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything one run measured; by engine where several ran."""

    examples: int
    messages: dict[str, Quality]
    regions: dict[str, Quality]
    secrets: dict[str, Quality]
    suites: dict[str, Suites]
    dialogues: dict[str, Recall]
    lower_dialogues: dict[str, Recall]
    speeds: list[Speed]
    workload: Workload
    latency: Latency
    latency_with_names: Latency | None
    hostile: list[Hostile]
    memory: Memory
    seconds: float


def run(*, is_quick: bool) -> Results:
    """Run both engines over everything, on this one core."""
    begin = time.monotonic()
    share = 0.1 if is_quick else 1.0
    _say("generating the labelled sets")
    sets = labelled_sets(share=share)
    engines: dict[str, Ours | PlainPresidio] = {OURS: Ours(), PRESIDIO: PlainPresidio()}
    finds_names = has_names()
    if finds_names:
        engines[NAMES] = Ours(has_names=True)
    messages: dict[str, Quality] = {}
    regions: dict[str, Quality] = {}
    secrets: dict[str, Quality] = {}
    suites: dict[str, Suites] = {}
    for name, engine in engines.items():
        _say(f"{name}: {_size(sets)} labelled texts")
        messages[name] = quality.measure(sets.messages, engine)
        regions[name] = quality.measure(sets.regions, engine)
        secrets[name] = quality.measure(sets.secrets, engine)
        suites[name] = quality.run_suites(engine)
    _say("conversations")
    plain = dialogues(seed=SEED, share=share)
    presidio = engines[PRESIDIO]
    assert isinstance(presidio, PlainPresidio)
    return Results(
        examples=_size(sets),
        messages=messages,
        regions=regions,
        secrets=secrets,
        suites=suites,
        dialogues=_in_conversations(plain, presidio, finds_names=finds_names),
        lower_dialogues=_in_conversations(
            [in_lower_case(item) for item in plain], presidio, finds_names=finds_names
        ),
        speeds=_told("speed", lambda: speed.speeds(presidio, finds_names=finds_names)),
        workload=task_dialogues.workload(),
        latency=_told("latency", speed.latency),
        latency_with_names=speed.latency(has_names=True) if finds_names else None,
        hostile=_told("hostile texts", lambda: endurance.hostile_runs(is_quick=is_quick)),
        memory=_told("memory", endurance.memory),
        seconds=time.monotonic() - begin,
    )


def _in_conversations(
    found: list[Dialogue], presidio: PlainPresidio, *, finds_names: bool
) -> dict[str, Recall]:
    recalls = {
        OURS: conversations.without_vault(found, Ours()),
        VAULT: conversations.with_vault(found, Ours()),
        PRESIDIO: conversations.without_vault(found, presidio),
    }
    if finds_names:
        recalls[NAMES] = conversations.without_vault(found, Ours(has_names=True))
        recalls[NAMES_VAULT] = conversations.with_vault(found, Ours(has_names=True))
    return recalls


def _told(what: str, measure: Callable[[], T]) -> T:
    _say(what)
    return measure()


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _size(sets: Sets) -> int:
    return len(sets.messages) + len(sets.regions) + len(sets.secrets)
