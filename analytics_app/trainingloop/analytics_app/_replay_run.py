"""One run on the Replay page: what it asks, what it would take, how far it is."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Final, cast

import streamlit as st

from trainingloop.analytics_app import _compare_markup, _draw, _markup, _replay_words, _vote_markup
from trainingloop.analytics_app._cached import DirectReads
from trainingloop.analytics_app._compare_look import RUN
from trainingloop.analytics_app._format import count, counted, dollars, moment, span
from trainingloop.analytics_app._replay import (
    RESUMABLE,
    RUNNING,
    Forecast,
    Pace,
    Replays,
    forecast_from,
    is_key_set,
    speed_from,
)
from trainingloop.analytics_app._replay_page import FROM, SET
from trainingloop.analytics_app._view import failures_shown, script
from trainingloop.analytics_app._workspace import current_workspace
from trainingloop.instrumentation.errors import TrainingLoopError
from trainingloop.replay import AnswerState
from trainingloop.replay.answers import SPOKEN
from trainingloop.replay.runs import Mode, RunState
from trainingloop.replay.sets import explained

if TYPE_CHECKING:
    from trainingloop.analytics_app._replay import Difference, Speed
    from trainingloop.analytics_app._view import View
    from trainingloop.replay.runs import Run, RunStatus

START: Final = "replay/start"
_CANCEL: Final = "replay/cancel"
_RUNS: Final = "replay/runs"
_PROGRESS: Final = "replay/progress"
_PROBLEM: Final = "replay.problem"
_PACE: Final = "replay.pace."
_EVERY_S: Final = 2.0
_MOST_SHOWN: Final = 50
_SHORT: Final = 40
"""Characters of a value that is read at a glance: two of them stand side by side."""
_PARTS: Final = {
    "model": "Model",
    "system": "System prompt",
    "playbook_version": "Playbook version",
    "settings": "Setting",
    "params": "Parameter",
    "tools": "Tool",
}
_MODES: Final = {
    Mode.PREFIX: "one turn for each decision",
    Mode.CHAIN: "chains, until they part from what was recorded",
}


def header(view: View, run: Run) -> None:
    """What it is, and the ways on from here."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.header("Replay", anchor=False, width="content")
        with st.container(horizontal=True, width="content"):
            st.page_link(
                script("replay"),
                label="All replays",
                icon=":material/arrow_back:",
                query_params=view.query(),
            )
            st.page_link(
                script("compare"),
                label="Compare",
                icon=":material/difference:",
                query_params=view.query(**{RUN: run.run_id}),
            )
            st.page_link(
                script("replay"),
                label="Another like this",
                icon=":material/content_copy:",
                query_params=view.query(**{SET: run.set_id, FROM: run.run_id}),
            )
    _draw.html(_markup.title(run.name))
    made = f"{run.run_id} · made {moment(run.created_at)} UTC {run.created_by}".rstrip()
    _draw.html(_markup.muted(made))


def following(view: View, run: Run) -> None:
    """How far it is; drawn again and again while it runs."""
    every = _EVERY_S if run.state in RUNNING else None
    st.fragment(_progress, run_every=every)(view, run.run_id, run.state)


def _progress(view: View, run_id: str, drawn_as: RunState) -> None:
    with failures_shown():
        status = Replays(DirectReads(view.tenant)).status(run_id)
        if status.run.state is not drawn_as:
            # Whether it is drawn again, and which buttons there are, is for the whole page.
            st.rerun()
        _state(status.run)
        _buttons(view, status)
        _bar(view, status)
        _spent(status)
        _answers(status)


def _state(run: Run) -> None:
    name, tone, meaning = _replay_words.RUN_STATES[run.state]
    _draw.html(_markup.badge(name, tone))
    st.caption(meaning)
    if run.reason:
        _draw.html(_markup.quoted(run.reason))


def _buttons(view: View, status: RunStatus) -> None:
    run = status.run
    problem = st.session_state.pop(_PROBLEM, "")
    if problem:
        st.error("**This was not done.**", icon=":material/error:")
        st.text(problem)
    with st.container(horizontal=True, vertical_alignment="center"):
        if label := _start_label(status):
            st.button(
                label,
                icon=":material/play_arrow:",
                type="primary",
                on_click=_do,
                args=(START, view.tenant, run.run_id),
                disabled=not current_workspace().can(START),
            )
        if run.state is RunState.RUNNING:
            st.button(
                "Cancel",
                icon=":material/stop:",
                on_click=_do,
                args=(_CANCEL, view.tenant, run.run_id),
            )
        if _start_label(status) and current_workspace().can(_RUNS):
            _limits(view, run)
    if _start_label(status) and not current_workspace().can(START):
        st.caption("This process runs no replays: use `trainingloop replay run`.")


