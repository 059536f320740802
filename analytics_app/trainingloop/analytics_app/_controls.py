"""The widgets that change the filters: each of them only writes the URL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Final, cast

import streamlit as st

from trainingloop.analytics_app._filters import CUSTOM_RANGE, FACETS, RANGES, filters_from_query
from trainingloop.analytics_app._format import count
from trainingloop.analytics_app._markup import KIND_LABELS
from trainingloop.analytics_app._view import KEPT, TENANT, query_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.analytics_app._records import FacetValue
    from trainingloop.analytics_app._view import View

_TENANT_KEY: Final = "controls.tenant"
_RANGE_KEY: Final = "controls.range"
_DAYS_KEY: Final = "controls.days"
_TEXT_KEY: Final = "controls.text"
_FACET_KEY: Final = "controls.facet."
_OUTCOME: Final = "outcome"


def tenant_control(tenants: Sequence[str], chosen: str) -> None:
    """Choose whose decisions are shown; nothing when there is nothing to choose."""
    if not tenants or list(tenants) == [chosen]:
        return
    options = sorted({*tenants, chosen})
    st.session_state[_TENANT_KEY] = chosen
    st.selectbox("Tenant", options, key=_TENANT_KEY, on_change=_tenant_changed)


def range_control(view: View) -> None:
    """Choose the time range."""
    filters = view.filters
    st.session_state[_RANGE_KEY] = filters.span
    with st.container(horizontal=True, vertical_alignment="bottom", width="content"):
        st.selectbox(
            "Time range (UTC)",
            list(RANGES),
            format_func=lambda name: RANGES[name],
            key=_RANGE_KEY,
            on_change=_range_changed,
            width=190,
        )
        if filters.span == CUSTOM_RANGE:
            days = (filters.first_day, filters.last_day)
            st.session_state[_DAYS_KEY] = tuple(day for day in days if day)
            st.date_input("Days", key=_DAYS_KEY, on_change=_days_changed, width=260)


def text_control(view: View) -> None:
    """Search in what was said."""
    st.session_state[_TEXT_KEY] = view.filters.text
    st.text_input(
        "Text in the customer's message or the answer",
        key=_TEXT_KEY,
        on_change=_text_changed,
        placeholder="search …",
        icon=":material/search:",
    )


def facet_controls(view: View, facets: Mapping[str, Sequence[FacetValue]]) -> None:
    """A choice for each filter that has values in the time range."""
    for facet, label in FACETS.items():
        if facet == _OUTCOME:
            continue
        counts = {found.value: found.decisions for found in facets.get(facet, ())}
        chosen = view.filters.get(facet)
        if not counts and not chosen:
            continue
        key = _FACET_KEY + facet
        st.session_state[key] = chosen
        st.selectbox(
            label,
            list(dict.fromkeys(["", *counts, chosen])),
            format_func=partial(_option, counts),
            key=key,
            on_change=_facet_changed,
            args=(facet,),
        )


def outcome_control(view: View, choices: Mapping[str, str]) -> None:
    """A choice of an outcome and its state, by the value it has in the address."""
    chosen = view.filters.get(_OUTCOME)
    if not choices and not chosen:
        return
    key = _FACET_KEY + _OUTCOME
    st.session_state[key] = chosen
    st.selectbox(
        FACETS[_OUTCOME],
        list(dict.fromkeys(["", *choices, chosen])),
        format_func=lambda value: choices.get(value, value) or "All",
        key=key,
        on_change=_facet_changed,
        args=(_OUTCOME,),
    )


def clear_control(view: View) -> None:
    """Drop every filter but the time range."""
    if view.filters.is_narrowed:
        st.button("Clear all filters", icon=":material/filter_alt_off:", on_click=_cleared)


def _option(counts: Mapping[str, int], value: str) -> str:
    if not value:
        return "All"
    return f"{KIND_LABELS.get(value, value)} ({count(counts.get(value, 0))})"


def _tenant_changed() -> None:
    filters = filters_from_query(st.query_params)
    # Another tenant has other values: only the time range means the same there.
    kept = replace(filters, values=(), text="")
    _show({TENANT: _state(_TENANT_KEY), **kept.to_query()})


def _range_changed() -> None:
    query = _query_without("range", "since", "until")
    chosen = _state(_RANGE_KEY)
    if chosen == CUSTOM_RANGE:
        period = filters_from_query(st.query_params).period(datetime.now(UTC))
        first = max(period.since.date(), date(2020, 1, 1))
        last = min(period.until.date(), datetime.now(UTC).date())
        query |= {"since": first.isoformat(), "until": last.isoformat()}
    else:
        query["range"] = chosen
    _show(query)


def _days_changed() -> None:
    days = cast("tuple[date, ...]", st.session_state[_DAYS_KEY])
    if len(days) == len(("since", "until")):
        names = ("since", "until")
        chosen = {name: day.isoformat() for name, day in zip(names, days, strict=True)}
        _show({**_query_without("range"), **chosen})


def _text_changed() -> None:
    _show({**_query_without("text"), "text": _state(_TEXT_KEY)})


def _facet_changed(facet: str) -> None:
    _show({**_query_without(facet), facet: _state(_FACET_KEY + facet)})


def _cleared() -> None:
    _show(_query_without("text", *FACETS))


def _state(key: str) -> str:
    return str(st.session_state[key] or "")


def _query_without(*names: str) -> dict[str, str]:
    return {name: value for name, value in st.query_params.items() if name not in names}


def _show(query: Mapping[str, str]) -> None:
    """Put the filters of ``query`` into the URL; the page number means nothing to them."""
    tenant = query.get(TENANT, "")
    kept = {name: query[name] for name in KEPT if name in query}
    whole = query_of(tenant, filters_from_query(query), **kept)
    st.query_params.from_dict({name: value for name, value in whole.items() if value})
