"""The parts of the Outcomes page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from trainingloop.analytics_app import _draw, _markup, _outcomes_charts
from trainingloop.analytics_app import _outcomes_look as looks
from trainingloop.analytics_app._format import count, counted, moment, pause
from trainingloop.analytics_app._outcomes_records import NO_FURTHER_INBOUND, Question
from trainingloop.analytics_app._outcomes_words import (
    counted_in,
    interval,
    meaning,
    percent,
    rule_named,
    units,
)
from trainingloop.analytics_app._view import PAGE_NUMBER, query_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from trainingloop.analytics_app._outcomes import Outcomes
    from trainingloop.analytics_app._outcomes_look import Look
    from trainingloop.analytics_app._outcomes_records import Rate, SeenRule, Worker
    from trainingloop.analytics_app._view import View
    from trainingloop.outcomes.rules import Rules

_TILES_A_ROW: Final = 4
_MOST_TILES: Final = 8
_MOST_VERSIONS: Final = 30
_RULE_KEY: Final = "outcomes.rule"
_CHART_KEY: Final = "outcomes.over_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every part of the page works with."""

    view: View
    outcomes: Outcomes
    look: Look
    rules: Rules
    seen: tuple[SeenRule, ...]
    rule: SeenRule
    """The one that is looked at closely."""
    as_of: datetime

    @property
    def question(self) -> Question:
        """How often the chosen rule came true."""
        return self.question_of(self.rule)

    def question_of(self, rule: SeenRule) -> Question:
        """How often a rule came true."""
        return Question(
            rule_id=rule.rule_id,
            unit=rule.unit,
            filters=self.view.filters,
            period=self.view.period,
            as_of=self.as_of,
        )

    def title(self, rule: SeenRule) -> str:
        """What a rule is called."""
        return rule_named(self.rules, rule.rule_id).title


def chosen_rule(seen: Sequence[SeenRule], look: Look) -> SeenRule:
    """The rule that the address names, else the first."""
    return next((rule for rule in seen if rule.rule_id == look.rule), seen[0])


def nothing_yet(view: View, worker: Worker) -> None:
    """Say why there is no outcome."""
    if worker.has_outcomes:
        st.info(
            "Of no decision in this time range is it known what came of it.",
            icon=":material/event_busy:",
        )
        everything = query_of(view.tenant, replace(view.filters, span="all"))
        jump("Show all time", ":material/all_inclusive:", everything, key="outcomes.all_time")
    elif worker.has_swept:
        st.info(
            "No outcome is known or pending: the outcome worker has run "
            f"({moment(worker.newest_started_at)} UTC), and found no decision of this tenant.",
            icon=":material/hourglass_empty:",
        )
    else:
        st.info(
            "**The outcome worker has not run yet.** It looks at what happened after each "
            "decision, and runs by itself in `trainingloop serve`. To run it once:",
            icon=":material/hourglass_empty:",
        )
        st.code("trainingloop outcomes run", language="shell")


def tiles(page: Page) -> None:
    """Each rule's rate with its interval, and what is not known yet beside it."""
    shown = page.seen[:_MOST_TILES]
    for first in range(0, len(shown), _TILES_A_ROW):
        row = shown[first : first + _TILES_A_ROW]
        for column, rule in zip(st.columns(_TILES_A_ROW), row, strict=False):
            with column, st.container(border=True, height="stretch"):
                _tile(page, rule)


def _tile(page: Page, rule: SeenRule) -> None:
    figure(page.title(rule), rule, page.outcomes.rate(page.question_of(rule)))
    if rule.rule_id == page.rule.rule_id:
        st.caption("Shown below")
        return
    jump(
        "Look closer",
        ":material/query_stats:",
        query(page, **{looks.RULE: rule.rule_id}),
        key=f"outcomes.tile.{rule.rule_id}",
    )


