"""The charts of outcomes, as Altair specifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from trainingloop.analytics_app._markup import COLOURS
from trainingloop.analytics_app._outcomes_words import (
    ENDING_COLOURS,
    ENDINGS,
    interval,
    percent,
    units,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.analytics_app._outcomes_records import Rate, Step

    Layered = alt.LayerChart | alt.FacetChart

PICKED: Final = "picked"
"""The selection of a chart that can be clicked."""
_AXIS_PIXELS: Final = 46
_ROW_PIXELS: Final = 30
_BAND_OPACITY: Final = 0.22
# A week is drawn over its Monday.
_BARS: Final[dict[str, dict[str, Any]]] = {"day": {"width": {"band": 0.8}}, "week": {"size": 32}}
_STEPS: Final[dict[str, str]] = {"day": "Day (UTC)", "week": "Week from (UTC)"}


def rate_over_time(rates: Sequence[Rate], step: Step) -> Layered:
    """The rate with its interval as a band; a day that nothing is known of has no point."""
    shown = _over_time(rates)
    # A gap in the data is a gap in the band, not a bridge over it.
    base = alt.Chart(shown[shown["rate"].notna()]).encode(x=_time(shown))
    band = base.mark_area(opacity=_BAND_OPACITY, color=COLOURS["blue"], interpolate="linear")
    line = base.mark_line(color=COLOURS["blue"], strokeWidth=2)
    points = base.mark_circle(color=COLOURS["blue"], size=55, opacity=1)
    picked = alt.selection_point(name=PICKED, fields=["part"], on="click", empty=True)
    layered = alt.layer(
        band.encode(y=_rate_axis("low"), y2="high:Q"),
        line.encode(y=_rate_axis("rate")),
        points.encode(
            y=_rate_axis("rate"),
            tooltip=_tooltips(alt.Tooltip("part:N", title=_STEPS[step])),
            opacity=alt.condition(picked, alt.value(1), alt.value(0.35)),
        ).add_params(picked),
    )
    chart: Layered = layered.properties(height=230)
    return chart


def counts_over_time(rates: Sequence[Rate], unit: str, step: Step) -> alt.Chart:
    """How many the rate is made of, and how many are not known yet, stacked."""
    shown = _over_time(rates)
    known, pending = f"{units(unit)} in the rate", "not known yet"
    long = pd.concat(
        [
            shown.assign(what=known, amount=shown["n"], order=0),
            shown.assign(what=pending, amount=shown["pending"], order=1),
        ]
    )
    colours = alt.Color("what:N", title=None, sort=[known, pending]).scale(
        domain=[known, pending], range=[COLOURS["blue"], COLOURS["amber"]]
    )
    bars = alt.Chart(long).mark_bar(**_BARS[step])
    chart: alt.Chart = bars.encode(
        x=_time(shown),
        y=alt.Y("amount:Q", title=None).axis(
            tickCount=3, format="~s", tickMinStep=1, minExtent=_AXIS_PIXELS
        ),
        color=colours.legend(orient="top"),
        order=alt.Order("order:Q"),
        tooltip=[
            alt.Tooltip("part:N", title=_STEPS[step]),
            alt.Tooltip("what:N", title="What"),
            alt.Tooltip("amount:Q", title="How many", format=","),
        ],
    ).properties(height=190)
    return chart


def rate_by_version(rates: Sequence[Rate], whole: Rate | None) -> Layered:
    """Each version's rate with its interval; the line is the rate of all of them."""
    shown = pd.DataFrame([_row(rate) for rate in rates])
    names = list(shown["label"])
    base = alt.Chart(shown[shown["rate"].notna()]).encode(
        y=alt.Y("label:N", title=None, sort=names).axis(labelLimit=240, domain=False, ticks=False)
    )
    across = alt.X("rate:Q", title=None).axis(format="%", tickCount=6).scale(domain=_spread(shown))
    rules = base.mark_rule(strokeWidth=3, color=COLOURS["blue"], opacity=0.55)
    points = base.mark_circle(size=90, opacity=1, color=COLOURS["blue"])
    layers: list[Any] = [
        rules.encode(x=across, x2="high:Q").transform_calculate(rate="datum.low"),
        points.encode(x=across, tooltip=_tooltips(alt.Tooltip("label:N", title="Version"))),
    ]
    if whole and whole.estimate.value is not None:
        line = alt.Chart(pd.DataFrame({"rate": [whole.estimate.value]}))
        layers.insert(0, line.mark_rule(strokeDash=[4, 4], color=COLOURS["gray"]).encode(x=across))
    layered = alt.layer(*layers)
    chart: Layered = layered.properties(height=50 + _ROW_PIXELS * len(names))
    return chart


