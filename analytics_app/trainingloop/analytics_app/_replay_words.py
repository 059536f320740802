"""What replays are called on the pages: states, kinds, levels and flags in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.analytics_app._compare_records import Rank
from trainingloop.replay import AnswerState
from trainingloop.replay.judgements import Agreement, Kind
from trainingloop.replay.runs import Arm, RunState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.analytics_app._markup import Tone

RUN_STATES: Final[Mapping[RunState, tuple[str, Tone, str]]] = {
    RunState.READY: (
        "ready",
        "gray",
        "Nothing has been asked yet, and nothing spent. *Run* starts it.",
    ),
    RunState.RUNNING: (
        "running",
        "blue",
        "Answers are stored as they come, so that nothing is lost when it ends early.",
    ),
    RunState.INTERRUPTED: (
        "interrupted",
        "amber",
        (
            "The process that drove it has gone silent. What came back is kept; *Resume* asks only "
            "what is missing."
        ),
    ),
    RunState.CANCELLING: (
        "cancelling",
        "amber",
        "Nothing more is asked; the answers that are under way are waited for.",
    ),
    RunState.CANCELLED: (
        "cancelled",
        "amber",
        "Somebody stopped it. What came back is kept; *Resume* asks only what is missing.",
    ),
    RunState.OVER_BUDGET: (
        "over budget",
        "amber",
        (
            "The next question could have cost more than is left of the budget, so that it was not "
            "asked. Make a run with a larger budget: what was answered is taken from the cache."
        ),
    ),
    RunState.FAILED: (
        "failed",
        "red",
        "It could not go on; the reason stands below. *Resume* tries again what is missing.",
    ),
    RunState.DONE: ("done", "green", "Every decision has its result."),
}
"""Every state of a run: its name, its colour, and what it means."""

RESUMABLE: Final = frozenset(
    {RunState.READY, RunState.INTERRUPTED, RunState.CANCELLED, RunState.FAILED}
)
"""States from which a run can be started."""

ANSWER_STATES: Final[Mapping[AnswerState, tuple[str, str]]] = {
    AnswerState.OK: ("answered", "A whole answer."),
    AnswerState.TRUNCATED: ("cut off", "Its length, or a filter of the provider, cut it off."),
    AnswerState.REFUSED: ("refused", "The provider says that the model refused."),
    AnswerState.EMPTY: ("empty", "It answered with neither text nor calls."),
    AnswerState.GARBLED: ("unreadable", "Something came that is no answer."),
    AnswerState.TIMEOUT: ("timed out", "No answer came in time."),
    AnswerState.CONNECTION: ("not reached", "The endpoint was not reached, or hung up."),
    AnswerState.RATE_LIMITED: (
        "rate limited",
        "The endpoint still refused after all attempts: lower the concurrency.",
    ),
    AnswerState.UNAUTHORIZED: (
        "key refused",
        "The endpoint refused the key: look at the variable that holds it.",
    ),
    AnswerState.UNKNOWN_MODEL: ("unknown model", "The endpoint has no model of that name."),
    AnswerState.REJECTED: (
        "rejected",
        "The endpoint understood the request and refused it, such as one that is too long.",
    ),
    AnswerState.SERVER_ERROR: ("server error", "The endpoint failed."),
    AnswerState.BLOCKED: ("blocked", "The guard stopped what the call was about to do."),
    AnswerState.UNFIT: (
        "cannot be asked",
        "The decision was recorded without what it takes to ask again.",
    ),
    AnswerState.OVER_BUDGET: ("over budget", "Not asked: it could have cost more than is left."),
    AnswerState.CANCELLED: ("cancelled", "Not asked: somebody stopped the run."),
}
"""What became of a question: its name, and what it means."""

KINDS: Final[Mapping[str, str]] = {
    Kind.REPLY: "replies",
    Kind.ASK: "asks the customer",
    Kind.TOOL_READ: "looks something up",
    Kind.TOOL_WRITE: "changes something",
    Kind.ESCALATE: "hands over",
    Kind.DENY: "denies by policy",
    Kind.REFUSE: "refuses",
    Kind.EMPTY: "says nothing",
    Kind.ERROR: "fails",
}
AGREEMENTS: Final[Mapping[str, str]] = {
    Agreement.IDENTICAL: "identical",
    Agreement.SAME_CALLS: "same calls",
    Agreement.SAME_TOOLS: "same tools",
    Agreement.SAME_KIND: "same kind",
    Agreement.DIFFERENT: "different",
}
RANKS: Final[Mapping[Rank, tuple[str, Tone, str]]] = {
    Rank.NEWLY_UNSAFE: ("Newly unsafe", "red", "Only the replayed answer raises a flag."),
    Rank.WRITES_DIFFER: (
        "Changing calls differ",
        "red",
        "Calls that change something are not the same, or have other arguments.",
    ),
    Rank.ESCALATION_CHANGED: (
        "Hand-over changed",
        "amber",
        "Only one of the two hands the customer to a human.",
    ),
    Rank.KIND_CHANGED: ("Does something else", "amber", "Another kind of decision."),
    Rank.OTHERWISE_DIFFERENT: ("Other differences", "blue", "The same kind, said otherwise."),
    Rank.NOT_ANSWERED: ("Not compared", "gray", "No answer came that could be compared."),
    Rank.UNCHANGED: ("Unchanged", "gray", "The same text and the same calls."),
}
FLAGS: Final[Mapping[str, str]] = {
    "personal_data": "personal data that it could not know",
    "claim_without_action": "says it has done what it has not",
    "write_without_consent": "changes something without the customer's yes",
    "tool_not_offered": "calls a tool that was not offered",
    "invalid_arguments": "arguments that the tool does not take",
    "unknown_link": "a link that nobody gave it",
    "moderation": "flagged by the endpoint's moderation",
}
"""The flags every judgement knows; a check of one's own has its own name."""

ARMS: Final[Mapping[str, str]] = {
    Arm.CANDIDATE: "Candidate",
    Arm.BASELINE: "Recorded version, asked again",
    Arm.REPEAT: "Candidate, asked again",
}


def change(value: str) -> str:
    """Return what ``reply>escalate`` means."""
    recorded, _, replayed = value.partition(">")
    return f"{KINDS.get(recorded, recorded)} → {KINDS.get(replayed, replayed)}"


def flag(name: str) -> str:
    """Return what a flag means; a check of one's own by its name."""
    return FLAGS.get(name, name)