def figure(title: str, rule: SeenRule, rate: Rate | None) -> None:
    """A rate with its interval, what it is made of, and what is not known yet."""
    _draw.html(_markup.figure(title, percent(rate.estimate) if rate else "no decision"))
    if rate is None:
        return
    known = f"95 % interval {interval(rate.estimate)}" if rate.estimate.n else "no rate yet"
    _draw.html(
        _markup.muted(known),
        _markup.muted(counted_in(rate, rule.unit)) if rate.estimate.n else "",
        _markup.badge(f"{count(rate.pending)} not known yet", "amber") if rate.pending else "",
        _markup.muted(meaning(rule.direction)),
    )


def query(page: Page, **more: str) -> dict[str, str]:
    """The query string of a link that keeps what is looked at, not whose decisions are listed."""
    look = page.look
    kept = {looks.RULE: page.rule.rule_id, looks.STEP: look.step, looks.BY: look.part}
    return page.view.query(**{**kept, **more})


def jump(label: str, icon: str, target: dict[str, str], *, key: str) -> None:
    """A way to another look at this page.

    A link of Streamlit's to the page it is on shows what it leads to, but leaves the address.
    """
    st.button(
        label,
        icon=icon,
        type="tertiary",
        key=key,
        on_click=st.query_params.from_dict,
        args=(target,),
    )


def rule_control(page: Page) -> None:
    """Choose the rule that is looked at closely."""
    titles = {rule.rule_id: page.title(rule) for rule in page.seen}
    st.session_state[_RULE_KEY] = page.rule.rule_id
    st.selectbox(
        "Outcome",
        list(titles),
        format_func=lambda name: f"{titles[name]} ({name})",
        key=_RULE_KEY,
        on_change=partial(_chosen, looks.RULE, _RULE_KEY),
        width=420,
    )


def about(page: Page) -> None:
    """What the chosen rule says, how a rate is counted, and what is not known yet."""
    rule = rule_named(page.rules, page.rule.rule_id)
    versions = ", ".join(page.rule.versions)
    st.caption(
        f"Window: {pause(rule.window)} after the decision. Counts {units(page.rule.unit)}; "
        f"{meaning(page.rule.direction)}. Rule version {versions}. Only decisions whose window "
        f"has passed are in a rate, as of {moment(page.as_of)[:-3]} UTC."
    )
    waiting = page.outcomes.waiting(page.question)
    if waiting.pending:
        st.caption(
            "What is not known yet enters the rate once its window has passed, the first at "
            f"{moment(waiting.first_matures_at)[:-3]} UTC. An early yes waits as long as a no."
        )
    if waiting.overdue:
        st.caption(
            f"{counted(waiting.overdue, 'outcome')} should be known by now and will be after the "
            "worker's next run."
        )


def over_time(page: Page) -> None:
    """The rate by day or week with its interval, and how many it is made of."""
    rates = page.outcomes.rates_over_time(page.question, page.look.step)
    _choice("Step", looks.STEP, looks.STEPS, page.look.step)
    if not any(rate.estimate.n for rate in rates):
        _nothing_known(page, rates)
        return
    chart = _outcomes_charts.rate_over_time(rates, page.look.step)
    st.altair_chart(
        chart,
        key=_CHART_KEY,
        on_select=_day_picked,
        selection_mode=_outcomes_charts.PICKED,
        alt=f"{page.title(page.rule)}: rate with its 95 % interval over time",
    )
    counts = _outcomes_charts.counts_over_time(rates, page.rule.unit, page.look.step)
    st.altair_chart(counts, alt="How many decisions are in the rate, and how many not yet")
    st.caption(
        "The band is the 95 % interval, with the conversation as the unit. Click a point to list "
        "its decisions below."
    )


