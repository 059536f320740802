"""Votes as they are asked for: JSON in, typed and checked out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, cast

from trainingloop.feedback.errors import BadVoteError

if TYPE_CHECKING:
    from collections.abc import Mapping

VALUES: Final[Mapping[str, int]] = {"up": 1, "down": -1, "retract": 0}
"""What a vote can say, and how it is stored; 0 takes back what the reviewer said before."""

REASONS: Final = ("helpful", "unhelpful", "incorrect", "inappropriate", "other")
"""What a reviewer can give as the reason."""

MOST_VOTES: Final = 1000
_MOST_REVIEWER_CHARACTERS: Final = 200
_MOST_ID_CHARACTERS: Final = 200
_MOST_NOTE_CHARACTERS: Final = 10_000
_MOST_CORRECTION_CHARACTERS: Final = 100_000
_MOST_AHEAD: Final = timedelta(days=1)
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SOURCES: Final = ("api", "pages")
_KEYS: Final = frozenset(
    {
        "tenant",
        "decision_id",
        "response_id",
        "reviewer",
        "value",
        "reason",
        "note",
        "correction",
        "vote_id",
        "voted_at",
        "source",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A vote before its decision is looked up and its words are redacted."""

    decision_id: str
    """The decision, or "" where the vote names a response."""
    response_id: str
    """The model's own id of the answer, or ""."""
    reviewer: str
    value: int
    reason: str
    note: str
    correction: str
    vote_id: str
    """The idempotency key, or "" when the sender made none."""
    voted_at: datetime | None
    """None when the sender did not say: now."""
    source: str


def asked_votes(document: Mapping[str, object], *, now: datetime) -> list[Asked]:
    """Return the votes of a document: those under ``votes``, or the one it is itself.

    Raises:
        BadVoteError: one of them cannot be understood.
    """
    if "votes" not in document:
        return [_asked(document, now)]
    if unknown := sorted(document.keys() - {"tenant", "votes"}):
        raise BadVoteError(f"beside 'votes' stands nothing but 'tenant': leave out {unknown[0]!r}")
    votes = document["votes"]
    if not isinstance(votes, list) or not 1 <= len(cast("list[object]", votes)) <= MOST_VOTES:
        raise BadVoteError(f"'votes' must be a list of 1 to {MOST_VOTES} votes")
    asked: list[Asked] = []
    for number, vote in enumerate(cast("list[object]", votes)):
        if not isinstance(vote, dict):
            raise BadVoteError(f"vote {number} of 'votes' must be an object: see docs/feedback.md")
        try:
            asked.append(_asked(cast("dict[str, object]", vote), now))
        except BadVoteError as error:
            raise BadVoteError(f"vote {number} of 'votes': {error}") from error
    return asked


def _asked(vote: Mapping[str, object], now: datetime) -> Asked:
    if vote.keys() - _KEYS:
        raise BadVoteError(f"a vote has only these keys: {', '.join(sorted(_KEYS))}")
    asked = Asked(
        decision_id=_text(vote, "decision_id", most=_MOST_ID_CHARACTERS),
        response_id=_text(vote, "response_id", most=_MOST_ID_CHARACTERS),
        reviewer=_text(vote, "reviewer", most=_MOST_REVIEWER_CHARACTERS),
        value=VALUES[_one_of(vote, "value", tuple(VALUES))],
        reason=_one_of(vote, "reason", REASONS, default=""),
        note=_text(vote, "note", most=_MOST_NOTE_CHARACTERS),
        correction=_text(vote, "correction", most=_MOST_CORRECTION_CHARACTERS),
        vote_id=_text(vote, "vote_id", most=_MOST_ID_CHARACTERS),
        voted_at=_time(vote, now),
        source=_one_of(vote, "source", _SOURCES, default="api"),
    )
    _check(asked)
    return asked


def _check(asked: Asked) -> None:
    if bool(asked.decision_id) == bool(asked.response_id):
        raise BadVoteError("name the decision by either 'decision_id' or 'response_id'")
    if not asked.reviewer.strip():
        raise BadVoteError(
            f"'reviewer' must be 1 to {_MOST_REVIEWER_CHARACTERS} characters: who votes"
        )
    if not asked.value and (asked.reason or asked.note or asked.correction):
        raise BadVoteError(
            "a vote that is taken back has no reason, note or correction: leave them out, "
            "or vote 'up' or 'down'"
        )


def _text(vote: Mapping[str, object], name: str, *, most: int) -> str:
    value = vote.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most or not _is_unicode(value):
        raise BadVoteError(f"{name!r} must be text of at most {most:,} characters")
    return value


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _one_of(
    vote: Mapping[str, object], name: str, allowed: tuple[str, ...], *, default: str | None = None
) -> str:
    value = vote.get(name)
    if default is not None and value in (None, ""):
        return default
    if not isinstance(value, str) or value not in allowed:
        raise BadVoteError(f"{name!r} must be one of {', '.join(allowed)}")
    return value


def _time(vote: Mapping[str, object], now: datetime) -> datetime | None:
    value = vote.get("voted_at")
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise BadVoteError(
            "'voted_at' must be a time in ISO 8601 with its offset, such as 2026-11-22T14:00:00Z"
        )
    if not _EARLIEST <= at <= now + _MOST_AHEAD:
        raise BadVoteError(
            "'voted_at' must lie after 1970 and at most a day ahead of this machine's clock: "
            "correct the sender's clock, or leave it out for now"
        )
    return at.astimezone(UTC)
