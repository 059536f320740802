"""Which decisions are to be replayed, and the query string that is kept in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.analytics_app._filters import Filters, Period

VOTES: Final = "votes"
SIZE: Final = "size"
STRATA: Final = "strata"
SEED: Final = "seed"
IDS: Final = "ids"
VOTE_LABELS: Final[Mapping[str, str]] = {"": "Any", "up": "Thumbs up", "down": "Thumbs down"}
STRATUM_LABELS: Final[Mapping[str, str]] = {
    "model": "Model",
    "playbook_version": "Playbook version",
    "prompt_version": "Prompt version",
    "code_version": "Code version",
    "cohort": "Cohort",
    "variant": "Experiment arm",
    "channel": "Channel",
    "kind": "Kind",
    "vote": "Vote",
}
DEFAULT_SIZE: Final = 200
MOST_SIZE: Final = 10_000
_MOST_SEED: Final = 2**32 - 1
_MOST_DIGITS: Final = 10
_SEPARATORS: Final = re.compile(r"[\s,;]+")
_MOST_IDS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Decisions, and how many of them are drawn."""

    votes: str = ""
    """``up``, ``down`` or "" for any."""
    size: int = DEFAULT_SIZE
    strata: tuple[str, ...] = ()
    """What each is to be represented by in the sample."""
    seed: int = 1
    ids: tuple[str, ...] = ()
    """Decisions that were chosen by hand; where there are any, no others are meant."""

    def document(self, filters: Filters, period: Period) -> dict[str, object]:
        """Return what ``replay/sets`` is asked about the decisions that ``filters`` leave."""
        if self.ids:
            return {"decisions": list(self.ids)}
        values = dict(filters.values)
        chosen = {
            **{name: value for name, value in values.items() if name != "outcome"},
            "since": period.since.isoformat(),
            "until": period.until.isoformat(),
            **({"text": filters.text} if filters.text else {}),
        }
        return {
            "filter": chosen,
            "votes": self.votes,
            "outcome": values.get("outcome", ""),
            "size": self.size,
            "stratify_by": list(self.strata),
            "seed": self.seed,
        }

    def to_query(self) -> dict[str, str]:
        """The query string; what is as by default is empty."""
        return {
            VOTES: self.votes,
            SIZE: "" if self.size == DEFAULT_SIZE else str(self.size),
            STRATA: ",".join(self.strata),
            SEED: "" if self.seed == 1 else str(self.seed),
            IDS: ",".join(self.ids),
        }


def choice_from_query(query: Mapping[str, str]) -> Choice:
    """What a query string asks for; what cannot be understood is as by default."""
    votes = query.get(VOTES, "")
    strata = query.get(STRATA, "").split(",")
    return Choice(
        votes=votes if votes in VOTE_LABELS else "",
        size=min(max(_number(query.get(SIZE, ""), DEFAULT_SIZE), 1), MOST_SIZE),
        strata=tuple(name for name in STRATUM_LABELS if name in strata),
        seed=min(_number(query.get(SEED, ""), 1), _MOST_SEED),
        ids=ids_of(query.get(IDS, "")),
    )


def ids_of(text: str) -> tuple[str, ...]:
    """The ids in a text, however they are set apart, each once."""
    return tuple(dict.fromkeys(part for part in _SEPARATORS.split(text) if part))[:_MOST_IDS]


def _number(text: str, otherwise: int) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else otherwise
