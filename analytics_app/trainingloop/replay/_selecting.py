"""Which decisions a replay set is made of, and how they are drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.chat import JsonObject

MOST_SIZE: Final = 10_000
"""How many decisions a set may hold: what is worth paying for is far less."""
STRATA: Final = (
    "model", "playbook", "playbook_version", "prompt_version", "code_version", "cohort", "variant",
    "channel", "agent", "kind", "vote",
)  # fmt: skip
"""What sets can be stratified by, beside ``outcome:RULE``."""
_OUTCOME: Final = "outcome:"
_TIMES: Final = {
    "since": "1970-01-02 00:00:00",
    "until": "2200-01-01 00:00:00",
    "frozen_at": "2200-01-01 00:00:00",
}
_TEXTS: Final = (
    "kind", "model", "playbook", "playbook_version", "prompt", "prompt_version", "code_version",
    "cohort", "variant", "channel", "status", "service", "tool", "thread", "outcome", "text",
    "any_model", "experiment", "agent", "environment",
)  # fmt: skip
_VOTES: Final = ("", "up", "down")
_STATES: Final = ("yes", "no", "pending")
_MOST_CHARACTERS: Final = 500
_DECISION_ID: Final = re.compile(r"[0-9a-f]{16}")
_LARGEST_SEED: Final = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Decisions of a model, and how many of them are drawn from where."""

    filter: Mapping[str, str]
    """Values of the binds of ``_cohort_filter.sql`` that are not left open."""
    decisions: tuple[str, ...] = ()
    """The only ones that are meant, where somebody chose them by hand."""
    votes: str = ""
    """``up`` or ``down``: what at least one live vote says."""
    vote_reason: str = ""
    """The reason that vote gives."""
    size: int | None = None
    """How many are drawn; None: all."""
    stratify_by: tuple[str, ...] = ()
    at_least: int = 1
    """How many are drawn from each stratum, where it has as many."""
    is_even: bool = False
    """Draws the same from each stratum, so that rare ones are drawn more often than they occur."""
    seed: int = 0

    def binds(self) -> dict[str, object]:
        """Return the parameters of ``replay_draw.sql``."""
        rules = [name for name in self.stratify_by if name.startswith(_OUTCOME)]
        return {
            **dict.fromkeys(_TEXTS, ""),
            **_TIMES,
            **self.filter,
            "decisions": list(self.decisions),
            "votes": self.votes,
            "vote_reason": self.vote_reason,
            "stratify_by": [name.partition(":")[0] for name in self.stratify_by],
            "stratum_rule": rules[0].removeprefix(_OUTCOME) if rules else "",
            "seed": self.seed,
            "most": self.size or MOST_SIZE,
        }

    def document(self) -> JsonObject:
        """Return what people are told of it; words that were looked for are not kept."""
        return {
            "filter": {
                name: "(not kept)" if name == "text" else value
                for name, value in self.filter.items()
            },
            "decisions": len(self.decisions),
            "votes": self.votes,
            "vote_reason": self.vote_reason,
            "size": self.size,
            "stratify_by": list(self.stratify_by),
            "at_least": self.at_least,
            "is_even": self.is_even,
            "seed": self.seed,
        }


def selection_from(document: Mapping[str, object]) -> Selection:
    """Return the selection a JSON object spells; see `trainingloop.replay.sets.set_actions`.

    Raises:
        SelectionError: it cannot be understood.
    """
    decisions = _texts(document, "decisions")
    if odd := [name for name in decisions if not _DECISION_ID.fullmatch(name)]:
        raise SelectionError(
            f"{len(odd)} of the {len(decisions)} 'decisions' are no ids: an id is 16 hexadecimal "
            "digits, as trainingloop decisions shows it"
        )
    return Selection(
        filter=_filter(document),
        decisions=tuple(dict.fromkeys(decisions)),
        votes=_one_of(document, "votes", _VOTES),
        vote_reason=_text(document, "vote_reason"),
        size=_size(document, len(decisions)),
        stratify_by=_strata(document),
        at_least=_number(document, "at_least", 1, 1, MOST_SIZE),
        is_even=document.get("is_even") is True,
        seed=_number(document, "seed", 0, -_LARGEST_SEED, _LARGEST_SEED),
    )


