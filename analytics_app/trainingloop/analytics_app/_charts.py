"""The charts, as Altair specifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from trainingloop.analytics_app._markup import COLOURS, KIND_LABELS, KIND_TONES

if TYPE_CHECKING:
    from trainingloop.analytics_app._filters import Period

_SHORTEST = pd.Timedelta(days=14)
_LABELS = list(KIND_LABELS.values())
_COLOURS = [COLOURS[KIND_TONES[kind]] for kind in KIND_LABELS]


def decisions_by_day(by_day: pd.DataFrame, period: Period) -> alt.Chart:
    """Decisions a day, stacked by kind, over the whole range so that empty days show."""
    shown = by_day.assign(
        kind=by_day["decision_kind"].map(lambda kind: KIND_LABELS.get(str(kind), str(kind))),
        day=pd.to_datetime(by_day["day"], utc=True),
    )
    days = alt.X("day:T", timeUnit="utcyearmonthdate", title=None).scale(
        domain=_domain(shown, period)
    )
    kinds = alt.Color("kind:N", title=None, sort=_LABELS).scale(domain=_LABELS, range=_COLOURS)
    bars = alt.Chart(shown).mark_bar(
        width={"band": 0.8}, cornerRadiusTopLeft=2, cornerRadiusTopRight=2
    )
    encoded = bars.encode(
        x=days.axis(format="%b %d", labelAngle=0, tickCount=8, grid=False),
        y=alt.Y("decisions:Q", title=None).axis(tickMinStep=1, tickCount=4),
        color=kinds.legend(orient="top"),
        tooltip=[
            alt.Tooltip("utcyearmonthdate(day):T", title="Day (UTC)"),
            alt.Tooltip("kind:N", title="Kind"),
            alt.Tooltip("decisions:Q", title="Decisions", format=","),
            alt.Tooltip("errors:Q", title="With an error", format=","),
        ],
    )
    chart: alt.Chart = encoded.properties(height=240)
    return chart


def _domain(shown: pd.DataFrame, period: Period) -> list[str]:
    """The range that was chosen; that of the decisions where it is open, but not a single day."""
    last = shown["day"].max() + pd.Timedelta(days=1)
    first = min(shown["day"].min(), last - _SHORTEST)
    since, until = pd.Timestamp(period.since), pd.Timestamp(period.until)
    is_open = until - since > pd.Timedelta(days=400)
    start, end = (first, last) if is_open else (min(since, first), max(until, last))
    return [start.isoformat(), end.isoformat()]
