"""The little HTML the pages need. Every value is escaped here, and only here.

What was recorded is untrusted: markdown and HTML in it are shown as the characters they are.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Tone = Literal["blue", "violet", "amber", "green", "red", "gray"]

COLOURS: Final[dict[Tone, str]] = {
    "blue": "#3b72b8",
    "violet": "#7a5ea8",
    "amber": "#b7791f",
    "green": "#3f8f5f",
    "red": "#c0453f",
    "gray": "#7b8494",
}
"""The one palette of badges and charts."""

KIND_TONES: Final[dict[str, Tone]] = {
    "message": "blue",
    "tool_call": "violet",
    "playbook": "amber",
}
KIND_LABELS: Final[dict[str, str]] = {
    "message": "Message",
    "tool_call": "Tool call",
    "playbook": "Playbook",
}

_TOKEN: Final = re.compile(r"&lt;[A-Z][A-Z0-9_]*_[a-z0-9]{8}&gt;|&lt;REDACTION_FAILED&gt;")
_MAX_TEXT_CHARACTERS: Final = 50_000

STYLE: Final = """<style>
.tl-text {white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5;}
.tl-muted {opacity: .65; font-size: .875rem;}
.tl-token {font-family: monospace; font-size: .85em; padding: 0 .3em; border-radius: .3em;
  background: color-mix(in srgb, currentColor 10%, transparent); white-space: nowrap;}
.tl-badge {display: inline-block; padding: .1em .6em; margin: 0 .3em .2em 0;
  border-radius: 1em; font-size: .8rem; font-weight: 600; line-height: 1.5;
  color: color-mix(in srgb, var(--tone) 75%, currentColor);
  background: color-mix(in srgb, var(--tone) 14%, transparent);
  overflow-wrap: anywhere;}
.stMainBlockContainer {padding: 2.5rem 3rem 4rem;}
[data-testid="stSidebarHeader"] {height: 2rem;}
/* Twice the class: Streamlit has rules of its own for lists. */
.tl-facts.tl-facts {display: grid; grid-template-columns: max-content minmax(0, 1fr);
  gap: .3rem 1.25rem; margin: 0; padding: 0; font-size: .9rem;}
.tl-facts.tl-facts dt {opacity: .65; font-weight: 400; margin: 0;}
.tl-facts.tl-facts dd {margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums;}
.tl-gap {display: flex; align-items: center; gap: .75rem; opacity: .6; font-size: .8rem;}
.tl-gap::before, .tl-gap::after {content: ""; flex: 1; border-top: 1px solid currentColor;
  opacity: .35;}
.tl-brand {font-size: 1.15rem; font-weight: 700; letter-spacing: -.01em;}
.tl-title.tl-title {font-size: 1.5rem; padding: 0; margin: 0; overflow-wrap: anywhere;}
.tl-figure {font-size: 2rem; line-height: 1.3; font-variant-numeric: tabular-nums;}
[class*="st-key-focus-"] {border-left: 4px solid #b7791f; padding: .5rem .75rem;
  border-radius: .4rem; background: color-mix(in srgb, #b7791f 10%, transparent);}
.tl-diff.tl-diff {width: 100%; table-layout: fixed; font-size: .9rem; margin: 0;}
.tl-diff.tl-diff th {text-align: left; font-weight: 600; width: 26%; vertical-align: top;}
.tl-diff.tl-diff td {overflow-wrap: anywhere; vertical-align: top;}
.tl-diff.tl-diff th, .tl-diff.tl-diff td {border: 0; padding: .2rem .5rem .2rem 0;
  white-space: pre-wrap;}
.tl-del {background: color-mix(in srgb, #c0453f 18%, transparent); text-decoration: line-through;}
.tl-ins {background: color-mix(in srgb, #3f8f5f 18%, transparent); text-decoration: none;}
.tl-rule {padding: .35rem 0; border-bottom: 1px solid
  color-mix(in srgb, currentColor 12%, transparent);}
</style>"""


def literal(text: str) -> str:
    """``text`` as it was stored, redaction tokens set apart but spelled out."""
    shown, left = text[:_MAX_TEXT_CHARACTERS], len(text) - _MAX_TEXT_CHARACTERS
    marked = _TOKEN.sub(lambda token: f'<span class="tl-token">{token[0]}</span>', escape(shown))
    more = f"\n… {left:,} more characters: see the download" if left > 0 else ""
    return f'<div class="tl-text">{marked}{more}</div>'


def muted(text: str) -> str:
    """``text`` in the background."""
    return f'<div class="tl-muted">{escape(text)}</div>'


def inline(text: str) -> str:
    """``text`` in the background, on the line of what stands before it."""
    return f'<span class="tl-muted">{escape(text)}</span>'


def figure(label: str, value: str) -> str:
    """A figure with what it says above it."""
    return (
        f'<div class="tl-muted">{escape(label)}</div><div class="tl-figure">{escape(value)}</div>'
    )


def strong(text: str) -> str:
    """``text`` in bold."""
    return f"<strong>{escape(text)}</strong>"


def title(text: str) -> str:
    """``text`` that somebody gave as a name, as a heading of a part of a page."""
    return f'<h3 class="tl-title">{escape(text)}</h3>'


def badge(text: str, tone: Tone = "gray") -> str:
    """A short fact as a coloured pill."""
    return f'<span class="tl-badge" style="--tone:{COLOURS[tone]}">{escape(text)}</span>'


def kind_badge(kind: str) -> str:
    """The kind of a decision; a kind of a later version by its name."""
    return badge(KIND_LABELS.get(kind, kind), KIND_TONES.get(kind, "gray"))


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and values below each other; those without a value are left out."""
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs if value
    )
    return f'<dl class="tl-facts">{rows}</dl>'


def gap(text: str) -> str:
    """A divider that says how long nothing happened."""
    return f'<div class="tl-gap">{escape(text)}</div>'


def quoted(text: str) -> str:
    """What somebody asked for, as they wrote it."""
    return f"<code>{escape(text)}</code>"


def rule(name: str, *, is_fired: bool, reason: str) -> str:
    """One rule of a playbook: whether it applied, and why."""
    state = badge("fired", "amber") if is_fired else badge("not fired", "gray")
    why = f'<div class="tl-muted">{escape(reason)}</div>' if reason else ""
    return f'<div class="tl-rule">{state}<strong>{escape(name)}</strong>{why}</div>'