def _filter(document: Mapping[str, object]) -> dict[str, str]:
    given: object = document.get("filter") or {}
    if not isinstance(given, dict):
        raise SelectionError('\'filter\' must be an object such as {"model": "gpt-4o"}')
    asked = dict(cast("JsonObject", given))
    if document.get("outcome"):
        asked["outcome"] = document["outcome"]
    if unknown := sorted(set(asked) - set(_TEXTS) - set(_TIMES)):
        raise SelectionError(
            f"{unknown[0][:80]!r} is no part of a filter: use {', '.join((*_TIMES, *_TEXTS))}"
        )
    found = {name: _text(asked, name) for name in _TEXTS}
    rule, _, state = found["outcome"].rpartition(":")
    if found["outcome"] and not (rule and state in _STATES):
        raise SelectionError(
            f"{found['outcome'][:80]!r} is no outcome: use a rule and one of "
            f"{', '.join(_STATES)}, such as escalation_triggered:yes"
        )
    times = {name: _time(asked, name) for name in _TIMES if asked.get(name)}
    return {**times, **{name: value for name, value in found.items() if value}}


def _time(document: Mapping[str, object], name: str) -> str:
    try:
        moment = datetime.fromisoformat(_text(document, name))
    except ValueError as error:
        raise SelectionError(
            f"{name!r} is no time: use a date such as 2026-11-01, or 2026-11-01T12:00:00+00:00"
        ) from error
    aware = moment.astimezone(UTC) if moment.tzinfo else moment
    return aware.strftime("%Y-%m-%d %H:%M:%S.%f")


def _size(document: Mapping[str, object], by_hand: int) -> int | None:
    if by_hand > MOST_SIZE:
        raise SelectionError(f"{by_hand} decisions are too many: choose {MOST_SIZE:,} at most")
    if document.get("size") is None:
        return None
    return _number(document, "size", 0, 1, MOST_SIZE)


def _strata(document: Mapping[str, object]) -> tuple[str, ...]:
    asked = _texts(document, "stratify_by")
    outcomes = [name for name in asked if name.startswith(_OUTCOME) and name != _OUTCOME]
    if odd := [name for name in asked if name not in (*STRATA, *outcomes)]:
        raise SelectionError(
            f"a set cannot be stratified by {odd[0][:80]!r}: use {', '.join(STRATA)} or "
            "outcome:RULE, such as outcome:escalation_triggered"
        )
    if len(outcomes) > 1:
        raise SelectionError("a set can be stratified by one outcome: leave the others out")
    return tuple(dict.fromkeys(asked))


def _texts(document: Mapping[str, object], name: str) -> list[str]:
    given: object = document.get(name) or []
    if not isinstance(given, list) or not all(
        isinstance(item, str) for item in cast("list[object]", given)
    ):
        raise SelectionError(f"{name!r} must be a list of texts")
    return cast("list[str]", given)


def _text(document: Mapping[str, object], name: str) -> str:
    value = document.get(name, "")
    if not isinstance(value, str) or len(value) > _MOST_CHARACTERS:
        raise SelectionError(f"{name!r} must be a text of at most {_MOST_CHARACTERS} characters")
    return value.strip()


def _one_of(document: Mapping[str, object], name: str, allowed: Sequence[str]) -> str:
    value = _text(document, name)
    if value not in allowed:
        named = ", ".join(repr(one) for one in allowed)
        raise SelectionError(f"{name!r} is {value[:80]!r}: use one of {named}")
    return value


def _number(
    document: Mapping[str, object], name: str, otherwise: int, least: int, most: int
) -> int:
    value = document.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise SelectionError(f"{name!r} must be a whole number from {least:,} to {most:,}")
    return value
