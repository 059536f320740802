"""Which answers came from another model than the one that was asked, as endpoints say it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.prices import is_same_model
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.replay._comparing.pairs import Pair

_REDACTED: Final = re.compile("<[A-Z][A-Z_]+(?:_[a-z0-9]+)?>")
"""Stands for words that were taken away: nobody knows what was there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Whom a question was for, and who says that it answered; "" where nobody knows."""

    asked: str = ""
    recorded: str = ""
    """The one that answered when the decision was recorded, where it is asked again."""
    served: str = ""

    @property
    def expected(self) -> str:
        """The name that the answering one should have, or a name of the same."""
        return self.recorded or self.asked

    @property
    def is_other(self) -> bool:
        """Whether another model answered, as far as names tell.

        A gateway can have names of its own for what is asked, and then answer with the recorded
        one. Where the recorded name only tells the version of the asked one, both must be met:
        another version of it is not the recorded one.
        """
        names = [name for name in (self.asked, self.recorded) if name]
        if not (self.served and names) or any(map(_REDACTED.search, (self.served, *names))):
            return False
        met = [is_same_model(self.served, name) for name in names]
        return not (all(met) if is_same_model(names[0], names[-1]) else any(met))


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherModel:
    """Answers of an arm that came from another model than the one that was asked."""

    arm: Arm
    expected: str
    """The model that was asked, or that had been recorded where it is asked again."""
    served: str
    """The one that says it answered."""
    answers: int
    """To chosen decisions; those of the later steps of chains are not counted."""
    of: int
    """All such answers of the arm."""


def other_models(pairs: Sequence[Pair], floor: Arm | None) -> tuple[OtherModel, ...]:
    """Return what the candidate, and then the second arm, did not answer itself, the most first."""
    arms = [(Arm.CANDIDATE, [pair.models for pair in pairs if pair.is_spoken])]
    if floor is not None:
        arms.append((floor, [pair.floor_models for pair in pairs if pair.is_floor_spoken]))
    return tuple(found for arm, models in arms for found in _others(arm, models))


def _others(arm: Arm, models: Sequence[Models]) -> list[OtherModel]:
    # Ten thousand answers have a handful of names.
    others = [(one, count) for one, count in Counter(models).items() if one.is_other]
    counts: Counter[tuple[str, str]] = Counter()
    for one, count in others:
        counts[one.expected, one.served] += count
    return [
        OtherModel(arm=arm, expected=expected, served=served, answers=count, of=len(models))
        for (expected, served), count in sorted(
            counts.items(), key=lambda item: (-item[1], item[0])
        )
    ]