def endings_over_time(endings: pd.DataFrame, step: Step) -> alt.Chart:
    """How conversations ended, stacked."""
    labels = list(ENDINGS.values())
    order = {ending: place for place, ending in enumerate(ENDINGS)}
    shown = endings.assign(
        label=[
            ENDINGS.get(str(name), str(name) or "Nobody said") for name in endings["ending_name"]
        ],
        order=[order.get(str(name), len(order)) for name in endings["ending_name"]],
        day=pd.to_datetime(endings["day"], utc=True),
        part=endings["day"].astype(str),
    )
    colours = alt.Color("label:N", title=None, sort=labels).scale(
        domain=labels, range=ENDING_COLOURS
    )
    bars = alt.Chart(shown).mark_bar(**_BARS[step])
    chart: alt.Chart = bars.encode(
        x=_time(shown),
        y=alt.Y("ends:Q", title=None).axis(tickMinStep=1, tickCount=4, minExtent=_AXIS_PIXELS),
        color=colours.legend(orient="top", columns=3),
        order=alt.Order("order:Q"),
        tooltip=[
            alt.Tooltip("part:N", title=_STEPS[step]),
            alt.Tooltip("label:N", title="End"),
            alt.Tooltip("ends:Q", title="Conversations", format=","),
        ],
    ).properties(height=290)
    return chart


def _over_time(rates: Sequence[Rate]) -> pd.DataFrame:
    rows = pd.DataFrame([_row(rate) for rate in rates])
    return rows.assign(day=pd.to_datetime(rows["part"], utc=True))


def _row(rate: Rate) -> dict[str, object]:
    estimate = rate.estimate
    return {
        "part": rate.name,
        "label": rate.label,
        "rate": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "interval": interval(estimate),
        "percent": percent(estimate),
        "n": estimate.n,
        "clusters": estimate.clusters,
        "pending": rate.pending,
    }


def _tooltips(first: alt.Tooltip) -> list[alt.Tooltip]:
    return [
        first,
        alt.Tooltip("percent:N", title="Rate"),
        alt.Tooltip("interval:N", title="95 % interval"),
        alt.Tooltip("n:Q", title="Known", format=","),
        alt.Tooltip("clusters:Q", title="Conversations", format=","),
        alt.Tooltip("pending:Q", title="Not known yet", format=","),
    ]


def _time(shown: pd.DataFrame) -> alt.X:
    """Time from the first to the last day there is; a single one gets room around it."""
    room = pd.Timedelta(days=1)
    domain = [(shown["day"].min() - room).isoformat(), (shown["day"].max() + room).isoformat()]
    days = alt.X("day:T", timeUnit="utcyearmonthdate", title=None).scale(domain=domain)
    return days.axis(format="%b %d", labelAngle=0, tickCount=8, grid=False)


def _rate_axis(column: str) -> alt.Y:
    return (
        alt.Y(f"{column}:Q", title=None)
        .axis(format="%", tickCount=5, minExtent=_AXIS_PIXELS)
        .scale(domainMin=0, nice=True)
    )


def _spread(shown: pd.DataFrame) -> list[float]:
    """From the lowest to the highest interval, and a little more."""
    low, high = float(shown["low"].min()), float(shown["high"].max())
    if pd.isna(low) or pd.isna(high):
        return [0.0, 1.0]
    room = max((high - low) * 0.08, 0.005)
    return [max(low - room, 0.0), min(high + room, 1.0)]
