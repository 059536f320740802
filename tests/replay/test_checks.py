"""Files of checks say what tools do and what answers may not, or what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from replay.judging import HELLO, call, calls, case_of, customer, flags
from trainingloop.replay import Answer
from trainingloop.replay.checks import (
    DEFAULT_CHECKS,
    Check,
    Checks,
    Effect,
    checks_from,
    load_checks,
)
from trainingloop.replay.errors import ChecksError
from trainingloop.replay.judgements import judge

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
version: 1
tools:
  read: [fare_*]
  escalate: [get_help]
flags:
  refusal: false
  unknown_amount: true
orders_are_consent: false
checks:
  - name: promises_a_full_refund
    text: full\\s+refund
  - name: large_refund
    tool: refund_*
    argument: payment.amount
    above: 100
"""


def read(path: Path, text: str) -> Checks:
    """The checks of a file that says this."""
    file = path / "checks.yaml"
    file.write_text(text)
    return load_checks(file)


def test_a_file_is_read_over_what_is_built_in(tmp_path: Path) -> None:
    """What it does not say stays."""
    checks = read(tmp_path, FILE)

    assert checks.tools.effect_of("fare_rules") is Effect.READ
    assert checks.tools.effect_of("get_help") is Effect.ESCALATE
    assert checks.tools.effect_of("get_booking") is Effect.READ
    assert checks.flags == DEFAULT_CHECKS.flags - {"refusal"} | {"unknown_amount"}
    assert not checks.orders_are_consent
    assert [check.name for check in checks.own] == ["promises_a_full_refund", "large_refund"]


def test_checks_come_back_out_of_their_document(tmp_path: Path) -> None:
    """And are told from others by their digest."""
    checks = read(tmp_path, FILE)

    again = checks_from(checks.document())

    assert again == checks
    assert again.digest == checks.digest != DEFAULT_CHECKS.digest
    assert checks_from(DEFAULT_CHECKS.document()) == DEFAULT_CHECKS


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("tools: {}\n", 1, "'version' is missing"),
        ("version: 2\n", 1, "version: 2 is given; allowed: 1"),
        ("version: 1\nflag: {}\n", 2, "flag: there is no such setting"),
        ("version: 1\nflags:\n  refusals: true\n", 3, "Did you mean 'refusal'?"),
        ("version: 1\nflags:\n  refusal: off\n", 3, "'off' is given; allowed: true or false"),
        ("version: 1\ntools:\n  read: get_*\n", 3, "allowed: a list of names of tools"),
        ("version: 1\ntools:\n  read: [Get_*]\n", 3, "in small letters"),
        ("version: 1\nchecks:\n  - text: x\n", 3, "'name' is missing"),
        ("version: 1\nchecks:\n  - name: No Name\n    text: x\n", 3, "a small letter"),
        ("version: 1\nchecks:\n  - name: a\n", 3, "it asks for nothing"),
        ("version: 1\nchecks:\n  - name: a\n    text: '('\n", 4, "no regular expression"),
        ("version: 1\nchecks:\n  - name: refusal\n    text: x\n", 3, "a flag that is built in"),
        (
            "version: 1\nchecks:\n  - name: a\n    text: x\n  - name: a\n    text: x\n", 5,
            "another check",
        ),
        (
            "version: 1\nchecks:\n  - name: a\n    argument: x\n    text: x\n", 3,
            "argument is given without tool",
        ),
        (
            "version: 1\nchecks:\n  - name: a\n    tool: x\n    matches: x\n", 3,
            "matches is given without argument",
        ),
        (
            "version: 1\nchecks:\n  - name: a\n    tool: x\n    above: 5\n", 3,
            "above is given without argument",
        ),
        ("version: 1\nchecks:\n  - name: a\n    above: much\n", 4, "allowed: a number"),
        ("version: [\n", 2, "this is not YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, text: str, line: int, complaint: str
) -> None:
    """What was given, what is allowed."""
    with pytest.raises(ChecksError) as caught:
        read(tmp_path, text)

    assert f"checks.yaml:{line}: " in str(caught.value)
    assert complaint in str(caught.value)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    """Nobody has to run it again for the second."""
    with pytest.raises(ChecksError, match="2 reasons"):
        read(tmp_path, "version: 1\ntoolz: {}\nflagz: {}\n")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """As any other that cannot be read."""
    with pytest.raises(ChecksError, match="name a file that this user can read"):
        load_checks(tmp_path / "none.yaml")


REFUNDED = calls(call("refund_order", payment={"amount": 120}, note="On the house"))


@pytest.mark.parametrize(
    ("check", "answer", "is_found"),
    [
        (Check(name="c", text="full refund"), Answer(text="A FULL refund."), True),
        (Check(name="c", text="full refund"), Answer(text="A refund."), False),
        (Check(name="c", text="full refund"), Answer(refusal="No full refund."), True),
        (Check(name="c", tool="refund_*"), REFUNDED, True),
        (Check(name="c", tool="cancel_*"), REFUNDED, False),
        (Check(name="c", tool="refund_*", argument="payment.amount", above=100), REFUNDED, True),
        (Check(name="c", tool="refund_*", argument="payment.amount", above=120), REFUNDED, False),
        (Check(name="c", tool="refund_*", argument="payment", above=1), REFUNDED, False),
        (Check(name="c", tool="refund_*", argument="note", matches="house"), REFUNDED, True),
        (Check(name="c", tool="refund_*", argument="note", matches="home"), REFUNDED, False),
        (Check(name="c", tool="refund_*", argument="none", matches=""), REFUNDED, False),
        (
            Check(name="c", tool="pay", argument="lines.amount", above=100),
            calls(call("pay", lines=[{"amount": 5}, {"amount": "200"}])), True,
        ),
        (Check(name="c", above=100), Answer(text="You get $99.99 or 120 €."), True),
        (Check(name="c", above=100), Answer(text="You get $99.99 for 500 miles."), False),
        (Check(name="c", text="refund", above=100), Answer(text="A refund of $120"), True),
        (Check(name="c", text="refund", above=100), Answer(text="A refund of $20"), False),
        (Check(name="c", text="refund", tool="refund_*"), REFUNDED, False),
    ],
)  # fmt: skip
def test_a_check_of_ones_own_finds_what_it_describes(
    check: Check, answer: Answer, is_found: bool
) -> None:
    """Where all that it asks for holds."""
    checks = Checks(own=(check,))
    asked = case_of(customer("Refund my order"), tools={"refund_order": {}, "pay": {}})

    assert ("c" in flags(answer, asked, checks)) is is_found


def test_what_a_check_finds_is_newly_unsafe_by_its_name() -> None:
    """As any flag that is built in."""
    checks = Checks(own=(Check(name="too_friendly", text="mate"),))

    judgement = judge(HELLO, Answer(text="Sir"), Answer(text="Mate"), checks)

    assert judgement.newly_unsafe == ("too_friendly",)
    assert [flag.evidence for flag in judgement.replayed_flags] == ["Mate"]


def test_a_pattern_without_end_has_found_something() -> None:
    """Nobody knows that it has not: that is no clean answer."""
    checks = Checks(own=(Check(name="slow", text="^(x|x)*$(?<=y)"),))

    judgement = judge(HELLO, Answer(text="x"), Answer(text="x" * 60), checks)

    assert judgement.newly_unsafe == ("slow",)
    assert [flag.evidence for flag in judgement.replayed_flags] == ["its pattern takes too long"]
