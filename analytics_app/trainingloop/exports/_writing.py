"""Writing an export: page after page, counted, nothing unredacted among it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Final, TypeVar

from trainingloop.chat import UnfitError
from trainingloop.exports._examples import (
    Exported,
    corrected_pair,
    evaluation_case,
    opposed_pair,
    training_example,
)
from trainingloop.exports._json import line_of
from trainingloop.exports._net import LastNet
from trainingloop.exports._reading import corrected_pages, judged_pages, opposed_pages
from trainingloop.exports._selection import ALL, UP, ExportForm
from trainingloop.exports._skips import SkippedError, Tally, explained
from trainingloop.exports._whole import whole_decision, with_tool_calls

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping

    from trainingloop.exports._judged import Judged
    from trainingloop.exports._selection import Selection, TenantReads

T = TypeVar("T")

HAS_SIDECAR: Final = frozenset({ExportForm.SFT, ExportForm.DPO})
"""Forms whose lines have no place for where they come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSummary:
    """What an export wrote, and what it left out and why."""

    read: int
    """How many decisions, or pairs of them, were looked at."""
    written: int
    skipped: Mapping[str, int]
    """By the id of the reason, the most frequent first."""

    def reasons(self) -> list[str]:
        """Return what was left out as people say it, such as "3 that failed"."""
        return [f"{number:,} {explained(reason)}" for reason, number in self.skipped.items()]


def write_export(
    form: ExportForm,
    tenants: Iterable[TenantReads],
    selection: Selection,
    file: IO[bytes],
    *,
    provenance: IO[bytes] | None = None,
    advance: Callable[[ExportSummary], None] = lambda summary: None,  # noqa: ARG005
) -> ExportSummary:
    """Write the decisions of a selection, oldest first, a page in memory at a time.

    A decision without proof of a complete redaction is left out and counted, and so is one in
    which `trainingloop.processor.Redactor` finds something after all.

    Args:
        form: what the file is for.
        tenants: the reads of each tenant.
        selection: which decisions.
        file: what is written to.
        provenance: gets one line a record for forms that have no place of their own for where it
            comes from.
        advance: told after each page how far it is.

    Returns:
        What was written and what was not.

    Raises:
        StoreError: the store refused.
        OSError: the file did.
    """
    tally, net = Tally(), LastNet()
    with _writer(form, file, provenance) as write:
        for reads in tenants:
            for page in _pages(form, reads, selection, net, tally):
                write(page)
                tally.written += len(page)
                advance(_summary(tally))
    return _summary(tally)


def _pages(
    form: ExportForm, reads: TenantReads, selection: Selection, net: LastNet, tally: Tally
) -> Iterator[list[Exported]]:
    if form is ExportForm.DPO:
        yield from _pairs(reads, selection, net, tally)
        return
    only = selection.only or (UP if form is ExportForm.SFT else ALL)
    for page in judged_pages(reads, selection, only):
        if form is ExportForm.SFT:
            yield _fit(page, partial(training_example, net=net, only=only), tally)
        elif form is ExportForm.EVAL:
            yield _fit(page, partial(evaluation_case, net=net), tally)
        else:
            whole = with_tool_calls(reads, page)
            yield _fit(whole, partial(whole_decision, net=net), tally)


def _pairs(
    reads: TenantReads, selection: Selection, net: LastNet, tally: Tally
) -> Iterator[list[Exported]]:
    def opposed(pair: tuple[Judged, Judged]) -> Exported:
        return opposed_pair(*pair, net)

    for page in corrected_pages(reads, selection):
        yield _fit(page, partial(corrected_pair, net=net), tally)
    for pairs in opposed_pages(reads, selection):
        yield _fit(pairs, opposed, tally)


def _fit(found: Iterable[T], make: Callable[[T], Exported], tally: Tally) -> list[Exported]:
    """Return what can be exported, and count the rest by reason."""
    fit: list[Exported] = []
    for item in found:
        tally.read += 1
        try:
            fit.append(make(item))
        except (SkippedError, UnfitError) as error:
            tally.skipped[error.reason] += 1
    return fit


@contextmanager
def _writer(
    form: ExportForm, file: IO[bytes], provenance: IO[bytes] | None
) -> Generator[Callable[[list[Exported]], None]]:
    if form is ExportForm.PARQUET:
        from trainingloop.exports._parquet import DecisionFile  # pyarrow takes its time

        with DecisionFile(file) as table:
            yield lambda page: table.write([exported.document for exported in page])
        return
    yield _Lines(file, provenance).write


class _Lines:
    """A JSONL file, and the one beside it that says where each line comes from."""

    def __init__(self, file: IO[bytes], provenance: IO[bytes] | None) -> None:
        self._file = file
        self._provenance = provenance
        self._number = 0

    def write(self, page: list[Exported]) -> None:
        """Append a page."""
        for exported in page:
            self._number += 1
            self._file.write(line_of(exported.document))
            if self._provenance is not None and exported.provenance is not None:
                origin = {"line": self._number, **exported.provenance}
                self._provenance.write(line_of(origin))


def _summary(tally: Tally) -> ExportSummary:
    skipped = {reason.value: number for reason, number in tally.skipped.most_common()}
    return ExportSummary(read=tally.read, written=tally.written, skipped=skipped)
