"""A comparison as a short report for people: what may do harm comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from trainingloop.cli._output import counted, print_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.replay.comparison import Cell, Matrix, RunComparison

_MOST_ROWS: Final = 10
_MOST_INTENTS: Final = 5
_LEVEL_COLUMNS: Final = {
    "level": "agreement",
    "candidate": "candidate",
    "floor": "by chance alone",
    "verdict": "the candidate",
}
_FLIP_COLUMNS: Final = {"decision_id": "newly unsafe", "names": "flags", "evidence": "because of"}
_KIND_COLUMNS: Final = {"recorded": "recorded", "replayed": "replayed", "decisions": "decisions"}
_INTENT_COLUMNS: Final = {**_KIND_COLUMNS, "recorded": "recorded, with its tools"}
_AMOUNT_COLUMNS: Final = {"name": "replayed over recorded", "ratio": "ratio", "decisions": "of"}
_AMOUNTS: Final = {
    "cost_usd": "cost",
    "input_tokens": "tokens in",
    "output_tokens": "tokens out",
    "latency_ms": "latency, which is that of a replay",
}


def print_comparison(compared: RunComparison) -> None:
    """Print what differs; gains and losses apart, and each figure beside what chance does."""
    from trainingloop.replay.reports import sentences  # heavy

    said = list(sentences(compared))
    # Where nothing was compared, there is nothing to say of it but that.
    for sentence in said if compared.compared else said[:1]:
        click.echo(sentence)
    if not compared.compared:
        return
    for said_first, columns, rows in (
        ("", _FLIP_COLUMNS, _flips(compared)),
        ("", _LEVEL_COLUMNS, _levels(compared)),
        (_changed(compared), _KIND_COLUMNS, _moved(compared.kinds, _MOST_ROWS)),
        ("", _INTENT_COLUMNS, _moved(compared.intents, _MOST_INTENTS, is_of_tools=True)),
        ("", _AMOUNT_COLUMNS, _amounts(compared)),
    ):
        listed = list(rows)
        if said_first or listed:
            click.echo()
        if said_first:
            click.echo(said_first)
        if listed:
            print_table(columns, listed, empty="", flexible="evidence")


def _flips(compared: RunComparison) -> Iterator[dict[str, object]]:
    gained = compared.safety.gained
    for flip in gained[:_MOST_ROWS]:
        yield {
            "decision_id": flip.compared_id,
            "names": ", ".join(flip.names),
            "evidence": flip.evidence,
        }
    if len(gained) > _MOST_ROWS:
        yield {"decision_id": f"and {len(gained) - _MOST_ROWS} more"}


def _levels(compared: RunComparison) -> Iterator[dict[str, object]]:
    from trainingloop.replay.reports import LEVELS, share_words, verdict_words  # heavy

    for one in compared.agreement:
        yield {
            "level": LEVELS[one.level],
            "candidate": share_words(one.candidate),
            "floor": "" if one.floor is None else share_words(one.floor),
            "verdict": verdict_words(one, compared.floor),
        }


def _changed(compared: RunComparison) -> str:
    """Say how many decisions do something else, and whether that shifts what is done."""
    from trainingloop.replay.reports import p_words  # heavy

    kinds, intents = compared.kinds, compared.intents
    if not intents.changed:
        return ""
    before = "when the recorded version is asked again" if kinds.beyond_floor else "before"
    tested = (
        "too few to test"
        if kinds.adjusted_p is None
        else f"whether each is as frequent as {before}: p {p_words(kinds.adjusted_p)}"
    )
    return (
        f"{kinds.changed:,} of {counted(compared.compared, 'decision')} do another kind of thing "
        f"than was recorded ({tested}); with the tools they call, {intents.changed:,} differ"
    )


def _moved(matrix: Matrix, most: int, *, is_of_tools: bool = False) -> Iterator[dict[str, object]]:
    """Yield where decisions went, the most frequent first.

    Args:
        matrix: recorded by replayed.
        most: so many rows; the rest is counted.
        is_of_tools: leaves out what says no tool, which the table of kinds has.
    """
    moved = [
        cell
        for cell in matrix.cells
        if cell.recorded != cell.replayed and (_has_tools(cell) or not is_of_tools)
    ]
    for cell in moved[:most]:
        yield {
            "recorded": cell.recorded,
            "replayed": cell.replayed,
            "decisions": str(cell.decisions),
        }
    if len(moved) > most:
        yield {"recorded": f"and {len(moved) - most} more"}


def _has_tools(cell: Cell) -> bool:
    return ":" in cell.recorded + cell.replayed


def _amounts(compared: RunComparison) -> Iterator[dict[str, object]]:
    from trainingloop.replay.reports import ratio_words  # heavy

    for one in compared.amounts:
        if one.decisions:
            yield {
                "name": _AMOUNTS[one.name],
                "ratio": ratio_words(one.ratio),
                "decisions": str(one.decisions),
            }
