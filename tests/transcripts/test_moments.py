"""When the decisions of a transcript took place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from support.transcripts import SETTINGS, assistant, spans, user

if TYPE_CHECKING:
    from support.transcripts import WritesRows

NOON = int(datetime(2026, 3, 8, 12, tzinfo=UTC).timestamp()) * 10**9
SECOND = 10**9


def moments(write: WritesRows, *stamps: object, **row: object) -> list[int]:
    """Return when the messages with these timestamps took place."""
    messages = [
        user(str(number)) if stamp is None else user(str(number), timestamp=stamp)
        for number, stamp in enumerate(stamps)
    ]
    return [span.start_time_unix_nano for span in spans(write([{**row, "messages": messages}]))]


@pytest.mark.parametrize(
    "stamp",
    [
        "2026-03-08T12:00:00",
        "2026-03-08T12:00:00Z",
        "2026-03-08T14:00:00+02:00",
        "2026-03-08 12:00:00.000000",
        NOON // 10**9,
        NOON // 10**6,
        NOON // 10**3,
        NOON,
        str(NOON // 10**9),
    ],
)
def test_times_are_read_in_every_usual_form(write: WritesRows, stamp: object) -> None:
    """ISO 8601, without a zone as UTC; numbers of seconds down to nanoseconds."""
    assert moments(write, stamp) == [NOON]


@pytest.mark.parametrize("stamp", ["soon", "", 0, -5, 1e30, True, [], "0001-01-01", "1999-12-31"])
def test_what_is_no_time_counts_as_none(write: WritesRows, stamp: object) -> None:
    """A senseless time would put a decision where nobody looks."""
    assert moments(write, stamp) == [SETTINGS.end_ns]


def test_without_any_time_a_conversation_ends_when_the_file_was_written(write: WritesRows) -> None:
    """One second lies between its messages."""
    end = SETTINGS.end_ns

    assert moments(write, None, None, None) == [end - 2 * SECOND, end - SECOND, end]


def test_a_time_of_the_whole_row_is_when_it_ended(write: WritesRows) -> None:
    """It says more than the file's own time."""
    found = moments(write, None, None, end_time="2026-03-08T12:00:00")

    assert found == [NOON - SECOND, NOON]


def test_missing_times_are_a_second_from_their_neighbours(write: WritesRows) -> None:
    """Known times stay what they are."""
    found = moments(write, None, "2026-03-08T12:00:00", None, "2026-03-08T12:00:09")

    assert found == [NOON - SECOND, NOON, NOON + SECOND, NOON + 9 * SECOND]


def test_equal_times_keep_the_order_of_the_messages(write: WritesRows) -> None:
    """By a nanosecond, which no clock of a transcript can tell."""
    same = "2026-03-08T12:00:00"

    assert moments(write, same, same, same) == [NOON, NOON + 1, NOON + 2]


def test_how_long_an_answer_took_is_kept(write: WritesRows) -> None:
    """Where the transcript says it."""
    path = write([{"messages": [user(), assistant(generation_time_seconds=1.5)]}])

    decision = spans(path)[1]

    assert decision.end_time_unix_nano - decision.start_time_unix_nano == 1_500_000_000
