"""What of the outcomes is looked at, and the query string it is kept in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from trainingloop.analytics_app._filters import Period
from trainingloop.analytics_app._outcomes_words import ENDINGS, STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.analytics_app._filters import Filters
    from trainingloop.analytics_app._outcomes_records import Part, Question, Step

RULE: Final = "rule"
STEP: Final = "step"
BY: Final = "by"
VERSION: Final = "version"
VERSION_NUMBER: Final = "version_number"
DAY: Final = "day"
STATE: Final = "state"
ENDING: Final = "ending"
WHY: Final = "why"

STEPS: Final[Mapping[Step, str]] = {"day": "By day", "week": "By week"}
PARTS: Final[Mapping[Part, str]] = {
    "cohort": "Cohort",
    "model": "Model",
    "playbook": "Playbook",
    "prompt": "Prompt",
    "code": "Code",
}
_FACETS: Final[Mapping[Part, tuple[str, str]]] = {
    "cohort": ("cohort", ""),
    "model": ("model", ""),
    "playbook": ("playbook", "playbook_version"),
    "prompt": ("prompt", "prompt_version"),
    "code": ("code_version", ""),
}
_NAMED_STEPS: Final[Mapping[str, Step]] = {str(step): step for step in STEPS}
_NAMED_PARTS: Final[Mapping[str, Part]] = {str(part): part for part in PARTS}
_LONGEST_BY_DAY: Final = timedelta(days=45)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is looked at beside the filters."""

    rule: str
    """A rule's id, or "" for the first one there is."""
    step: Step
    part: Part
    version: str
    """Which version's decisions are listed, or "" for those of all."""
    version_number: str
    day: date | None
    """Which day's decisions are listed, or which week's."""
    state: str
    ending: str
    why: str
    """The decision whose outcome is explained in the list, or ""."""

    @property
    def is_narrowed(self) -> bool:
        """Whether only a version's or a day's decisions are listed."""
        return bool(self.version or self.day)

    def narrowed(self, question: Question) -> Question:
        """``question`` about the chosen version and day only."""
        return replace(question, filters=self._filters(question), period=self._period(question))

    def _filters(self, question: Question) -> Filters:
        if not self.version:
            return question.filters
        name, number = _FACETS[self.part]
        chosen = {name: self.version} | ({number: self.version_number} if number else {})
        return question.filters.having(**chosen)

    def _period(self, question: Question) -> Period:
        if not self.day:
            return question.period
        starts = datetime.combine(self.day, time(), UTC)
        ends = starts + timedelta(days=7 if self.step == "week" else 1)
        return Period(
            since=max(question.period.since, starts), until=min(question.period.until, ends)
        )


def look_from_query(query: Mapping[str, str], period: Period) -> Look:
    """What a query string asks for; what cannot be understood is as by default."""
    part, step = query.get(BY, ""), query.get(STEP, "")
    is_short = period.until - period.since <= _LONGEST_BY_DAY
    state, ending = query.get(STATE, ""), query.get(ENDING, "")
    return Look(
        rule=query.get(RULE, ""),
        step=_NAMED_STEPS.get(step, "day" if is_short else "week"),
        part=_NAMED_PARTS.get(part, "cohort"),
        version=query.get(VERSION, ""),
        version_number=query.get(VERSION_NUMBER, ""),
        day=_day(query.get(DAY, "")),
        state=state if state in STATES else "",
        ending=ending if ending in ENDINGS else "",
        why=query.get(WHY, ""),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
