"""The sentences that explain an outcome, for people who lead a support team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from trainingloop.outcomes._explanation import Evidence
    from trainingloop.outcomes._rule import Rule

_INBOUND: Final = "event.kind = 'inbound'"
_ESCALATION: Final = "event.kind = 'escalation'"
_LONGEST_QUOTE: Final = 80
_LATE: Final = timedelta(hours=1)
_AT_ONCE: Final = timedelta(seconds=1)
_NOUNS: Final = {"message": "this answer", "tool_call": "this tool call"}
_MONTHS: Final = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
_ENDINGS: Final = {
    "resolved_by_assistant": "The conversation was then closed as resolved{how}, "
    "and no human took part.",
    "resolved_by_human": "A human took over before it ended{how}, "
    "so the assistant did not resolve it alone.",
    "timed_out": "The conversation was then closed because nobody wrote any more{how}, "
    "so this is no proof of success.",
    "customer_left": "The customer then left the conversation{how}, "
    "so this is no proof of success.",
    "unknown": "The conversation then went silent: nobody said how it ended, "
    "so this is no proof of success.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The decision that is explained."""

    kind: str
    decided_at: datetime
    ended_at: datetime
    recorded_at: datetime

    @property
    def noun(self) -> str:
        """What it is called in a sentence."""
        return _NOUNS.get(self.kind, "this decision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a rule found, with what it rests on."""

    decided: Decided
    rule: Rule
    state: str
    ending: str
    is_attributed: bool
    matures_at: datetime
    evidence: Evidence | None
    ended_by: Evidence | None
    """The event that says how the conversation ended."""
    counted_for: str
    now: datetime

    @property
    def window(self) -> timedelta:
        """How long the rule waits."""
        return self.matures_at - self.decided.ended_at


def headline(judged: Judged) -> str:
    """The rule and its state, and that it counts elsewhere."""
    if judged.state == "pending":
        return f"{judged.rule.id}: pending until {moment(judged.matures_at, judged.now)}"
    if judged.evidence and not judged.is_attributed:
        return f"{judged.rule.id}: {judged.state}, but counted for another decision"
    return f"{judged.rule.id}: {judged.state}"


def sentences(judged: Judged) -> tuple[str, ...]:
    """Why it is so, what is special about the evidence, and how it counts."""
    said = [_reason(judged)]
    if judged.evidence is not None:
        said += [_derived(judged.evidence), _late(judged, judged.evidence)]
    if judged.ending:
        said.append(_ending(judged))
    said += [_attribution(judged), _maturity(judged)]
    return tuple(filter(None, said))


def _reason(judged: Judged) -> str:
    if judged.evidence is not None:
        fits = f", which fits the rule “{judged.rule.title}”" if _is_own(judged.rule) else ""
        return f"{_happened(judged.evidence)} {_when(judged, judged.evidence)}{fits}."
    nothing, window = _nothing(judged.rule), exact_span(judged.window)
    if judged.state == "pending":
        return f"{nothing} yet; the rule waits {window}."
    until = moment(judged.matures_at, judged.now)
    return f"{nothing} in the {window} after {judged.decided.noun} (until {until})."


def _nothing(rule: Rule) -> str:
    """What did not happen, as the beginning of a sentence."""
    if rule.when == _INBOUND:
        return "Nothing came from the customer"
    if rule.when == _ESCALATION:
        return "Nobody handed it to a human"
    if _is_reported(rule):
        return f"Nobody reported {rule.id}"
    return f"Nothing came that fits the rule “{rule.title}”"


def _is_own(rule: Rule) -> bool:
    """Whether what the rule looks for is said by its title alone."""
    return rule.when not in {_INBOUND, _ESCALATION} and not _is_reported(rule)


def _is_reported(rule: Rule) -> bool:
    return rule.when.startswith("event.kind = 'outcome' AND event.outcome = ")


def _happened(event: Evidence) -> str:
    match event.kind:
        case "inbound":
            return "The customer wrote"
        case "escalation":
            return "It was handed to a human"
        case "close":
            return "The conversation was closed"
        case _:
            return f"{event.outcome or event.kind} was reported as {quoted(event.value)}"


def _when(judged: Judged, event: Evidence) -> str:
    gap = event.occurred_at - judged.decided.ended_at
    noun = judged.decided.noun
    at = time_of_day(event.occurred_at, judged.decided.ended_at)
    details = "".join(f", {detail}" for detail in _details(event))
    if gap <= _AT_ONCE:
        return f"at the moment {noun} ended ({at}{details})"
    return f"{span(gap)} after {noun} ({at}{details})"


def _details(event: Evidence) -> list[str]:
    details: list[str] = []
    if event.kind == "inbound" and event.text:
        details.append(f"message {quoted(event.text)}")
    if event.target and not event.is_derived:
        details.append(f"to {quoted(event.target)}")
    if event.reason and not event.is_derived:
        details.append(f"reason {quoted(event.reason)}")
    return details


def _derived(event: Evidence) -> str:
    if not event.is_derived:
        return ""
    if event.kind == "inbound":
        how = "the next model call contained a newer customer message"
    else:
        tool = event.reason.removeprefix("called ")
        tool = f" ({tool})" if tool else ""
        how = f"the assistant called a tool that hands over{tool}"
    return f"Nobody reported it: it was seen because {how}."


def _late(judged: Judged, event: Evidence) -> str:
    """Said of what came in much later than the decision did, each against its own time."""
    own_delay = max(timedelta(), judged.decided.recorded_at - judged.decided.ended_at)
    delay = event.recorded_at - event.occurred_at - own_delay
    if event.is_derived or delay < _LATE:
        return ""
    return f"It was reported {span(delay)} later, but it happened inside the window, so it counts."


def _ending(judged: Judged) -> str:
    how = ""
    if (event := judged.ended_by) is not None:
        at = time_of_day(event.occurred_at, judged.decided.ended_at)
        how = "".join([f" ({at}", *(f", {detail}" for detail in _details(event)), ")"])
    return _ENDINGS.get(judged.ending, "").replace("{how}", how)


def _attribution(judged: Judged) -> str:
    noun, event = judged.decided.noun, judged.evidence
    if judged.decided.kind not in _NOUNS:
        return "Rates do not count it here: the answer that follows a playbook's choice is counted."
    if judged.is_attributed and event is not None:
        if event.kind == "outcome" and event.decision_id:
            return f"Counted for {noun} because the report names it."
        return f"Counted for {noun} because no other AI decision lies between."
    if judged.is_attributed:
        return "" if judged.state == "pending" else f"Counted for {noun}, the last of its turn."
    named = f" ({judged.counted_for})" if judged.counted_for else ""
    if event is not None:
        return f"Counted for a later decision{named}, which was the last before {_event(event)}."
    return f"Not counted for {noun}: a later decision{named} was the last of its turn."


def _event(event: Evidence) -> str:
    known = {"inbound": "the customer wrote", "escalation": "the hand-over"}
    return known.get(event.kind, "it happened")


def _maturity(judged: Judged) -> str:
    if judged.state == "pending" or judged.matures_at <= judged.now or not judged.is_attributed:
        return ""
    until = moment(judged.matures_at, judged.now)
    return f"Rates include it from {until} on, when the window has passed."


def quoted(text: str) -> str:
    """The beginning of a text in quotes, on one line."""
    line = " ".join(text.split())
    cut = line if len(line) <= _LONGEST_QUOTE else f"{line[: _LONGEST_QUOTE - 1]}…"
    return f"“{cut}”"


def moment(at: datetime, near: datetime) -> str:
    """A time in UTC with its day, and with the year where that of ``near`` is another."""
    at, near = at.astimezone(UTC), near.astimezone(UTC)
    day = f"{at.day} {_MONTHS[at.month - 1]}"
    return f"{day} {at:%H:%M} UTC" if at.year == near.year else f"{day} {at:%Y %H:%M} UTC"


def time_of_day(at: datetime, near: datetime) -> str:
    """A time in UTC, with its day where that of ``near`` is another."""
    is_same_day = at.astimezone(UTC).date() == near.astimezone(UTC).date()
    return f"{at.astimezone(UTC):%H:%M} UTC" if is_same_day else moment(at, near)


_STEPS: Final = (("day", 86400, 4 * 86400), ("hour", 3600, 90 * 60), ("minute", 60, 90))
"""Each unit with its seconds, and from how many on people use it."""


def span(time: timedelta) -> str:
    """About how long it was, such as ``12 minutes``."""
    seconds = time.total_seconds()
    for unit, length, least in _STEPS:
        if seconds >= least:
            return _counted(round(seconds / length), unit)
    return _counted(max(1, round(seconds)), "second")


def exact_span(time: timedelta) -> str:
    """A window as a rule has it, such as ``72 hours``."""
    seconds = round(time.total_seconds())
    for unit, length, least in (*_STEPS[:1], ("hour", 3600, 3600), ("minute", 60, 60)):
        if seconds >= least and seconds % length == 0:
            return _counted(seconds // length, unit)
    return span(time)


def _counted(number: int, unit: str) -> str:
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"
