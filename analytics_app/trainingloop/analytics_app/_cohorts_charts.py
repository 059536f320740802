"""The charts of the Cohorts page, as Altair specifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import altair as alt
import pandas as pd

from trainingloop.analytics_app._markup import COLOURS

if TYPE_CHECKING:
    from datetime import datetime

    from trainingloop.analytics_app._markup import Tone

VERDICT_TONES: Final[dict[str, Tone]] = {
    "better": "green",
    "worse": "red",
    "differs": "amber",
    "no evidence": "gray",
    "not enough data": "gray",
}
_ROW_PIXELS: Final = 34
_DAYS_PIXELS: Final = 280
_COHORT_COLOURS: Final = [COLOURS["gray"], COLOURS["blue"]]


def differences(frame: pd.DataFrame, *, axis: str) -> alt.LayerChart | alt.FacetChart:
    """Draw each difference with its two intervals: thick for one look, thin for any number."""
    base = alt.Chart(frame).encode(
        y=alt.Y("metric:N", sort=None, title=None).axis(
            labelLimit=240, ticks=False, domain=False, grid=False
        ),
        color=alt.Color("verdict:N", title=None)
        .scale(domain=list(VERDICT_TONES), range=[COLOURS[tone] for tone in VERDICT_TONES.values()])
        .legend(None),
        tooltip=[alt.Tooltip("metric:N", title="Metric"), alt.Tooltip("words:N", title="Verdict")],
    )
    zero = (
        alt.Chart(pd.DataFrame({"zero": [0]}))
        .mark_rule(color=COLOURS["gray"], strokeDash=[3, 3])
        .encode(x="zero:Q")
    )
    thin = base.mark_rule(strokeWidth=1.5).encode(
        x=alt.X("sequential_low:Q", title=axis).axis(gridOpacity=0.4, tickCount=8),
        x2="sequential_high:Q",
    )
    thick = base.mark_rule(strokeWidth=6, strokeCap="round").encode(x="low:Q", x2="high:Q")
    point = base.mark_point(filled=True, size=90, shape="diamond", stroke="white").encode(
        x="value:Q"
    )
    return alt.layer(zero, thin, thick, point, height=_ROW_PIXELS * len(frame) + 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """The moment one cohort took over from the other."""

    at: datetime
    text: str


def by_day(
    frame: pd.DataFrame, *, axis: str, switch: Switch | None
) -> alt.LayerChart | alt.FacetChart:
    """Draw the primary metric of both cohorts by day, and the day the later one began."""
    cohorts = list(dict.fromkeys(sorted(frame["cohort"])))
    base = alt.Chart(frame).encode(
        x=alt.X("day:T", timeUnit="utcyearmonthdate", title=None).axis(
            format="%b %d", labelAngle=0, tickCount=8, grid=False
        ),
        color=alt.Color("cohort:N", title=None)
        .scale(domain=cohorts, range=_COHORT_COLOURS[-len(cohorts) :])
        .legend(orient="top", labelLimit=400),
        tooltip=[
            alt.Tooltip("utcyearmonthdate(day):T", title="Day (UTC)"),
            alt.Tooltip("cohort:N", title="Cohort"),
            alt.Tooltip("value:Q", title=axis, format=",.1f"),
            alt.Tooltip("counted:Q", title="Counted", format=","),
            alt.Tooltip("conversations:Q", title="Conversations", format=","),
        ],
    )
    interval = base.mark_rule(strokeWidth=2, opacity=0.35).encode(y="low:Q", y2="high:Q")
    line = base.mark_line(strokeWidth=2).encode(y=alt.Y("value:Q", title=axis).axis(tickCount=5))
    point = base.mark_circle(opacity=1).encode(
        y="value:Q",
        size=alt.Size("counted:Q", legend=None).scale(range=[25, 150]),
    )
    layers = [interval, line, point]
    if switch:
        layers += _marked(switch)
    return alt.layer(*layers, height=_DAYS_PIXELS)


def _marked(switch: Switch) -> list[alt.Chart]:
    marked = alt.Chart(pd.DataFrame({"day": [pd.Timestamp(switch.at)], "text": [switch.text]}))
    rule = marked.mark_rule(color=COLOURS["amber"], strokeDash=[5, 4], strokeWidth=2).encode(
        x=alt.X("day:T", timeUnit="utcyearmonthdate")
    )
    text = marked.mark_text(color=COLOURS["amber"], align="left", dx=6, fontWeight="bold").encode(
        x=alt.X("day:T", timeUnit="utcyearmonthdate"), y=alt.value(_DAYS_PIXELS - 12), text="text:N"
    )
    return [rule, text]
