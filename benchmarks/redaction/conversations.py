"""Recall in conversations: without and with what a tool's answer makes known."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.redaction.examples import Kind
from benchmarks.redaction.metrics import Tally, is_covered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from benchmarks.redaction.dialogues import Dialogue
    from benchmarks.redaction.engines import Engine, Ours
    from benchmarks.redaction.examples import Example
    from benchmarks.redaction.metrics import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Names and streets of which nothing is left, in all conversations together."""

    person: Tally
    address: Tally
    person_by_language: dict[str, Tally]


def without_vault(found: Iterable[Dialogue], engine: Engine) -> Recall:
    """Every turn on its own."""
    return _recall((turn, engine.find) for dialogue in found for turn in dialogue.turns)


def with_vault(found: Iterable[Dialogue], ours: Ours) -> Recall:
    """Every turn after the engine saw what the tool returned, as in one export."""
    return _recall(_informed_turns(found, ours))


def _informed_turns(
    found: Iterable[Dialogue], ours: Ours
) -> Iterator[tuple[Example, Callable[[str], list[Span]]]]:
    for dialogue in found:
        ours.learn(dialogue.attributes, dialogue.name)
        for turn in dialogue.turns:
            yield turn, partial(ours.find_in, conversation=dialogue.name)


def _recall(turns: Iterable[tuple[Example, Callable[[str], list[Span]]]]) -> Recall:
    tallies: dict[Kind, Tally] = defaultdict(Tally)
    languages: dict[str, Tally] = defaultdict(Tally)
    for turn, find in turns:
        spans = find(turn.text)
        for label in turn.labels:
            covered = is_covered(turn.text, label, spans)
            tallies[label.kind].add(is_hit=covered)
            if label.kind is Kind.PERSON:
                languages[turn.language].add(is_hit=covered)
    return Recall(
        person=tallies[Kind.PERSON],
        address=tallies[Kind.ADDRESS],
        person_by_language=dict(languages),
    )
