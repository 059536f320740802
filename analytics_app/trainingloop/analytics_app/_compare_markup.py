"""Differences of two answers as HTML. Every word in it is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from trainingloop.analytics_app import _markup, _replay_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trainingloop.replay.judgements import ArgumentDifference, EntityDifference, Flag, Judgement

_CODES: Final = {
    "missing": "left out",
    "extra": "added",
    "type": "of another type",
    "value": "another value",
    "call_missing": "not called",
    "call_extra": "called in addition",
}
_MOST_SHOWN: Final = 100
_MOST_CHARACTERS: Final = 2000
_ENTITIES: Final = {
    "amount": "Amounts",
    "date": "Dates",
    "time": "Times",
    "number": "Numbers",
    "id": "Ids",
    "link": "Links",
    "token": "Redacted values",
    "negation": "Negations",
}


def argument_differences(found: Sequence[ArgumentDifference]) -> str:
    """Where the calls part, one row each: recorded, then replayed."""
    rows = "".join(map(_argument, found[:_MOST_SHOWN]))
    return f'<table class="tl-diff">{rows}</table>{_left(len(found))}'


def _argument(one: ArgumentDifference) -> str:
    where = f"{one.tool}: {one.path}" if one.path else one.tool
    return (
        f"<tr><th>{escape(where)} {_markup.inline(_CODES.get(one.code, one.code))}</th>"
        f"<td>{_changed('del', one.recorded)}</td><td>{_changed('ins', one.replayed)}</td></tr>"
    )


def entity_differences(found: Sequence[EntityDifference]) -> str:
    """Things that only one of two texts names."""
    rows = "".join(map(_entity, found[:_MOST_SHOWN]))
    return f'<table class="tl-diff">{rows}</table>{_left(len(found))}'


def _entity(one: EntityDifference) -> str:
    recorded = " ".join(_changed("del", value) for value in one.recorded)
    replayed = " ".join(_changed("ins", value) for value in one.replayed)
    name = escape(_ENTITIES.get(one.kind, one.kind))
    return f"<tr><th>{name}</th><td>{recorded}</td><td>{replayed}</td></tr>"


def flags(found: Iterable[Flag], new: Iterable[str], tone: _markup.Tone) -> str:
    """What is unsafe about an answer, and where to look; in colour what the other has not."""
    names = set(new)
    return "".join(
        f'<div class="tl-rule">'
        f"{_markup.badge(_replay_words.flag(one.name), tone if one.name in names else 'gray')}"
        f"{_markup.quoted(one.evidence[:_MOST_CHARACTERS])}</div>"
        for one in found
    )


def recorded_flags(judgement: Judgement) -> str:
    """What is unsafe about the recorded answer; in green what the replayed one has not."""
    return flags(judgement.recorded_flags, judgement.newly_safe, "green")


def replayed_flags(judgement: Judgement) -> str:
    """What is unsafe about the replayed answer; in red what the recorded one has not."""
    return flags(judgement.replayed_flags, judgement.newly_unsafe, "red")


def instead(recorded: str, replayed: str) -> str:
    """One short value, and what stands in its place."""
    return f"{_changed('del', recorded)} {_changed('ins', replayed)}"


def _changed(tag: str, value: str) -> str:
    if not value:
        return ""
    cut = " …" if len(value) > _MOST_CHARACTERS else ""
    return f'<{tag} class="tl-{tag}">{escape(value[:_MOST_CHARACTERS])}{cut}</{tag}>'


def _left(total: int) -> str:
    left = total - _MOST_SHOWN
    return _markup.muted(f"… and {left:,} more") if left > 0 else ""
