"""Votes as HTML: badges, and what a correction changed. Every word in it is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from trainingloop.analytics_app import _markup
from trainingloop.analytics_app._format import moment
from trainingloop.feedback import word_diff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.analytics_app._feedback import Vote
    from trainingloop.feedback import DiffPart

REASON_LABELS: Final = {
    "helpful": "Helpful",
    "unhelpful": "Unhelpful",
    "incorrect": "Incorrect",
    "inappropriate": "Inappropriate",
    "other": "Other",
}
"""Every reason by the name it is stored under."""

_VALUES: Final[dict[int, tuple[str, _markup.Tone]]] = {
    1: ("thumbs up", "green"),
    -1: ("thumbs down", "red"),
    0: ("taken back", "gray"),
}
_KEPT_CHARACTERS: Final = 60
"""Of unchanged words beside a change: enough to see where one is."""
_MOST_SHOWN_CHARACTERS: Final = 20_000
_STYLES: Final = {
    "removed": ("del", _markup.COLOURS["red"]),
    "added": ("ins", _markup.COLOURS["green"]),
}


def value_badge(value: int, reason: str = "") -> str:
    """What a vote says, with its reason."""
    word, tone = _VALUES[value]
    return _markup.badge(f"{word}: {reason}" if reason else word, tone)


def votes_line(votes: Sequence[Vote]) -> str:
    """Who thinks what of a decision, on one line."""
    return "".join(
        _markup.inline(f"{vote.reviewer} ") + value_badge(vote.value, vote.reason) for vote in votes
    )


def vote(each: Vote, answer: str) -> str:
    """A vote with its words; a correction as what it changed in ``answer``."""
    live = "" if each.is_live or not each.value else _markup.badge("replaced")
    head = (
        value_badge(each.value, each.reason)
        + live
        + _markup.inline(f"{each.reviewer} · {moment(each.voted_at)}")
    )
    return f'<div class="tl-rule">{head}{words(each.note, each.correction, answer)}</div>'


def words(note: str, correction: str, answer: str) -> str:
    """A note, and a correction as what it changed in ``answer``."""
    said = _markup.literal(note) if note else ""
    return said + (correction_of(answer, correction) if correction else "")


def correction_of(answer: str, correction: str) -> str:
    """What ``correction`` changed in ``answer``, word by word, long unchanged parts left out."""
    changed = word_changes(answer, correction)
    return changed or _markup.muted("The correction is the answer as it was.")


def word_changes(before: str, after: str) -> str:
    """How ``after`` comes out of ``before``, word by word; "" where nothing differs."""
    parts = word_diff(before, after)
    if all(part.kind == "same" for part in parts):
        return ""
    drawn = "".join(
        _part(part, is_first=place == 0, is_last=place == len(parts) - 1)
        for place, part in enumerate(parts)
    )
    return f'<div class="tl-text">{drawn}</div>'


def _part(part: DiffPart, *, is_first: bool, is_last: bool) -> str:
    if part.kind == "same":
        return _unchanged(part.text, is_first=is_first, is_last=is_last)
    tag, colour = _STYLES[part.kind]
    text = part.text[:_MOST_SHOWN_CHARACTERS]
    cut = " …" if len(part.text) > _MOST_SHOWN_CHARACTERS else ""
    style = f"background: color-mix(in srgb, {colour} 18%, transparent)"
    decoration = "line-through" if tag == "del" else "none"
    return f'<{tag} style="{style}; text-decoration: {decoration}">{escape(text)}{cut}</{tag}>'


def _unchanged(text: str, *, is_first: bool, is_last: bool) -> str:
    """The words beside a change, and how many lie further away."""
    before = "" if is_first else text[:_KEPT_CHARACTERS]
    after = "" if is_last else text[-_KEPT_CHARACTERS:]
    left = text[len(before) : len(text) - len(after)]
    if len(text) <= 2 * _KEPT_CHARACTERS + len(" … ") or not left.strip():
        return escape(text[:_MOST_SHOWN_CHARACTERS])
    told = f" … {len(left.split()):,} words unchanged … "
    return f"{escape(before)}{_markup.inline(told)}{escape(after)}"
