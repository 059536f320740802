"""The filtered list as a file."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_ROWS: Final = 20_000
"""How many decisions one download holds: it is made in memory."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def as_jsonl(rows: Iterable[Mapping[str, object]]) -> bytes:
    """One decision a line."""
    lines = (json.dumps(_plain(row), ensure_ascii=False, default=str) + "\n" for row in rows)
    return "".join(lines).encode()


def as_csv(rows: Iterable[Mapping[str, object]]) -> bytes:
    """One decision a row under a header; no cell can be taken for a formula."""
    text = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, fieldnames=list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow({name: _cell(value) for name, value in _plain(row).items()})
    return text.getvalue().encode()


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def _cell(value: object) -> object:
    if isinstance(value, list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        # Spreadsheets run such a cell; a leading quote makes it text.
        return "'" + value
    return value
