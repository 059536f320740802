"""The parts of the Cohorts page."""

# pyright: reportUnknownMemberType=false
# Streamlit's signature of st.dataframe names types of libraries that are not installed.

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from trainingloop.analytics_app import _cohorts, _cohorts_charts, _draw, _markup
from trainingloop.analytics_app._cohorts_charts import VERDICT_TONES, Switch
from trainingloop.analytics_app._controls import range_control
from trainingloop.analytics_app._format import count
from trainingloop.analytics_app._workspace import current_workspace
from trainingloop.cohorts import TRAITS
from trainingloop.collector.errors import BadRequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from trainingloop.analytics_app._cohorts import Choice
    from trainingloop.analytics_app._view import View
    from trainingloop.cohorts import Report, TraitMix

A: Final = "a"
B: Final = "b"
METRIC: Final = "metric"
_KEYS: Final = {A: "cohorts.a", B: "cohorts.b", METRIC: "cohorts.metric"}
_SAVED: Final = "cohorts.saved"
_TIME: Final = "YYYY-MM-DD HH:mm"


def chosen(view: View, choices: Sequence[Choice]) -> tuple[str, str] | None:
    """Draw the choice of two cohorts; return them, or None where there are not two yet."""
    pair = _cohorts.likely_pair(choices)
    names = {
        name: st.query_params.get(name, "") or (pair[index] if pair else "")
        for index, name in enumerate((A, B))
    }
    labels = {choice.name: choice.label for choice in choices}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, title in ((A, "A: what there was"), (B, "B: what is compared with it")):
            _choice(name, title, names[name], labels)
        range_control(view)
    return (names[A], names[B]) if names[A] and names[B] else None


def _choice(name: str, title: str, value: str, labels: dict[str, str]) -> None:
    options = list(dict.fromkeys([*labels, *([value] if value else [])]))
    st.session_state[_KEYS[name]] = value or None
    st.selectbox(
        title,
        options,
        format_func=lambda option: labels.get(str(option), str(option)),
        key=_KEYS[name],
        on_change=_changed,
        args=(name,),
        accept_new_options=True,
        placeholder="a tag, or model=gpt-4o,channel=web",
        help="A tag or a saved cohort of the list; or type conditions, such as "
        "`model=gpt-4o,channel=whatsapp`.",
    )


def _changed(name: str) -> None:
    value = st.session_state[_KEYS[name]]
    if name != METRIC and METRIC in st.query_params:
        # Another pair may not have it.
        del st.query_params[METRIC]
    if value:
        st.query_params[name] = str(value)
    elif name in st.query_params:
        del st.query_params[name]


def nothing_to_compare(choices: Sequence[Choice]) -> None:
    """Say what a comparison needs."""
    st.info("**A comparison needs two cohorts.**", icon=":material/compare_arrows:")
    have = "There is no cohort in this time range yet." if not choices else ""
    one = "There is one cohort in this time range." if len(choices) == 1 else ""
    _draw.html(_markup.muted(have or one))
    st.markdown(
        "A cohort is a set of decisions. Each version of a playbook, a prompt or a model makes one "
        "by itself: its tag is on every decision it made. Change one of them, and the second "
        "cohort appears here. Or type conditions above, such as `model=gpt-4o` and "
        "`model=gpt-4o-mini`."
    )


def verdict(report: Report) -> None:
    """The verdict first, and what one has to know before believing it."""
    primary = report.metrics[0]
    tone = VERDICT_TONES[primary.comparison.verdict]
    with st.container(border=True):
        _draw.html(
            _markup.badge(primary.comparison.verdict, tone),
            _markup.badge("observational" if report.is_observational else "drawn by lot"),
            _markup.strong(primary.measure.name),
        )
        _draw.html(_markup.literal(report.headline))
        for note in report.notes:
            _draw.html(_markup.muted(note))


def metric_choice(report: Report) -> None:
    """Choose which metric to judge by."""
    names = {one.measure.id: one.measure.name for one in report.metrics}
    st.session_state[_KEYS[METRIC]] = report.metrics[0].measure.id
    st.selectbox(
        "Judge by",
        list(names),
        format_func=lambda name: names[str(name)],
        key=_KEYS[METRIC],
        on_change=_changed,
        args=(METRIC,),
        width=280,
    )


def metrics(report: Report) -> None:
    """Every metric: the differences as a chart, then all numbers."""
    rates = _cohorts.differences(report, of_rates=True)
    amounts = _cohorts.differences(report, of_rates=False)
    st.subheader("Differences, B minus A", anchor=False)
    st.caption(
        "Thick: the 95 % interval for whoever looks once. Thin: the one that holds however often "
        "one looks. Green is better, red is worse, also when looking again and at all metrics "
        "together. Without an interval there is no line."
    )
    with st.container(horizontal=True):
        for frame, axis in ((rates, "percentage points"), (amounts, "% of A")):
            if not frame.empty:
                st.altair_chart(_cohorts_charts.differences(frame, axis=axis))
    _metric_table(_cohorts.metric_rows(report))


