"""Where answers part: the arguments of their calls, and what their texts name."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainingloop.replay._comparing.pairs import Pair

_INDEX: Final = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentCount:
    """How often the arguments of a tool part in one place, in one way."""

    tool: str
    path: str
    """Into the arguments; places in lists are all ``[]``."""
    code: str
    """As `trainingloop.replay.judgements.ArgumentDifference` has it."""
    decisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityCount:
    """In how many decisions only one answer names things of a kind."""

    kind: str
    """As `trainingloop.replay.judgements.EntityDifference` has it."""
    decisions: int
    only_recorded: int
    """Decisions in which something of it is no longer named."""
    only_replayed: int
    """Decisions in which something of it is named that was not."""


def argument_counts(pairs: Iterable[Pair]) -> tuple[ArgumentCount, ...]:
    """Count where calls part, what is most frequent first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for pair in pairs:
        if (judgement := pair.compared) is not None:
            counts.update(
                {(one.tool, _INDEX.sub("[]", one.path), one.code) for one in judgement.arguments}
            )
    ordered = sorted(counts, key=lambda place: (-counts[place], place))
    return tuple(
        ArgumentCount(tool=place[0], path=place[1], code=place[2], decisions=counts[place])
        for place in ordered
    )


def entity_counts(pairs: Iterable[Pair]) -> tuple[EntityCount, ...]:
    """Count what only one of two texts names, by kind."""
    decisions, recorded, replayed = Counter[str](), Counter[str](), Counter[str]()
    for pair in pairs:
        for one in pair.compared.entities if pair.compared is not None else ():
            decisions[one.kind] += 1
            recorded[one.kind] += bool(one.recorded)
            replayed[one.kind] += bool(one.replayed)
    return tuple(
        EntityCount(
            kind=kind,
            decisions=decisions[kind],
            only_recorded=recorded[kind],
            only_replayed=replayed[kind],
        )
        for kind in sorted(decisions)
    )
