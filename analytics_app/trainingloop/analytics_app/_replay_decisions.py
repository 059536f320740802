"""The first step of a replay: which decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import streamlit as st

from trainingloop.analytics_app import _controls, _draw, _markup, _outcomes_parts, _vote
from trainingloop.analytics_app._format import count, counted
from trainingloop.analytics_app._replay_choice import (
    IDS,
    MOST_SIZE,
    SEED,
    SIZE,
    STRATA,
    STRATUM_LABELS,
    VOTE_LABELS,
    VOTES,
    choice_from_query,
    ids_of,
)
from trainingloop.analytics_app._replay_page import NEW, SET
from trainingloop.analytics_app._view import script
from trainingloop.analytics_app._workspace import current_workspace
from trainingloop.collector.errors import BadRequestError
from trainingloop.replay.sets import explained

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.analytics_app._replay_choice import Choice
    from trainingloop.analytics_app._view import View

_ACTION: Final = "replay/sets"
_KEY: Final = "replay.choice."
_MOST_STRATA: Final = 12


def step(view: View) -> None:
    """Choose decisions, see what they are, freeze them."""
    choice = choice_from_query(st.query_params)
    if not choice.ids:
        with st.sidebar, st.container(gap="xxsmall"):
            _controls.text_control(view)
            _controls.facet_controls(view, view.decisions.facets(view.period))
    st.header("Replay: which decisions", anchor=False)
    _back(view)
    if choice.ids:
        _by_hand(choice)
    else:
        _by_filter(view, choice)
    if not current_workspace().can(_ACTION):
        st.info("This process freezes no sets: use `trainingloop replay run`.")
        return
    document = {"tenant": view.tenant, **choice.document(view.filters, view.period)}
    if _preview(document):
        _freeze_form(document)


def _back(view: View) -> None:
    st.page_link(
        script("replay"),
        label="All replays",
        icon=":material/arrow_back:",
        query_params=view.query(),
    )


def _by_filter(view: View, choice: Choice) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _controls.range_control(view)
        _controls.outcome_control(view, _outcomes_parts.choices(view))
        _state(VOTES, choice.votes)
        st.selectbox(
            "Votes",
            list(VOTE_LABELS),
            format_func=lambda name: VOTE_LABELS[name],
            key=_KEY + VOTES,
            on_change=_chosen,
            args=(VOTES,),
            width=150,
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _state(SIZE, choice.size)
        st.number_input(
            "At most",
            1,
            MOST_SIZE,
            key=_KEY + SIZE,
            on_change=_chosen,
            args=(SIZE,),
            width=150,
            help="So many are drawn by lot where there are more",
        )
        _state(STRATA, list(choice.strata))
        st.multiselect(
            "Represent each",
            list(STRATUM_LABELS),
            format_func=lambda name: STRATUM_LABELS[name],
            key=_KEY + STRATA,
            on_change=_chosen,
            args=(STRATA,),
            help="Draws from each of these in proportion, at least one; figures are weighted back",
        )
        _state(SEED, choice.seed)
        st.number_input(
            "Seed",
            min_value=0,
            key=_KEY + SEED,
            on_change=_chosen,
            args=(SEED,),
            width=130,
            help="The same seed draws the same decisions",
        )
    st.caption("More filters stand on the left. Only decisions of a model can be replayed.")
    with st.expander("Or name them by hand", icon=":material/edit:"):
        _ids_input("")


def _by_hand(choice: Choice) -> None:
    _ids_input("\n".join(choice.ids))
    st.button("Choose by a filter instead", icon=":material/filter_alt:", on_click=_set_ids)


def _ids_input(value: str) -> None:
    st.session_state[_KEY + IDS] = value
    st.text_area(
        "Decision ids",
        key=_KEY + IDS,
        on_change=_named,
        help="As the address of a decision has them: 16 hexadecimal digits, one a line",
    )


def _state(name: str, value: object) -> None:
    st.session_state[_KEY + name] = value


def _chosen(name: str) -> None:
    value: Any = st.session_state[_KEY + name]
    text = ",".join(map(str, cast("list[str]", value))) if isinstance(value, list) else str(value)
    # Through the choice, so that what is as by default is not in the address.
    query = {**st.query_params.to_dict(), name: text}
    _show(choice_from_query(query).to_query())


def _named() -> None:
    _set_ids(str(st.session_state[_KEY + IDS]))


def _set_ids(text: str = "") -> None:
    _show({IDS: ",".join(ids_of(text))})


def _show(query: Mapping[str, str]) -> None:
    for name, value in query.items():
        st.query_params.pop(name, None)
        if value:
            st.query_params[name] = value
    st.query_params[NEW] = "1"


def _preview(document: Mapping[str, object]) -> bool:
    """Say what would be frozen; False where nothing can be."""
    try:
        found = _looked_at(current_workspace().number, repr(document), dict(document))
    except BadRequestError as error:
        st.info("**These cannot be replayed.**", icon=":material/filter_alt:")
        st.text(str(error))
        return False
    size, unfit = int(found["size"]), cast("Mapping[str, int]", found["unfit"])
    fit = size - sum(unfit.values())
    st.subheader(f"{counted(fit, 'decision')} can be replayed", anchor=False)
    if size < int(found["matched"]):
        st.caption(f"{count(size)} are drawn by lot from {count(found['matched'])}.")
    for reason, decisions in unfit.items():
        _draw.html(
            _markup.badge(f"{counted(decisions, 'decision')} left out", "amber"),
            _markup.inline(explained(reason)),
        )
    _strata(cast("Mapping[str, Any]", found["selection"]))
    return fit > 0


@st.cache_data(ttl=30, max_entries=32, show_spinner="Looking at the decisions …")
def _looked_at(
    workspace_number: int,  # noqa: ARG001  # part of the cache's key: stores differ
    key: str,  # noqa: ARG001  # part of the cache's key, with the tenant
    _document: dict[str, object],
) -> dict[str, Any]:
    return dict(current_workspace().act(_ACTION, {**_document, "is_dry": True}))


def _strata(selection: Mapping[str, Any]) -> None:
    strata = cast("Mapping[str, Mapping[str, int]]", selection.get("strata") or {})
    if len(strata) < len(("one", "another")):
        return
    for name, numbers in list(strata.items())[:_MOST_STRATA]:
        told = f"{count(numbers['drawn'])} of {count(numbers['matched'])}"
        _draw.html(_markup.badge(name or "the rest", "blue"), _markup.inline(told))
    if len(strata) > _MOST_STRATA:
        st.caption(f"… and {count(len(strata) - _MOST_STRATA)} more strata.")


def _freeze_form(document: Mapping[str, object]) -> None:
    with st.form("replay.freeze", border=False):
        name = st.text_input(
            "Name of the set",
            placeholder="escalations-november",
            max_chars=64,
            width=360,
            help="Letters, digits, '.', '_' and '-'. A frozen set never changes: what comes in "
            "later is not in it.",
        )
        if st.form_submit_button("Freeze and go on", icon=":material/ac_unit:", type="primary"):
            _freeze({**document, "name": name.strip(), "created_by": _vote.reviewer()})


def _freeze(document: Mapping[str, object]) -> None:
    try:
        frozen = current_workspace().act(_ACTION, document)
    except BadRequestError as error:
        st.warning("**This could not be frozen.**", icon=":material/error:")
        st.text(str(error))
        return
    for name in (NEW, VOTES, SIZE, STRATA, SEED, IDS):
        st.query_params.pop(name, None)
    st.query_params[SET] = str(frozen["set_id"])
    st.rerun()
