"""The filtered list as a file."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

from trainingloop.analytics_app._export import as_csv, as_jsonl

_ROW: dict[str, object] = {
    "decision_id": "1",
    "occurred_at": datetime(2026, 11, 1, 12, tzinfo=UTC),
    "tool_names": ["book"],
    "output_text": "two\nlines",
}


def test_jsonl_has_one_decision_a_line() -> None:
    """A line break in a text does not break the line."""
    lines = as_jsonl([_ROW, _ROW]).decode().splitlines()

    assert [json.loads(line) for line in lines] == [
        {**_ROW, "occurred_at": "2026-11-01T12:00:00+00:00"}
    ] * 2


def test_csv_has_a_header_and_a_row_a_decision() -> None:
    """Lists are JSON in their cell."""
    (row,) = csv.DictReader(io.StringIO(as_csv([_ROW]).decode()))

    assert row == {
        "decision_id": "1",
        "occurred_at": "2026-11-01T12:00:00+00:00",
        "tool_names": '["book"]',
        "output_text": "two\nlines",
    }


def test_no_cell_of_a_csv_is_a_formula() -> None:
    """A customer's message must not run in somebody's spreadsheet."""
    (row,) = csv.DictReader(io.StringIO(as_csv([{"output_text": "=1+1"}]).decode()))

    assert row["output_text"] == "'=1+1"


def test_nothing_is_an_empty_file() -> None:
    """Neither format needs a row."""
    assert as_csv([]) == b""
    assert as_jsonl([]) == b""
