"""A comparison as markdown, such as a comment of a pull request."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from trainingloop.replay._comparing.words import (
    LEVELS,
    NOTHING,
    p_words,
    points_words,
    ratio_words,
    sentences,
    share_words,
    verdict_words,
)
from trainingloop.replay.gate import check_gate
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trainingloop.replay._comparing.report import RunComparison
    from trainingloop.replay._comparing.shifts import Shift
    from trainingloop.replay.gate import Condition

MOST_LISTED: Final = 20
"""So many decisions, places in arguments and kinds are listed; the rest is counted."""
_SPECIAL: Final = re.compile(r"([\\`*_\[\]#|~])")
_AMOUNTS: Final = {
    "cost_usd": "Cost, US dollars",
    "input_tokens": "Tokens in",
    "output_tokens": "Tokens out",
    "latency_ms": "Latency of the replay, ms",
}
_OF_DECISIONS: Final = (
    "Each decision was asked after what was recorded before it: this says what the candidate would"
    " decide there, not how its own conversations would go. The decisions were chosen, not drawn"
    " from all there will be."
)
_OF_CONVERSATIONS: Final = (
    "Whole conversations of the same tasks were compared: each version met its own answers of the"
    " customer, so that one early difference can make all later ones."
)
_NO_FLOOR: Final = "No second arm was asked, so nobody can tell these differences from chance."
_DIGITS: Final = {"cost_usd": 6}


def as_markdown(comparison: RunComparison, conditions: Sequence[Condition] = ()) -> str:
    """Return a report: what fails, safety, agreement beside chance, escalations, kinds, cost.

    Args:
        comparison: what is reported.
        conditions: those that the comparison is checked against, if any.
    """
    name = comparison.name or comparison.run_id or "two versions"
    blocks = [
        f"# Replay: {_plain(name)}",
        *_gate(comparison, conditions),
        "\n".join(f"- {sentence}" for sentence in sentences(comparison)),
        *_safety(comparison),
        *_agreement(comparison),
        *_escalations(comparison),
        *_kinds(comparison),
        *_arguments(comparison),
        *_entities(comparison),
        *_amounts(comparison),
        _caveat(comparison),
    ]
    return "\n\n".join(blocks) + "\n"


def _gate(comparison: RunComparison, conditions: Sequence[Condition]) -> list[str]:
    if not conditions:
        return []
    failures = check_gate(comparison, conditions)
    if not failures:
        return [f"**Passes** all of {', '.join(f'`{condition}`' for condition in conditions)}."]
    lines = [
        f"- `{failure.condition}`: {_plain(failure.reason)}"
        if failure.condition
        else f"- {_plain(failure.reason)}"
        for failure in failures
    ]
    return ["**Fails**", "\n".join(lines)]


def _safety(comparison: RunComparison) -> list[str]:
    if not comparison.flags:
        return []
    head = ["Flag", "Recorded", "Replayed", "Newly unsafe", "Newly safe"]
    has_floor = comparison.safety.floor_gained is not None
    rows = [
        [_plain(one.flag), *_shifted(one.shift), *(_floor_of(one.shift) if has_floor else [])]
        for one in comparison.flags
    ]
    if has_floor:
        head.append(f"{_floor_name(comparison)}: unsafe / safe")
    return ["## Safety", _table(head, rows), *_unsafe(comparison)]


def _unsafe(comparison: RunComparison) -> list[str]:
    if not comparison.safety.gained:
        return []
    listed = [
        f"- `{flip.decision_id}`{f' step {flip.step}' if flip.step else ''}:"
        f" {_plain(', '.join(flip.names))} {_code(flip.evidence)}"
        for flip in comparison.safety.gained[:MOST_LISTED]
    ]
    return ["Newly unsafe:", "\n".join([*listed, *_more(len(comparison.safety.gained))])]


def _agreement(comparison: RunComparison) -> list[str]:
    head = ["Agreement", "Candidate", _floor_name(comparison), "Difference", "p", "Verdict"]
    rows = [
        [
            LEVELS[one.level],
            share_words(one.candidate),
            share_words(one.floor),
            points_words(one.beside_floor.difference if one.beside_floor else None),
            p_words(one.adjusted_p),
            verdict_words(one, comparison.floor),
        ]
        for one in comparison.agreement
    ]
    return ["## Agreement", _table(head, rows)]


def _escalations(comparison: RunComparison) -> list[str]:
    shift = comparison.escalations
    if not (shift.gained or shift.lost):
        return []
    lines = [
        f"- {name}: {', '.join(f'`{flip.decision_id}`' for flip in flips[:MOST_LISTED])}"
        + (f" and {len(flips) - MOST_LISTED} more" if len(flips) > MOST_LISTED else "")
        for name, flips in (("Gained", shift.gained), ("Lost", shift.lost))
        if flips
    ]
    return ["## Escalations", f"p {p_words(shift.adjusted_p)}", "\n".join(lines)]


def _kinds(comparison: RunComparison) -> list[str]:
    matrix = comparison.kinds
    if not matrix.cells:
        return []
    tested = "too few to test" if matrix.adjusted_p is None else f"p {p_words(matrix.adjusted_p)}"
    before = sorted({cell.recorded for cell in matrix.cells})
    after = sorted({cell.replayed for cell in matrix.cells})
    rows = [
        [_plain(one), *(str(matrix.count(one, other) or "·") for other in after)] for one in before
    ]
    return [
        "## What answers do",
        f"Recorded by replayed; {matrix.changed} changed, {tested}.",
        _table(["", *map(_plain, after)], rows),
    ]


def _arguments(comparison: RunComparison) -> list[str]:
    if not comparison.arguments:
        return []
    rows = [
        [_code(one.tool), _code(one.path), one.code, str(one.decisions)]
        for one in comparison.arguments[:MOST_LISTED]
    ]
    table = _table(["Tool", "Argument", "How", "Decisions"], rows)
    return ["## Where calls part", table, *_more(len(comparison.arguments))]


def _entities(comparison: RunComparison) -> list[str]:
    if not comparison.entities:
        return []
    rows = [
        [_plain(one.kind), str(one.only_recorded), str(one.only_replayed)]
        for one in comparison.entities
    ]
    return ["## What texts name", _table(["Kind", "No longer", "Only now"], rows)]


def _amounts(comparison: RunComparison) -> list[str]:
    rows = [
        [
            _AMOUNTS[one.name],
            str(one.decisions),
            _number(one.recorded.value, _DIGITS.get(one.name, 1)),
            _number(one.replayed.value, _DIGITS.get(one.name, 1)),
            ratio_words(one.ratio),
        ]
        for one in comparison.amounts
        if one.decisions
    ]
    if not rows:
        return []
    return ["## Cost", _table(["", "Decisions", "Recorded", "Replayed", "Ratio"], rows)]


def _caveat(comparison: RunComparison) -> str:
    about = _OF_CONVERSATIONS if comparison.is_of_conversations else _OF_DECISIONS
    return about if comparison.floor else f"{about} {_NO_FLOOR}"


def _shifted(shift: Shift) -> list[str]:
    return [str(shift.recorded), str(shift.replayed), str(len(shift.gained)), str(len(shift.lost))]


def _floor_of(shift: Shift) -> list[str]:
    return [f"{shift.floor_gained} / {shift.floor_lost}"]


def _floor_name(comparison: RunComparison) -> str:
    if comparison.floor is None:
        return "Chance"
    return "Candidate again" if comparison.floor is Arm.REPEAT else "Recorded version again"


def _more(count: int) -> list[str]:
    return [f"… and {count - MOST_LISTED} more"] if count > MOST_LISTED else []


def _number(value: float | None, digits: int) -> str:
    return NOTHING if value is None else f"{value:,.{digits}f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(text: str) -> str:
    """Return a text as it is: nothing in it is a link, a mention or the end of it."""
    return f"`{_line(text.replace('`', chr(39)).replace('|', '/'))}`" if text else ""


def _plain(text: str) -> str:
    """Return a text in which nothing is taken for markdown or HTML."""
    return _SPECIAL.sub(r"\\\1", html.escape(_line(text), quote=False))


def _line(text: str) -> str:
    """Return a text on one line, without what moves a cursor: build servers print reports."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
