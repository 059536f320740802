"""The invented customers and what they could leak."""

from __future__ import annotations

import phonenumbers
import pytest

from trainingloop.demo._customers import customer

MANY = [customer(7, index) for index in range(200)]


def test_a_customer_depends_on_seed_and_number_alone() -> None:
    """The same seed gives the same person."""
    assert customer(7, 12) == customer(7, 12)
    assert customer(7, 12) != customer(8, 12)


def test_customers_come_from_five_countries() -> None:
    """Personal data looks different in each of them."""
    assert {person.country for person in MANY} == {"US", "GB", "DE", "FR", "AU"}


@pytest.mark.parametrize("index", range(0, 200, 10))
def test_phone_numbers_are_numbers_of_their_country(index: int) -> None:
    """A detector that checks numbers cannot tell them from real ones."""
    person = MANY[index]

    parsed = phonenumbers.parse(person.phone, person.country)

    assert phonenumbers.is_valid_number(parsed)


def test_cards_have_a_right_check_digit() -> None:
    """Every card passes the Luhn test, written here a second time."""
    for person in MANY:
        digits = [int(sign) for sign in person.card if sign.isdigit()]
        doubled = [digit if at % 2 else digit * 2 for at, digit in enumerate(digits)]
        assert len(digits) == 16
        assert sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0


def test_ibans_have_right_check_digits() -> None:
    """Every IBAN leaves the remainder 1, as ISO 13616 wants it."""
    for person in MANY:
        number = person.iban.replace(" ", "")
        rearranged = number[4:] + number[:4]
        assert int("".join(str(int(sign, 36)) for sign in rearranged)) % 97 == 1
