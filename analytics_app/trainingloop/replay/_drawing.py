"""Which decisions are drawn for a replay set: the same ones for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay._sampling import quotas
from trainingloop.replay._selecting import MOST_SIZE
from trainingloop.replay.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.replay._reads import TenantReads
    from trainingloop.replay._selecting import Selection

_MOST_NAMED: Final = 20
_ALWAYS: Final = {"since": "1970-01-02 00:00:00", "until": "2200-01-01 00:00:00"}
_Found = tuple[int, str, str, int, int, int]
"""What ``replay_draw.sql`` says of a decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A decision of a set, without its content."""

    decision_id: str
    thread_id: str
    decided_at_ns: int
    """Since 1970: a datetime would lose the nanoseconds by which it is found."""
    retention_days: int
    stratum: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What was drawn, and from what."""

    matched: Mapping[str, int]
    """How many decisions each stratum holds."""
    drawn: Mapping[str, int]
    """How many of them were drawn."""
    chosen: tuple[Chosen, ...]
    """In the order they are replayed."""


def draw(reads: TenantReads, selection: Selection) -> Draw:
    """Return the decisions of a selection, or a sample of them.

    Conversations come in an order of their own, each with its decisions in theirs: what a run has
    done when it ends early is a random part of the set, and what is asked one after the other has
    a prefix in common, which endpoints keep.

    Raises:
        SelectionError: it leaves no decision, too many, or others than were named.
        StoreError: the store refused.
    """
    rows = list(reads.table("replay_draw", selection.binds()).records())
    matched = {str(row["stratum"]): cast("int", row["matched"]) for row in rows}
    if not any(matched.values()):
        _check_rule(reads, selection.filter.get("outcome", ""))
    _check(selection, sum(matched.values()))
    drawn = quotas(
        matched,
        selection.size or MOST_SIZE,
        at_least=selection.at_least,
        is_even=selection.is_even,
    )
    found = [
        (each, stratum)
        for row in rows
        for stratum in (str(row["stratum"]),)
        for each in cast("list[_Found]", row["drawn"])[: drawn[stratum]]
    ]
    weights = {name: held / drawn[name] for name, held in matched.items() if drawn[name]}
    return Draw(matched=matched, drawn=drawn, chosen=tuple(_in_order(found, weights)))


def _check_rule(reads: TenantReads, outcome: str) -> None:
    """Refuse a rule that has said nothing of any decision: more likely its name is another."""
    rule = outcome.rpartition(":")[0]
    if not rule:
        return
    known = [str(row["rule_id"]) for row in reads.table("outcome_rules", _ALWAYS).records()]
    if rule not in known:
        raise SelectionError(
            f"no decision has an outcome of a rule {rule[:80]!r}: use one of "
            f"{', '.join(known[:_MOST_NAMED])}{', …' if len(known) > _MOST_NAMED else ''}"
            if known
            else "no decision has an outcome yet: trainingloop outcomes run works them out"
        )


def _check(selection: Selection, matched: int) -> None:
    if not matched:
        raise SelectionError(
            "no decision of a model is chosen: trainingloop decisions shows what a filter leaves"
        )
    if selection.decisions and matched < len(selection.decisions):
        raise SelectionError(
            f"of the {len(selection.decisions)} 'decisions' {len(selection.decisions) - matched} "
            "are no decision of a model that the filter leaves: leave them out"
        )
    if selection.size is None and matched > MOST_SIZE:
        raise SelectionError(
            f"{matched:,} decisions are too many for a set: give a 'size' of {MOST_SIZE:,} at most"
        )


def _in_order(found: list[tuple[_Found, str]], weights: Mapping[str, float]) -> Iterator[Chosen]:
    for each, stratum in sorted(found, key=lambda pair: _place(pair[0])):
        _, decision, thread, decided_at_ns, retention_days, _ = each
        yield Chosen(
            decision_id=decision,
            thread_id=thread,
            decided_at_ns=decided_at_ns,
            retention_days=retention_days,
            stratum=stratum,
            weight=weights[stratum],
        )


def _place(found: _Found) -> tuple[int, str, int, str]:
    _, decision, thread, decided_at_ns, _, thread_order = found
    return (thread_order, thread, decided_at_ns, decision)
