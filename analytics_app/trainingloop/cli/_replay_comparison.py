"""A comparison as a short report for people: what may do harm comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from trainingloop.cli._output import print_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.replay.comparison import RunComparison

_MOST_ROWS: Final = 10
_LEVEL_COLUMNS: Final = {
    "level": "agreement",
    "candidate": "candidate",
    "floor": "by chance alone",
    "verdict": "the candidate",
}
_FLIP_COLUMNS: Final = {"decision_id": "newly unsafe", "names": "flags", "evidence": "because of"}
_KIND_COLUMNS: Final = {"recorded": "recorded", "replayed": "replayed", "decisions": "decisions"}
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
    for columns, rows in (
        (_FLIP_COLUMNS, _flips(compared)),
        (_LEVEL_COLUMNS, _levels(compared)),
        (_KIND_COLUMNS, _kinds(compared)),
        (_AMOUNT_COLUMNS, _amounts(compared)),
    ):
        if listed := list(rows):
            click.echo()
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


def _kinds(compared: RunComparison) -> Iterator[dict[str, object]]:
    moved = [cell for cell in compared.kinds.cells if cell.recorded != cell.replayed]
    for cell in moved[:_MOST_ROWS]:
        yield {
            "recorded": cell.recorded,
            "replayed": cell.replayed,
            "decisions": str(cell.decisions),
        }


def _amounts(compared: RunComparison) -> Iterator[dict[str, object]]:
    from trainingloop.replay.reports import ratio_words  # heavy

    for one in compared.amounts:
        if one.decisions:
            yield {
                "name": _AMOUNTS[one.name],
                "ratio": ratio_words(one.ratio),
                "decisions": str(one.decisions),
            }
