"""The charts of the Feedback page, as Altair specifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

_PALETTE: Final = ["#3b72b8", "#b7791f", "#3f8f5f", "#7a5ea8", "#c0453f"]
MOST_VERSIONS: Final = len(_PALETTE)
"""More lines than this cannot be told apart."""

_LEAST_HEIGHT: Final = 120


def trend(points: pd.DataFrame, versions: Sequence[str]) -> alt.LayerChart | alt.FacetChart:
    """A share over time, a line and its interval for each version."""
    base = alt.Chart(_dated(points)).encode(
        x=alt.X("bucket:T", title=None).axis(format="%b %d", labelAngle=0, tickCount=8, grid=False),
        color=_versions(versions),
    )
    share = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, 1])).axis(
        format="%", tickCount=5
    )
    band = base.mark_area(opacity=0.15).encode(
        y=alt.Y("low:Q", title=None, scale=alt.Scale(domain=[0, 1])), y2="high:Q"
    )
    line = base.mark_line(strokeWidth=2).encode(y=share)
    dots = base.mark_circle(size=55, opacity=1).encode(
        y=share, tooltip=[alt.Tooltip("utcyearmonthdate(bucket):T", title="From"), *_tooltip()]
    )
    return alt.layer(band, line, dots).properties(height=260)


def reasons(
    shares: pd.DataFrame, versions: Sequence[str], order: Sequence[str]
) -> alt.LayerChart | alt.FacetChart:
    """How often each reason is given, a point and its interval for each version."""
    base = alt.Chart(shares).encode(
        y=alt.Y("label:N", sort=list(order), title=None).axis(labelLimit=200),
        yOffset=alt.YOffset("version:N", sort=list(versions)),
        color=_versions(versions),
    )
    interval = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
    point = base.mark_circle(size=70, opacity=1).encode(
        x=alt.X("value:Q", title="share of votes", scale=alt.Scale(domain=[0, 1])).axis(
            format="%", tickCount=6
        ),
        tooltip=[alt.Tooltip("label:N", title="Votes that say"), *_tooltip()],
    )
    rows = len(order) * (16 + 14 * len(versions))
    return alt.layer(interval, point).properties(height=max(rows, _LEAST_HEIGHT))


def _dated(points: pd.DataFrame) -> pd.DataFrame:
    return points.assign(bucket=pd.to_datetime(points["bucket"], utc=True))


def _versions(versions: Sequence[str]) -> alt.Color:
    scale = alt.Scale(domain=list(versions), range=_PALETTE[: len(versions)])
    color: alt.Color = alt.Color("version:N", title=None, scale=scale).legend(
        orient="top", labelLimit=300
    )
    return color


def _tooltip() -> list[Any]:
    return [
        alt.Tooltip("version:N", title="Version"),
        alt.Tooltip("value:Q", title="Share", format=".1%"),
        alt.Tooltip("low:Q", title="95 % from", format=".1%"),
        alt.Tooltip("high:Q", title="95 % to", format=".1%"),
        alt.Tooltip("votes:Q", title="Votes", format=","),
        alt.Tooltip("conversations:Q", title="Conversations", format=","),
    ]