def _nothing_known(page: Page, rates: Sequence[Rate]) -> None:
    pending = sum(rate.pending for rate in rates)
    if not pending:
        st.info("No decision matches these filters.", icon=":material/filter_alt_off:")
        return
    waiting = page.outcomes.waiting(page.question)
    when = (
        f"the first become known at {moment(waiting.first_matures_at)[:-3]} UTC"
        if waiting.pending
        else "the worker's next run will tell them"
    )
    st.info(
        f"**No outcome is known yet:** {count(pending)} {units(page.rule.unit)} are pending, and "
        f"{when}.",
        icon=":material/hourglass_top:",
    )


def versions(page: Page) -> None:
    """The rate of each version with its interval, and the way to its decisions."""
    st.subheader("By version", anchor=False)
    _choice("Versions of", looks.BY, looks.PARTS, page.look.part)
    rates = page.outcomes.rates_by_version(page.question, page.look.part)
    if not rates:
        st.caption("No decision matches these filters.")
        return
    shown = rates[:_MOST_VERSIONS]
    if any(rate.estimate.n for rate in shown):
        whole = page.outcomes.rate(page.question)
        chart = _outcomes_charts.rate_by_version(shown, whole)
        st.altair_chart(chart, alt="Each version's rate with its 95 % interval")
        st.caption(
            "Points with their 95 % intervals; the dashed line is all of them together. Versions "
            "ran at different times for different customers: whether one is better is a question "
            "for a comparison of cohorts."
        )
    _version_rows(page, shown)


def _version_rows(page: Page, rates: Sequence[Rate]) -> None:
    for place, rate in enumerate(rates):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _draw.html(
                _markup.strong(f"{rate.label}  "),
                _markup.inline(f"{percent(rate.estimate)} ({interval(rate.estimate)}), "),
                _markup.inline(counted_in(rate, page.rule.unit)),
                " ",
                _markup.badge(f"{count(rate.pending)} not known yet", "amber")
                if rate.pending
                else "",
            )
            if rate.name:
                chosen = {looks.VERSION: rate.name, looks.VERSION_NUMBER: rate.version}
                target = query(page, **{k: v for k, v in chosen.items() if v})
                key = f"outcomes.version.{place}"
                jump("Its decisions", ":material/list:", target, key=key)


def endings(page: Page) -> None:
    """How conversations ended that nobody went on with."""
    rule = next((each for each in page.seen if each.rule_id == NO_FURTHER_INBOUND), None)
    if rule is None:
        return
    st.subheader("How conversations ended", anchor=False)
    found = page.outcomes.endings(page.question_of(rule), page.look.step)
    if found.empty:
        st.caption("No conversation is known to have ended in this time range.")
        return
    window = rule_named(page.rules, rule.rule_id).window
    st.altair_chart(
        _outcomes_charts.endings_over_time(found, page.look.step),
        alt="Conversations by the way they ended, over time",
    )
    st.caption(
        f"Conversations in which the customer wrote nothing more within {pause(window)}. Silence "
        "alone is no success: only what somebody closed as resolved, without a hand-over, is "
        "counted as resolved by the assistant."
    )


def _choice(label: str, name: str, options: Any, chosen: str) -> None:
    """A choice that is kept in the address."""
    key = f"outcomes.{name}"
    st.session_state[key] = chosen
    st.segmented_control(
        label,
        list(options),
        required=True,
        format_func=lambda value: str(options[value]),
        key=key,
        on_change=partial(_chosen, name, key),
        label_visibility="collapsed",
    )


def _chosen(name: str, key: str) -> None:
    for gone in (looks.VERSION, looks.VERSION_NUMBER, looks.DAY, PAGE_NUMBER):
        st.query_params.pop(gone, None)
    st.query_params[name] = str(st.session_state[key])


def _day_picked() -> None:
    """List the decisions of the day whose point was clicked; of all days when none is."""
    event: Any = st.session_state[_CHART_KEY]
    picked = event.selection.get(_outcomes_charts.PICKED, [])
    st.query_params.pop(PAGE_NUMBER, None)
    st.query_params.pop(looks.DAY, None)
    if picked and picked[0].get("part"):
        st.query_params[looks.DAY] = str(picked[0]["part"])
