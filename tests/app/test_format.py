"""Numbers, times, JSON and markup as people read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingloop.analytics_app import _format, _markup


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 min"), (45, "45 min"), (240, "4 h"), (250, "4 h 10 min"), (3080, "2 d 3 h")],
)
def test_a_pause_is_told_in_its_two_largest_units(minutes: int, text: str) -> None:
    """Minutes do not matter after days."""
    assert _format.pause(timedelta(minutes=minutes)) == text


@pytest.mark.parametrize(
    ("amount", "text"), [(0, "$0.00"), (0.0004, "$0.0004"), (0.25, "$0.25"), (1234.5, "$1,234.50")]
)
def test_an_amount_of_money_has_the_digits_it_takes_to_see_it(amount: float, text: str) -> None:
    """A question costs fractions of a cent."""
    assert _format.dollars(amount) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (40, "40 s"), (89, "89 s"), (90, "2 min"), (7500, "2 h 5 min")],
)
def test_a_time_that_is_left_is_told_roughly(seconds: float, text: str) -> None:
    """Minutes from where seconds do not matter."""
    assert _format.span(seconds) == text


def test_a_duration_that_nobody_measured_is_not_told() -> None:
    """An imported transcript has none, and "0 ms" would be a claim."""
    assert _format.duration(0) == ""


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0.25, "0.25 ms"), (5, "5 ms"), (1200, "1.2 s"), (180_000, "3 min")],
)
def test_a_duration_has_a_unit_that_fits(milliseconds: float, text: str) -> None:
    """From a fraction of a millisecond to minutes."""
    assert _format.duration(milliseconds) == text


def test_a_share_is_never_a_bare_percentage() -> None:
    """Both numbers stand beside it."""
    assert _format.share(1, 8) == "12.5% (1 of 8)"
    assert _format.share(0, 0) == "none"


def test_one_of_something_has_no_plural() -> None:
    """A small courtesy."""
    assert _format.counted(1, "message") == "1 message"
    assert _format.counted(12345, "message") == "12,345 messages"


def test_text_that_is_no_json_is_left_alone() -> None:
    """A tool may answer with words."""
    assert _format.pretty_json("done") == "done"


def test_short_json_stays_on_one_line() -> None:
    """Most arguments of tools are short; a long value is indented."""
    assert _format.pretty_json('{"a":1}') == '{"a": 1}'
    assert _format.pretty_json({"a": "b" * 80}).splitlines()[0] == "{"


def test_half_a_character_can_still_be_shown() -> None:
    """JSON can write it by an escape: one value must not take the page with it."""
    assert _format.pretty_json('{"a": "\\ud800"}') == '{"a": "?"}'


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_no_text_can_open_a_tag(text: str) -> None:
    """What is left of it when our own tags are taken away has no angle bracket."""
    body = _markup.literal(text)

    for own in ('<div class="tl-text">', "</div>", '<span class="tl-token">', "</span>"):
        body = body.replace(own, "")
    assert "<" not in body
    assert ">" not in body


@pytest.mark.parametrize("token", ["<PHONE_7f3k2q9d>", "<US_SSN_abcd2345>", "<REDACTION_FAILED>"])
def test_a_redaction_token_is_set_apart_and_spelled_out(token: str) -> None:
    """A reader sees that something was replaced, and by what."""
    body = _markup.literal(f"call {token}")

    escaped = token.replace("<", "&lt;").replace(">", "&gt;")
    assert f'<span class="tl-token">{escaped}</span>' in body


def test_an_endless_text_is_cut_and_says_so() -> None:
    """A browser has to draw it."""
    body = _markup.literal("a" * 60_000)

    assert "10,000 more characters" in body
