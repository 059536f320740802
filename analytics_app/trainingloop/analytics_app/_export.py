"""The filtered list as a file, nothing unredacted in it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import asdict
from typing import TYPE_CHECKING, Final, cast

from trainingloop.exports import ExportForm, Selection, write_export

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trainingloop.exports import TenantReads

MOST_ROWS: Final = 20_000
"""How many decisions one download looks at: it is made in memory."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def as_file(form: ExportForm, reads: TenantReads, parameters: Mapping[str, object]) -> bytes:
    """Return whole decisions as JSONL or Parquet."""
    file = io.BytesIO()
    write_export(form, [reads], _selection(parameters), file)
    return file.getvalue()


def as_archive(form: ExportForm, reads: TenantReads, parameters: Mapping[str, object]) -> bytes:
    """Return a ZIP file of examples, where they come from, and what was left out and why."""
    file, origins = io.BytesIO(), io.BytesIO()
    summary = write_export(form, [reads], _selection(parameters), file, provenance=origins)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"{form.value}.jsonl", file.getvalue())
        if origins.getvalue():
            packed.writestr(f"{form.value}.provenance.jsonl", origins.getvalue())
        packed.writestr("summary.json", json.dumps(asdict(summary), indent=2))
    return archive.getvalue()


def as_csv(reads: TenantReads, parameters: Mapping[str, object]) -> bytes:
    """Return whole decisions as a table for spreadsheets."""
    lines = as_file(ExportForm.JSONL, reads, parameters).splitlines()
    return csv_of(cast("dict[str, object]", json.loads(line)) for line in lines)


def csv_of(rows: Iterable[Mapping[str, object]]) -> bytes:
    """One decision a row under a header; no cell can be taken for a formula."""
    text = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, fieldnames=list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue().encode()


def _selection(parameters: Mapping[str, object]) -> Selection:
    return Selection(parameters=parameters, most=MOST_ROWS)


def _cell(value: object) -> object:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        # Spreadsheets run such a cell; a leading quote makes it text.
        return "'" + value
    return value
