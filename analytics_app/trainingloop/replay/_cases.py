"""Stored decisions as cases."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from trainingloop.chat import UnfitError, check_redaction, request_of
from trainingloop.replay._recorded import answer_of, exact_time
from trainingloop.replay._steps import steps_added
from trainingloop.replay.answers import Usage
from trainingloop.replay.cases import Case, Lack, UnfitCase, Versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trainingloop.chat import Request
    from trainingloop.prices import Price, Prices
    from trainingloop.replay._drawing import Chosen
    from trainingloop.replay._reads import TenantReads
    from trainingloop.replay.answers import Answer

PAGE_CASES: Final = 100
"""How many decisions, with all they knew, are in memory at once."""
_MICROSECOND_NS: Final = 1000
_SECOND_NS: Final = 1_000_000_000


class Loader:
    """Loads the contents of chosen decisions.

    Args:
        reads: those of the decisions' tenant.
        prices: what calls cost that do not say so; None leaves these without a cost.
    """

    def __init__(self, reads: TenantReads, prices: Prices | None = None) -> None:
        self._reads = reads
        self._prices = prices
        self._known: dict[str, Price | None] = {}

    def pages(
        self, chosen: Iterable[Chosen], *, with_steps: bool = False
    ) -> Iterator[list[Case | UnfitCase]]:
        """Yield decisions in pages, in their order; see `load`."""
        rest = iter(chosen)
        while page := list(islice(rest, PAGE_CASES)):
            yield self.load(page, with_steps=with_steps)

    def load(self, page: Sequence[Chosen], *, with_steps: bool = False) -> list[Case | UnfitCase]:
        """Return the decisions of a page in their order, each fit or with what it lacks.

        Args:
            page: which decisions; not none.
            with_steps: whether what followed in their turns is loaded, too.
        """
        rows = self._rows(page)
        cases = [self._case(each, rows.get(each.decision_id)) for each in page]
        return steps_added(self._reads, cases, rows) if with_steps else cases

    def _rows(self, page: Sequence[Chosen]) -> dict[str, Mapping[str, object]]:
        moments = [each.decided_at_ns for each in page]
        asked = {
            "decisions": [each.decision_id for each in page],
            "since": exact_time(min(moments)),
            "until": exact_time(max(moments)),
        }
        records = self._reads.table("replay_decisions", asked).records()
        return {str(row["decision_id"]): row for row in records}

    def _case(self, chosen: Chosen, row: Mapping[str, object] | None) -> Case | UnfitCase:
        if row is None:
            return _unfit(chosen, Lack.GONE)
        try:
            check_redaction(row)
            request = request_of(row)
            recorded = answer_of(row, request)
        except UnfitError as error:
            return _unfit(chosen, error.reason)
        return Case(
            decision_id=chosen.decision_id,
            thread_id=chosen.thread_id,
            decided_at=_moment(chosen.decided_at_ns),
            retention_days=chosen.retention_days,
            request=request,
            recorded=recorded,
            versions=_versions(row),
            usage=_usage(row),
            cost_usd=self._cost_usd(row),
            channel=str(row["channel"]),
            stratum=chosen.stratum,
            weight=chosen.weight,
            lacks_tools=_lacks_tools(request, recorded),
        )

    def _cost_usd(self, row: Mapping[str, object]) -> float | None:
        """Return what ``_cost_usd.sql`` would say."""
        said = cast("float | None", row["cost_usd"])
        usage = _usage(row)
        if said is not None or not usage.input_tokens + usage.output_tokens:
            return said
        price = self._price(str(row["model"]))
        if price is None:
            return None
        return price.cost_usd(
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cached_input_tokens=usage.cached_input_tokens,
        )

    def _price(self, model: str) -> Price | None:
        if model not in self._known:
            self._known[model] = self._prices.of(model) if self._prices else None
        return self._known[model]


def _moment(moment_ns: int) -> datetime:
    seconds, nanoseconds = divmod(moment_ns, _SECOND_NS)
    whole = datetime.fromtimestamp(seconds, UTC)
    return whole.replace(microsecond=nanoseconds // _MICROSECOND_NS)


def _lacks_tools(request: Request, recorded: Answer) -> bool:
    has_called = any("tool_calls" in message for message in request.messages)
    return not request.tools and (has_called or bool(recorded.tool_calls))


def _versions(row: Mapping[str, object]) -> Versions:
    return Versions(**{name: str(row[name]) for name in Versions.__slots__})


def _usage(row: Mapping[str, object]) -> Usage:
    numbers = cast("Mapping[str, int]", row)
    return Usage(
        input_tokens=numbers["input_tokens"],
        output_tokens=numbers["output_tokens"],
        cached_input_tokens=numbers["cache_read_tokens"],
        reasoning_tokens=numbers["reasoning_tokens"],
        latency_ms=numbers["duration_ns"] / 1e6,
    )


def _unfit(chosen: Chosen, reason: str) -> UnfitCase:
    return UnfitCase(
        decision_id=chosen.decision_id,
        thread_id=chosen.thread_id,
        decided_at=_moment(chosen.decided_at_ns),
        retention_days=chosen.retention_days,
        stratum=chosen.stratum,
        weight=chosen.weight,
        reason=str(reason),
    )