def _metric_table(rows: pd.DataFrame) -> None:
    columns = {
        "metric": st.column_config.TextColumn("Metric", width=180),
        "verdict": st.column_config.TextColumn("B is", width=115),
        "a": st.column_config.TextColumn("A", width=140),
        "b": st.column_config.TextColumn("B", width=140),
        "pending": st.column_config.TextColumn(
            "Pending A / B", width=90, help="Their window has not passed yet: they are in no rate"
        ),
        "difference": st.column_config.TextColumn("B - A", width=95),
        "interval": st.column_config.TextColumn("95 % interval", width=110),
        "sequential": st.column_config.TextColumn(
            "At any look", width=110, help="Holds however often one looks"
        ),
        "adjusted": st.column_config.TextColumn(
            "Among like conversations", width=150, help="Stratified by the traffic that differs"
        ),
        "detectable": st.column_config.TextColumn(
            "Would be found",
            width=110,
            help="The smallest true difference the verdict finds in 4 of 5 cases, with this much "
            "data",
        ),
    }
    shown = [name for name in columns if rows[name].astype(bool).any()]
    st.dataframe(rows, hide_index=True, height="content", column_order=shown, column_config=columns)


def over_time(report: Report) -> None:
    """The primary metric by day, with the day of the switch."""
    frame = _cohorts.days(report)
    measure = report.metrics[0].measure
    axis = "%" if measure.kind == "rate" else measure.unit
    st.subheader("By day", anchor=False)
    _draw.html(
        _markup.muted(
            f"{measure.name} of the conversations that began that day (UTC), each with its 95 % "
            "interval. A difference that fades out after the first days was novelty."
        )
    )
    later = "B" if report.b.first_at > report.a.first_at else "A"
    switch = Switch(at=report.switched_at, text=f"{later} begins") if report.switched_at else None
    st.altair_chart(_cohorts_charts.by_day(frame, axis=f"{measure.name}, {axis}", switch=switch))


def traffic(report: Report) -> None:
    """How the conversations of the two differ in what no version decides."""
    if not report.mixes:
        return
    st.subheader("Traffic", anchor=False)
    st.caption(
        "Where both cohorts had the same kinds of conversations, a difference is more likely to "
        "come from the version."
    )
    tabs = st.tabs([_tab(found) for found in report.mixes])
    for tab, found in zip(tabs, report.mixes, strict=True):
        with tab:
            _mix(found, report)


def _tab(found: TraitMix) -> str:
    mark = " :orange-badge[differs]" if found.mix.is_different else ""
    return f"{TRAITS[found.trait]}{mark}"


def _mix(found: TraitMix, report: Report) -> None:
    primary = report.metrics[0].measure
    shares = {
        name: st.column_config.ProgressColumn(
            title, format="%.0f %%", min_value=0, max_value=100, width=160
        )
        for name, title in (("a_share", "Share of A"), ("b_share", "Share of B"))
    }
    st.dataframe(
        _cohorts.mix_rows(found, primary),
        hide_index=True,
        height="content",
        column_config={
            "value": st.column_config.TextColumn(TRAITS[found.trait], width=180),
            **shares,
            "a": st.column_config.TextColumn(f"{primary.name}: A"),
            "b": st.column_config.TextColumn(f"{primary.name}: B"),
        },
    )
    if found.mix.distance is not None:
        st.caption(f"{found.mix.distance:.0%} of one cohort's traffic is of another kind.")


def sides(report: Report) -> None:
    """What each cohort holds, and when."""
    st.subheader("What was compared", anchor=False)
    rows = _cohorts.side_rows(report)
    number = st.column_config.NumberColumn
    when = st.column_config.DatetimeColumn
    st.dataframe(
        rows,
        hide_index=True,
        height="content",
        column_config={
            "cohort": st.column_config.TextColumn("Cohort", width=240),
            "conversations": number("Conversations", format="localized"),
            "decisions": number("Decisions", format="localized"),
            "messages": number("Messages", format="localized"),
            "tool_calls": number("Tool calls", format="localized"),
            "playbook_decisions": number("Playbook", format="localized"),
            "duration_ms_p50": number("Model call p50", format="%.0f ms"),
            "duration_ms_p95": number("Model call p95", format="%.0f ms"),
            "first_at": when("First (UTC)", format=_TIME, timezone="UTC"),
            "last_at": when("Last (UTC)", format=_TIME, timezone="UTC"),
        },
    )


def save_form(view: View, report: Report) -> None:
    """Freeze one of the two under a name."""
    with st.expander("Save one of them", icon=":material/bookmark_add:"):
        st.caption(
            "A saved cohort is frozen: decisions that come in later are not in it. A name that "
            "exists gets its next version."
        )
        with st.form("cohorts.save", border=False):
            labels = {"A": report.a.cohort, "B": report.b.cohort}
            which = st.radio("Which", list(labels), horizontal=True)
            name = st.text_input("Name", placeholder="before-launch", max_chars=64)
            note = st.text_input("Note", max_chars=500)
            if st.form_submit_button("Save", icon=":material/save:"):
                _save(view, labels[which or "A"].name, name, note)
    if message := st.session_state.pop(_SAVED, ""):
        st.success(message, icon=":material/bookmark_added:")


def _save(view: View, cohort: str, name: str, note: str) -> None:
    document = {"tenant": view.tenant, "name": name.strip(), "cohort": cohort, "note": note}
    try:
        answer = current_workspace().act("cohorts", document)
    except BadRequestError as error:
        st.warning("This could not be saved.", icon=":material/error:")
        st.text(str(error))
        return
    held = count(int(str(answer["conversations"])))
    st.session_state[_SAVED] = (
        f"Saved as `@{answer['name']}:{answer['version']}` with {held} conversations."
    )
    st.cache_data.clear()
    st.rerun()
