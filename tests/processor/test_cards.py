"""Card numbers of all networks, in the ways people write them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from trainingloop.processor import Redactor


# The first digits and the length of a number of each network, old and regional ones included.
_NETWORKS: Final = (
    ("4", 13), ("4", 16), ("4", 19), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16),
    ("2200", 16), ("34", 15), ("37", 15), ("300", 14), ("305", 14), ("3095", 14), ("36", 14),
    ("38", 14), ("6011", 16), ("644", 16), ("65", 16), ("3530", 16), ("2131", 15), ("1800", 15),
    ("5018", 16), ("0604", 12), ("6304", 12), ("6759", 13), ("6761", 14), ("56", 17), ("62", 16),
    ("62", 19), ("5067", 16), ("6062", 16), ("9792", 16), ("5061", 19), ("5019", 16),
)  # fmt: skip
_SENTENCES: Final = (
    "{}",
    "pay with {} please",
    "ok its {} lol",
    "card no {} exp 12/28 cvv 123",
    "{} 12/28 123",
    "({}) was declined",
    "charge {}, then call me",
)
_LEAST_RECALL: Final = 0.99


@pytest.mark.parametrize("separator", ["", " ", "-", ".", "  "])
@pytest.mark.parametrize("sentence", _SENTENCES)
def test_finds_the_cards_of_all_networks(redactor: Redactor, sentence: str, separator: str) -> None:
    """In groups of four or in one, alone or in a sentence."""
    written = [separator.join(_fours(number)) for number in _numbers()]

    missed = [card for card in written if not _is_covered(redactor, sentence, card)]

    assert 1 - len(missed) / len(written) >= _LEAST_RECALL


@pytest.mark.parametrize(
    "card",
    [
        "3782 822463 10005",
        "3782-822463-10005",
        "4000 0000 0000 0000 006",
        "41 11 11 11 11 11 11 11",
        "411111 1111111111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "(4111) 1111 1111 1111",
    ],
)
def test_finds_a_card_in_odd_groups(redactor: Redactor, card: str) -> None:
    """People pause where they like."""
    assert _is_covered(redactor, "use {} for it", card)


@pytest.mark.parametrize(
    "text",
    [
        "card 4111 1111 1111 1112",
        "my card: 1234 5678 9012 3456",
        "pan 4111111111111112",
        "my card number is 1234567812345678",
        "kreditkarte 3782 822463 10006",
    ],
)
def test_a_number_that_is_called_a_card_is_one_with_a_wrong_digit_too(
    redactor: Redactor, text: str
) -> None:
    """A typing error is no reason to keep the rest of the number."""
    redacted = redactor.text(text)

    assert redacted.endswith("<CARD>")
    assert not any(character.isdigit() for character in redacted)


@pytest.mark.parametrize(
    "text",
    [
        "**** **** **** 1111",
        "XXXX-XXXX-XXXX-1234",
        "visa ending in 4242",
        "imei 353012345678901",
        "353012345678906",
        "1763808300123",
        "at 0.4111111111111111 of it",
    ],
)
def test_keeps_what_is_no_whole_card(redactor: Redactor, text: str) -> None:
    """The last four digits, a device, a time and a fraction."""
    assert redactor.text(text) == text


def test_a_phone_number_beside_a_card_goes_too(redactor: Redactor) -> None:
    """Only spaces stand between them."""
    redacted = redactor.text("4111 1111 1111 1111 0176 1234567 4242 4242 4242 4242")

    assert redacted.startswith("<CARD> <PHONE_")
    assert redacted.endswith("> <CARD>")


@pytest.mark.parametrize(
    "text",
    ["601 12 34 56 / 601 12 34 56", "415-555-0100 415-555-0123", "415-555-0104 415-555-0123"],
)
def test_two_phone_numbers_side_by_side_are_no_card(redactor: Redactor, text: str) -> None:
    """Though some of their digits in a row may have the check digit of one."""
    found = redactor.explain(text)

    assert [finding.type for finding in found] == ["PHONE", "PHONE"]


def test_a_valid_card_is_surer_than_a_named_one(redactor: Redactor) -> None:
    """Scores tell what a check digit settled from what a word did."""
    valid, named = redactor.explain("card 4111111111111111 and card 4111111111111112")

    assert valid.score == 1.0
    assert named.score < valid.score


def _numbers() -> list[str]:
    chance = random.Random(20261122)
    bodies = (
        (beginning + "".join(chance.choices("0123456789", k=length)))[: length - 1]
        for beginning, length in _NETWORKS
        for _ in range(4)
    )
    return [body + _check_digit(body) for body in bodies]


def _check_digit(body: str) -> str:
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in body[-1::-2])
    return str(-(doubled + sum(int(digit) for digit in body[-2::-2])) % 10)


def _fours(number: str) -> list[str]:
    return [number[start : start + 4] for start in range(0, len(number), 4)]


def _is_covered(redactor: Redactor, sentence: str, card: str) -> bool:
    """Whether a finding named a card covers every digit of it."""
    begin = sentence.index("{}")
    text = sentence.format(card)
    found = [finding for finding in redactor.explain(text) if finding.type == "CARD"]
    return all(
        any(finding.start <= offset < finding.end for finding in found)
        for offset in range(begin, begin + len(card))
        if text[offset].isdigit()
    )
