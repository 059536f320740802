"""Dates of birth: a date goes where words make it one, and stays where none do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from trainingloop.processor import Redactor

CONTEXTS: Final = (
    "my date of birth is {}",
    "DOB {}",
    "d.o.b.: {}",
    "my bday is {}",
    "I was born in Leeds on {}",
    "nacido el {}",
    "fecha nac. {}",
    "mi cumpleaños es el {}",
    "geb. {}",
    "ich bin am {} geboren",
    "Geburtsdatum: {}",
    "né(e) le {}",
    "ma date de naissance est le {}",
    "nata a Roma il {}",
    "compleanno {}",
    "nasci em {}",
    "dt. nasc. {}",
    "geboortedatum: {}",
    "{} is my date of birth",
    "Ada, {} (dob)",
    "I have noted {} as your date of birth",
    "Consta {} como fecha de nacimiento",
    "la niña nació el {}",
    "minha filha nasceu em {}",
)
DATES: Final = (
    "1990-03-05", "1990/03/05", "05.03.1990", "5.3.1990", "5. 3. 1990", "03/05/90", "05 03 1990",
    "03051990", "March 3rd, 1990", "3rd of March 1990", "5-Mar-1990", "Mar 5 90", "3. März 1990",
    "3 de marzo de 1990", "1er mars 1990", "3 marzo 1990", "3 de março de 1990", "3 maart 1990",
)  # fmt: skip


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("date", DATES)
def test_finds_a_date_of_birth(redactor: Redactor, context: str, date: str) -> None:
    """Any way to write a date, beside any way to say that somebody was born."""
    text = context.format(date)

    redacted = redactor.text(text)

    assert date not in redacted
    assert "<DOB_" in redacted


@pytest.mark.parametrize("date", DATES)
def test_leaves_other_dates(redactor: Redactor, date: str) -> None:
    """When a flight leaves is no secret."""
    text = f"the flight leaves on {date} I think"

    assert redactor.text(text) == text


@pytest.mark.parametrize(
    "text",
    ["the 2024 born to run tour", "born to run 2024 tour", "a birthday party for 12", "I am 34"],
)
def test_leaves_years_and_ages(redactor: Redactor, text: str) -> None:
    """A year is one of birth only right behind the word; an age stays."""
    assert redactor.text(text) == text