def _start_label(status: RunStatus) -> str:
    """What there is to start; "" where nothing is."""
    state = status.run.state
    if state is RunState.DONE:
        return "Ask again what failed" if status.final < status.done else ""
    if state not in RESUMABLE:
        return ""
    return "Resume" if status.done else "Run"


def _do(action: str, tenant: str, run_id: str) -> None:
    try:
        current_workspace().act(action, {"tenant": tenant, "run_id": run_id})
    except TrainingLoopError as error:
        st.session_state[_PROBLEM] = str(error)
    st.cache_data.clear()


def _limits(view: View, run: Run) -> None:
    """What of a run can be changed while nobody drives it."""
    with st.popover("Budget and pace", icon=":material/tune:"), st.form("replay.limits"):
        budget = run.options.budget
        usd = st.number_input("Budget, US dollars", min_value=0.0, value=budget.usd)
        tokens = st.number_input("Budget, tokens", min_value=0, value=budget.tokens, step=1000)
        at_once = st.number_input("Questions at once", 1, 128, value=run.options.concurrency)
        if not st.form_submit_button("Change"):
            return
    limits = {"budget": {"usd": usd, "tokens": tokens}, "concurrency": at_once}
    try:
        asked = {"tenant": view.tenant, "run_id": run.run_id, "options": limits}
        current_workspace().act(_RUNS, asked)
    except TrainingLoopError as error:
        st.session_state[_PROBLEM] = str(error)
    st.cache_data.clear()
    st.rerun(scope="app")


def _bar(view: View, status: RunStatus) -> None:
    share = min(status.done / status.all, 1.0) if status.all else 0.0
    told = f"**{count(status.done)} of {counted(status.all, 'result')}**"
    st.progress(share, text=" · ".join([told, *_pace(view, status)]))


def _pace(view: View, status: RunStatus) -> list[str]:
    """How fast it goes and how long it takes, while it runs."""
    run = status.run
    if run.state not in RUNNING:
        st.session_state.pop(_PACE + run.run_id, None)
        return []
    told = _told(view, status)
    if told.waiting_s:
        return [f"waiting {span(told.waiting_s)}: the endpoint's rate limit"]
    if told.per_second is None:
        return ["measuring its pace"]
    if not told.per_second:
        return ["nothing came in lately: the endpoint is slow"]
    left = f"about {span(told.seconds_left)} left" if told.seconds_left is not None else ""
    return [f"{told.per_second:.1f} a second", *([left] if left else [])]


def _told(view: View, status: RunStatus) -> Speed:
    """How fast it goes: its driver says so, where it is one of this process."""
    run_id = status.run.run_id
    if current_workspace().can(_PROGRESS):
        asked = {"tenant": view.tenant, "run_id": run_id}
        if answer := current_workspace().act(_PROGRESS, asked):
            return speed_from(answer)
    pace = cast("Pace", st.session_state.setdefault(_PACE + run_id, Pace()))
    pace.saw(time.monotonic(), status.done)
    return pace.speed(status.all - status.done)


def _spent(status: RunStatus) -> None:
    budget = status.run.options.budget
    usd = f" of {dollars(budget.usd)}" if budget.usd is not None else ""
    tokens = f" of {count(budget.tokens)}" if budget.tokens is not None else ""
    arms = status.arms.values()
    cached, unpriced = sum(arm.cached for arm in arms), sum(arm.unpriced for arm in arms)
    with st.container(horizontal=True, gap="large"):
        _figure("Spent", f"{dollars(status.cost_usd)}{usd}")
        _figure("Tokens", f"{count(status.tokens)}{tokens}")
        _figure("From the cache", count(cached) if cached else "none")
    if unpriced:
        st.caption(
            f"{counted(unpriced, 'answer')} {'is' if unpriced == 1 else 'are'} not in the money: "
            "nobody told the price of the model, to be given in the file of `TRAININGLOOP_PRICES`, "
            "or the endpoint does not say what its answers took."
        )


def _figure(label: str, value: str) -> None:
    with st.container(width="content"):
        _draw.html(_markup.muted(label), _markup.strong(value))


def _answers(status: RunStatus) -> None:
    """What became of the questions, each state explained."""
    for arm, found in status.arms.items():
        st.caption(_replay_words.ARMS[arm])
        for state, answers in sorted(found.states.items(), key=lambda pair: -pair[1]):
            name, meaning = _replay_words.ANSWER_STATES[state]
            tone = _tone(state)
            _draw.html(_markup.badge(f"{name} {count(answers)}", tone), _markup.inline(meaning))


