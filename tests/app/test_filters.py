"""Filters and the query string they are kept in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trainingloop.analytics_app._filters import (
    CUSTOM_RANGE,
    FACETS,
    RANGES,
    Filters,
    filters_from_query,
)

_NOW = datetime(2026, 11, 22, 10, 30, 15, tzinfo=UTC)
_VALUES = st.text(min_size=1, max_size=20)
_DAYS = st.dates(min_value=date(1970, 1, 1), max_value=date(2199, 12, 31))


@st.composite
def _filters(draw: st.DrawFn) -> Filters:
    span = draw(st.sampled_from(sorted(RANGES)))
    is_custom = span == CUSTOM_RANGE
    chosen = draw(st.dictionaries(st.sampled_from(sorted(FACETS)), _VALUES))
    return Filters(
        span=span,
        first_day=draw(_DAYS) if is_custom else None,
        last_day=draw(_DAYS) if is_custom else None,
        text=draw(_VALUES).strip(),
    ).having(**chosen)


@given(_filters())
def test_filters_survive_the_url(filters: Filters) -> None:
    """What is written into a query string is read out of it again."""
    assert filters_from_query(filters.to_query()) == filters


@given(st.dictionaries(st.text(), st.text()))
def test_any_query_string_is_understood_somehow(query: dict[str, str]) -> None:
    """A mistyped address shows the page, not an error."""
    filters = filters_from_query(query)

    period = filters.period(_NOW)

    assert set(filters.parameters(period)) >= {"since", "until", "kind", "text", "thread"}


def test_what_is_as_by_default_is_left_out_of_the_url() -> None:
    """An address says only what is special about a view."""
    assert Filters().to_query() == {}


def test_a_preset_ends_with_the_current_minute() -> None:
    """So that what just arrived is in, and one minute of looking shares one cache entry."""
    period = Filters(span="24h").period(_NOW)

    assert period.until == datetime(2026, 11, 22, 10, 31, tzinfo=UTC)
    assert period.until - period.since == timedelta(hours=24)


def test_both_days_of_a_custom_range_are_part_of_it() -> None:
    """The last day ends at midnight after it."""
    filters = filters_from_query({"since": "2026-11-01", "until": "2026-11-02"})

    period = filters.period(_NOW)

    assert period.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert period.until == datetime(2026, 11, 3, tzinfo=UTC)


def test_a_range_may_be_open_on_one_side() -> None:
    """Since a day, until whenever."""
    period = filters_from_query({"since": "2026-11-01"}).period(_NOW)

    assert period.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert period.until > _NOW


def test_a_facet_is_cleared_by_nothing() -> None:
    """Choosing All takes a filter off."""
    filters = Filters().having(kind="message", model="demo-large")

    assert filters.having(kind="").values == (("model", "demo-large"),)


def test_only_filters_narrow_a_view() -> None:
    """A time range alone is no filter to clear."""
    assert not Filters(span="all").is_narrowed
    assert Filters(text="refund").is_narrowed
    assert Filters().having(kind="message").is_narrowed
