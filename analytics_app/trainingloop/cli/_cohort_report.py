"""A comparison of two cohorts, as a short report for people."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

import click

from trainingloop.cli._output import console, print_table, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.cohorts import ComparedMetric, Facts, Report, TraitMix

_WIDEST_TEXT: Final = 100
_MOST_ROWS: Final = 8
_METRIC_COLUMNS: Final = {
    "name": "metric",
    "a": "A",
    "a_count": "of A",
    "b": "B",
    "b_count": "of B",
    "pending": "pending A/B",
    "difference": "B - A",
    "interval": "95 % interval",
    "sequential": "at any look",
    "adjusted": "among like conversations",
    "verdict": "B is",
}
_LEGEND: Final = (
    "* The one to judge by. The last column allows for looking again and for all metrics together."
    "\n"
)
_SIDE_COLUMNS: Final = {"fact": "", "a": "A", "b": "B"}
_MIX_COLUMNS: Final = {
    "value": "value",
    "a": "share of A",
    "b": "share of B",
    "a_rate": "A",
    "b_rate": "B",
}


def print_report(report: Report) -> None:
    """Print ``report``: the verdict, what was compared, every metric, and what to know of it."""
    primary = report.metrics[0]
    click.echo(f"A: {_name(report.a)}\nB: {_name(report.b)}\n")
    _say(f"{primary.measure.name}. {report.headline}")
    click.echo()
    print_table(_SIDE_COLUMNS, _sides(report), empty="")
    click.echo()
    print_table(_METRIC_COLUMNS, [_metric(one) for one in report.metrics], empty="")
    click.echo(_LEGEND)
    for note in report.notes:
        _say(note, bullet="- ")
    if report.is_observational:
        for mix in report.mixes:
            if mix.mix.is_different:
                _print_mix(mix, primary)


def _name(side: Facts) -> str:
    conditions = printable(str(side.cohort.definition))
    name = printable(side.cohort.name)
    return name if conditions in (name, "") else f"{name} ({conditions})"


def _say(text: str, *, bullet: str = "") -> None:
    width = min(console().width, _WIDEST_TEXT)
    shown = textwrap.fill(
        printable(text), width, initial_indent=bullet, subsequent_indent=" " * len(bullet)
    )
    click.echo(shown)


def _sides(report: Report) -> Iterator[dict[str, object]]:
    a, b = _facts(report.a), _facts(report.b)
    for fact in a:
        if a[fact] or b[fact]:
            yield {"fact": fact, "a": a[fact], "b": b[fact]}


def _facts(side: Facts) -> dict[str, str]:
    return {
        "conversations": f"{side.conversations:,}",
        "decisions": f"{side.decisions:,}",
        "messages": f"{side.messages:,}",
        "tool calls": f"{side.tool_calls:,}",
        "playbook": f"{side.playbook_decisions:,}" if side.playbook_decisions else "",
        "first (UTC)": printable(side.first_at),
        "last (UTC)": printable(side.last_at),
        "model call p50": _milliseconds(side.duration_ms_p50),
        "model call p95": _milliseconds(side.duration_ms_p95),
    }


def _metric(one: ComparedMetric) -> dict[str, object]:
    from trainingloop.cohorts import texts_of  # heavy

    texts = texts_of(one)
    pending = f"{one.a_pending:,} / {one.b_pending:,}" if one.a_pending or one.b_pending else ""
    return {
        "name": f"{one.measure.name}{' *' if one.is_primary else ''}",
        "a": texts.a,
        "a_count": texts.a_count,
        "b": texts.b,
        "b_count": texts.b_count,
        "pending": pending,
        "difference": texts.difference,
        "interval": texts.interval,
        "sequential": texts.sequential,
        "adjusted": texts.adjusted,
        "verdict": one.comparison.verdict,
    }


def _print_mix(mix: TraitMix, primary: ComparedMetric) -> None:
    from trainingloop.cohorts import TRAITS, amount_of  # heavy

    click.echo(f"\nTraffic by {TRAITS[mix.trait].lower()}, and {primary.measure.name.lower()}:")
    rows = sorted(mix.mix.rows, key=lambda row: -(row.a_clusters + row.b_clusters))
    print_table(
        _MIX_COLUMNS,
        [
            {
                "value": row.name,
                "a": _share(row.a_share, row.a_clusters),
                "b": _share(row.b_share, row.b_clusters),
                "a_rate": amount_of(primary.measure, row.a),
                "b_rate": amount_of(primary.measure, row.b),
            }
            for row in rows[:_MOST_ROWS]
        ],
        empty="",
    )
    if len(rows) > _MOST_ROWS:
        click.echo(f"and {len(rows) - _MOST_ROWS} more; --json has them all")


def _share(share: float | None, conversations: int) -> str:
    return "" if share is None else f"{share:.0%} ({conversations:,})"


def _milliseconds(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f} ms"
