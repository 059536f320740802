"""The parts of the Overview."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import streamlit as st

from trainingloop.analytics_app import _draw, _markup, _outcomes_page, _tables
from trainingloop.analytics_app._cached import CachedReads
from trainingloop.analytics_app._filters import Filters
from trainingloop.analytics_app._format import count, moment, share
from trainingloop.analytics_app._outcomes import Outcomes
from trainingloop.analytics_app._outcomes_look import RULE
from trainingloop.analytics_app._outcomes_records import Question
from trainingloop.analytics_app._outcomes_words import rule_named
from trainingloop.analytics_app._view import query_of, script
from trainingloop.outcomes.rules import BUILT_IN, rules_from_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.analytics_app._records import Extent, Totals
    from trainingloop.analytics_app._view import View
    from trainingloop.analytics_app._workspace import Gateway


_SHORTENED_FROM: Final = 100_000


def totals(figures: Totals) -> None:
    """The figures at the top."""
    shown = {
        "Decisions": figures.decisions,
        "Messages": figures.messages,
        "Tool calls": figures.tool_calls,
        "Playbook": figures.playbook_decisions,
        "Conversations": figures.conversations,
        "Errors": figures.errors,
        "Tokens in": figures.input_tokens,
        "Tokens out": figures.output_tokens,
    }
    for column, (label, value) in zip(st.columns(len(shown)), shown.items(), strict=True):
        # Only a figure that is shortened needs its exact value beside it.
        is_short = value >= _SHORTENED_FROM
        shape = "compact" if is_short else "localized"
        column.metric(label, value, format=shape, help=count(value) if is_short else None)


def outcomes(view: View) -> None:
    """What came of the decisions, by the rules that always hold; what is pending stands apart."""
    st.subheader("Outcomes", anchor=False)
    came = Outcomes(CachedReads(view.tenant))
    built_in = [rule.id for rule in BUILT_IN.rules]
    seen = [rule for rule in came.rules(view.period) if rule.rule_id in built_in]
    worker = came.worker()
    if not seen:
        _outcomes_page.nothing_yet(view, worker)
        return
    rules = rules_from_environment()
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    for column, rule in zip(st.columns(len(built_in)), seen, strict=False):
        question = Question(
            rule_id=rule.rule_id,
            unit=rule.unit,
            # The Overview shows all versions: facets in its address are for its links.
            filters=replace(view.filters, values=(), text=""),
            period=view.period,
            as_of=worker.as_of(now),
        )
        with column, st.container(border=True, height="stretch"):
            title = rule_named(rules, rule.rule_id).title
            _outcomes_page.figure(title, rule, came.rate(question))
            st.page_link(
                script("outcomes"),
                label="Look closer",
                icon=":material/query_stats:",
                query_params=view.query(**{RULE: rule.rule_id}),
            )


def nothing_in_range(view: View, extent: Extent) -> None:
    """Say that the time range is empty, and where the decisions are."""
    st.info("There is no decision in this time range.", icon=":material/event_busy:")
    _draw.html(
        _markup.muted(
            f"{count(extent.decisions)} decisions are stored, "
            f"from {moment(extent.first_at)} to {moment(extent.last_at)} UTC."
        )
    )
    st.page_link(
        script("overview"),
        label="Show all time",
        icon=":material/all_inclusive:",
        query_params=query_of(view.tenant, Filters(span="all", values=view.filters.values)),
    )


def tools(view: View) -> None:
    """Tool calls by tool."""
    st.subheader("Tool calls", anchor=False)
    counts = view.decisions.tool_counts(view.period)
    if counts.empty:
        st.caption("No tool was called in this time range.")
        return
    st.caption("Each call counts once, whether a model's answer, its run, or both were recorded.")
    tool = _tables.tool_table(counts)
    if tool:
        narrowed = view.filters.having(tool=tool)
        st.switch_page(script("decisions"), query_params=query_of(view.tenant, narrowed))


def redaction(view: View, figures: Totals) -> None:
    """What redaction replaced, and whether every decision carries its proof."""
    st.subheader("Redaction", anchor=False)
    _draw.facts(
        {
            "Values replaced": count(figures.redactions),
            "Decisions with a value withheld": share(
                figures.decisions_with_failed_redaction, figures.decisions
            ),
            "Decisions without proof": share(figures.decisions_without_proof, figures.decisions),
        }
    )
    if figures.decisions_without_proof:
        st.warning(
            "Some decisions carry no redaction proof: they did not come through trainingloop's "
            "recorder or gateway.",
            icon=":material/gpp_maybe:",
        )
    types = view.decisions.redacted_types(view.period)
    if not types.empty:
        rows = zip(types["entity"], types["replaced"], strict=True)
        _draw.html(*(_markup.badge(f"{name} {count(int(n))}", "green") for name, n in rows))


def accounting(view: View, gateway: Gateway | None) -> None:
    """What became of every span: in each recording process, and in this gateway."""
    st.subheader("Loss accounting", anchor=False)
    losses = view.decisions.losses(view.period)
    if losses.empty:
        st.caption("No recording process has reported its counts in this time range.")
    else:
        st.caption(
            "Spans of each recording process: handed over, dropped there, stored here. Missing "
            "ones may still be on their way."
        )
        _tables.loss_table(losses)
    if gateway:
        _gateway(gateway)


def _gateway(gateway: Gateway) -> None:
    counters = gateway.counters()
    st.caption("This gateway, since it was started")
    _draw.facts(
        {
            "Received": f"{count(counters.received)}{_by_name(counters.received_by_source)}",
            "Stored": count(counters.stored),
            "Rejected": f"{count(sum(counters.rejected.values()))}{_by_name(counters.rejected)}",
            "Refused, to be sent again": (
                f"{count(sum(counters.refused.values()))}{_by_name(counters.refused)}"
            ),
            "Unreadable requests": count(counters.malformed),
            "Caught by the second redaction": count(counters.caught),
            "Values withheld": count(counters.failures),
        }
    )


def _by_name(counts: Mapping[str, int]) -> str:
    named = " · ".join(f"{name} {count(number)}" for name, number in sorted(counts.items()))
    return f" ({named})" if named else ""
