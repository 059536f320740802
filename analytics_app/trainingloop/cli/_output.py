"""What commands print: JSON for programs, tables for people."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console

_UNPRINTABLE: Final = {
    code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"
}
"""Control characters: a customer's text may not move the cursor or recolour a terminal."""


_LEAST_WIDTH: Final = 12
_WIDTH_OF_A_FILE: Final = 160
_WIDEST: Final = 1000


def console(*, stderr: bool = False) -> Console:
    """Return a console that takes text as it is: no markup, no emoji codes, no highlighting."""
    from rich.console import Console  # start-up time

    out = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if not out.is_terminal and "COLUMNS" not in os.environ:
        out.width = _WIDTH_OF_A_FILE
    return out


def printable(value: object) -> str:
    """Return a value as text a terminal can be given."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list | tuple):
        return ", ".join(printable(item) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # of anything
    return ("" if value is None else str(value)).translate(_UNPRINTABLE)


def print_json(value: object) -> None:
    """Print ``value`` as one JSON document."""
    click.echo(json.dumps(value, default=plain, indent=2, ensure_ascii=False))


def plain(value: object) -> object:
    """Return what JSON has no word for as text; for an encoder's ``default``."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def print_table(
    columns: Mapping[str, str],
    records: Iterable[Mapping[str, object]],
    *,
    empty: str,
    flexible: str = "",
) -> None:
    """Print ``records`` as a table; a column that says nothing is left out.

    Args:
        columns: the heading of each field that is shown.
        records: the rows.
        empty: what is said when there are none.
        flexible: the column that is cut where the terminal is too narrow.
    """
    from rich.measure import Measurement  # start-up time
    from rich.table import Table
    from rich.text import Text

    rows = [{name: first_line(row.get(name)) for name in columns} for row in records]
    if not rows:
        click.echo(empty, err=True)
        return
    shown = {name: heading for name, heading in columns.items() if any(row[name] for row in rows)}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, heading in shown.items():
        is_number = all(row[name].replace(".", "", 1).isdigit() for row in rows)
        table.add_column(heading, justify="right" if is_number else "left", no_wrap=True)
    out = console()
    widths = {name: max(len(shown[name]), *(len(row[name]) for row in rows)) for name in shown}
    room = out.width - sum(width + 1 for name, width in widths.items() if name != flexible)
    for row in rows:
        cut = {**row, flexible: first_line(row.get(flexible), characters=max(room, _LEAST_WIDTH))}
        table.add_row(*(Text(cut[name]) for name in shown))
    # Rather wider than a narrow terminal than without the ids one copies.
    out.width = max(
        out.width, Measurement.get(out, out.options.update(max_width=_WIDEST), table).maximum
    )
    out.print(table)


def first_line(text: object, *, characters: int = 80) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(printable(text).split())
    return line if len(line) <= characters else line[: characters - 1] + "…"


def counted(number: int, thing: str, things: str = "") -> str:
    """Return a number with its noun, such as ``1,164 tool calls``."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence has them."""
    return ", ".join(names) if names else "none"


def examples(*lines: str) -> str:
    """Return the end of a command's help: command lines that are shown as they are."""
    heading = "Example" if len(lines) == 1 else "Examples"
    # The character tells click not to join the lines of the paragraph.
    return "\n".join(("\b", f"{heading}:", *(f"  {line}" for line in lines)))