def _tone(state: AnswerState) -> _markup.Tone:
    if state is AnswerState.OK:
        return "green"
    return "amber" if state in SPOKEN or state is AnswerState.CANCELLED else "red"


def settings(run: Run) -> None:
    """How it is asked."""
    st.subheader("What is asked", anchor=False)
    candidate, options = run.candidate, run.options
    key = str(candidate.get("key_variable", ""))
    _draw.facts(
        {
            "Candidate": str(candidate.get("name", "")),
            "Endpoint": str(candidate.get("base_url") or candidate.get("endpoint") or ""),
            "Interface": str(candidate.get("api", "")),
            "Key": f"{key} ({'set' if is_key_set(key) else 'not set'})" if key else "",
            "Mode": _MODES[options.mode],
            "Noise floor": _replay_words.ARMS[options.floor] if options.floor else "none",
            "At once": count(options.concurrency),
            "Timeout": span(options.timeout_s),
            "Moderation": "both answers" if options.is_moderated else "",
        }
    )
    with st.expander("Candidate as stored", icon=":material/data_object:"):
        _draw.json_code(json.dumps(candidate, ensure_ascii=False))


def forecast(view: View, run: Run) -> None:
    """What it would take, and what is asked otherwise; only while nothing has been asked."""
    if not current_workspace().can(_RUNS):
        return
    st.subheader("Estimate", anchor=False)
    asked: dict[str, object] = {
        "tenant": view.tenant,
        "set": run.set_id,
        "candidate": dict(run.candidate),
        "options": run.options.document(),
        "is_dry": True,
    }
    try:
        told = _foretold(
            current_workspace().number, view.tenant, run.run_id, run.updated_at.isoformat(), asked
        )
    except TrainingLoopError as error:
        st.warning("**What this would take is not known.**", icon=":material/help:")
        st.text(str(error))
        return
    _amounts(told)
    _unfit(told)
    for note in told.notes:
        _draw.html(_markup.muted(note))
    _differences(told)


@st.cache_data(ttl=600, max_entries=32, show_spinner="Reading the decisions …")
def _foretold(
    workspace_number: int,  # noqa: ARG001  # part of the cache's key: stores differ
    tenant: str,  # noqa: ARG001  # part of the cache's key
    run_id: str,  # noqa: ARG001  # part of the cache's key
    changed_at: str,  # noqa: ARG001  # part of the cache's key
    _asked: dict[str, object],
) -> Forecast:
    return forecast_from(current_workspace().act(_RUNS, _asked))


def _amounts(told: Forecast) -> None:
    cost = "not known" if told.cost_usd is None else dollars(told.cost_usd)
    seconds = "not known" if told.seconds is None else f"about {span(told.seconds)}"
    tokens = f"{count(told.input_tokens)} in, {count(told.output_tokens)} out"
    with st.container(horizontal=True, gap="large"):
        _figure("Decisions", count(told.decisions))
        _figure("Questions", count(told.questions))
        _figure("Tokens", tokens)
        _figure("Cost", cost)
        _figure("Time", seconds)
    if told.cost_usd is None:
        st.caption(
            "The price of the model is not known: give it in the file of `TRAININGLOOP_PRICES`. "
            "A budget in tokens is kept all the same."
        )


def _unfit(told: Forecast) -> None:
    for reason, decisions in told.unfit.items():
        _draw.html(
            _markup.badge(f"{counted(decisions, 'decision')} left out", "amber"),
            _markup.inline(explained(reason)),
        )


def _differences(told: Forecast) -> None:
    st.caption("What the candidate is asked otherwise than was recorded")
    if not told.differences:
        st.warning(
            "Nothing: the candidate is asked exactly what was recorded.", icon=":material/info:"
        )
    for one in told.differences[:_MOST_SHOWN]:
        with st.container(border=True):
            _draw.html(
                _markup.strong(f"{_part(one.part)} "),
                _markup.inline(f"of {counted(one.decisions, 'decision')} "),
                _change(one),
            )
            if one.note:
                _draw.html(_markup.muted(one.note))
    left = len(told.differences) - _MOST_SHOWN
    if left > 0:
        st.caption(f"… and {count(left)} more.")


def _part(name: str) -> str:
    part, _, inner = name.partition(".")
    return f"{_PARTS.get(part, part)} {inner}".rstrip()


def _change(one: Difference) -> str:
    if max(len(one.recorded), len(one.candidate)) <= _SHORT:
        return _compare_markup.instead(one.recorded, one.candidate)
    changed = _vote_markup.word_changes(one.recorded, one.candidate)
    return changed or _markup.literal(one.candidate)
