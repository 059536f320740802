"""The filtered list as a file."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING

from support.reviewed import decided, vote
from support.spans import EVERYTHING
from trainingloop.analytics_app import _export
from trainingloop.analytics_app._export import as_archive, as_csv, as_file, csv_of
from trainingloop.exports import ExportForm
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    import pytest

    from trainingloop.store import Store


def test_a_csv_has_a_header_and_a_row_a_decision() -> None:
    """Lists are JSON in their cell, and a line break stays inside it."""
    rows = [{"decision_id": "1", "tool_names": ["book"], "output_text": "two\nlines"}]

    (row,) = csv.DictReader(io.StringIO(csv_of(rows).decode()))

    assert row == {"decision_id": "1", "tool_names": '["book"]', "output_text": "two\nlines"}


def test_no_cell_of_a_csv_is_a_formula() -> None:
    """A customer's message must not run in somebody's spreadsheet."""
    (row,) = csv.DictReader(io.StringIO(csv_of([{"output_text": "=1+1"}]).decode()))

    assert row["output_text"] == "'=1+1"


def test_a_download_keeps_to_the_filters_and_to_what_is_redacted(store: Store) -> None:
    """As JSONL and as CSV."""
    other, unredacted = {semconv.CHANNEL: "email"}, {semconv.REDACTION_VERSION: ""}
    store.insert_spans([decided(1), decided(2, more=other), decided(3, more=unredacted)])
    filters = {**EVERYTHING, "cohort": "booking_v3.2", "channel": ""}

    lines = as_file(ExportForm.JSONL, store.reads("default"), filters).splitlines()
    by_mail = csv.DictReader(
        io.StringIO(as_csv(store.reads("default"), {**filters, "channel": "email"}).decode())
    )

    ids = [json.loads(line)["decision_id"] for line in lines]
    assert ids == [f"{number:016x}" for number in (1, 2)]
    assert [row["decision_id"] for row in by_mail] == [f"{2:016x}"]


def test_a_download_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made in memory: the oldest decisions come first."""
    monkeypatch.setattr(_export, "MOST_ROWS", 2)
    store.insert_spans([decided(number) for number in (1, 2, 3)])

    lines = as_file(ExportForm.JSONL, store.reads("default"), EVERYTHING).splitlines()

    assert [json.loads(line)["decision_id"] for line in lines] == [f"{n:016x}" for n in (1, 2)]


def test_an_archive_says_where_examples_come_from_and_what_was_left_out(store: Store) -> None:
    """Somebody who finds it empty finds the reason beside it."""
    store.insert_spans([decided(1), decided(2, more={semconv.REDACTION_VERSION: ""})])
    vote(store, 1)
    vote(store, 2)

    archive = as_archive(ExportForm.SFT, store.reads("default"), EVERYTHING)

    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        assert packed.namelist() == ["sft.jsonl", "sft.provenance.jsonl", "summary.json"]
        assert json.loads(packed.read("sft.provenance.jsonl"))["decision_id"] == f"{1:016x}"
        assert json.loads(packed.read("summary.json")) == {
            "read": 2,
            "written": 1,
            "skipped": {"not_redacted": 1},
        }
