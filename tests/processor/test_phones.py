"""Phone numbers of all regions, in every format, with and without a word that names them."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Final

import phonenumbers
import pytest
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from processor.phone_layouts import derived_layouts
from trainingloop.processor._detectors.phone_layouts import MADE_FROM, TABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainingloop.processor import Redactor

_NAMED: Final = (
    "reach me on {}",
    "mein Handy {}",
    "my phone is {}",
    "call me at {} tomorrow",
    "mi teléfono es {}, gracias",
    "tel. {}",
    "whatsapp: {}",
    "mon numéro: {} merci",
    "il mio cellulare è {}",
    "phone number {} please",
)
_UNNAMED: Final = (
    "{}",
    "({})",
    "ok so {} works",
    "it's {} if you need",
    "{} \u2013 thanks!",
    "sure, {}",
    "2 adults, {}, arriving 2026-11-22",
    "my order is late, get me on {}",
    "total was 120 EUR, {}",
    "Guest: Ada\nNumber: {}\nNights: 3",
    "**{}**",
)
_KINDS: Final = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE)


def _formatted(form: int) -> Callable[[PhoneNumber], str]:
    return lambda number: phonenumbers.format_number(number, form)


def _joined(separator: str, *, form: int, head: str = "") -> Callable[[PhoneNumber], str]:
    def written(number: PhoneNumber) -> str:
        groups = re.findall(r"[0-9]+", phonenumbers.format_number(number, form))
        return head + separator.join(groups)

    return written


def _in_brackets(number: PhoneNumber) -> str:
    first, *rest = re.findall(
        r"[0-9]+", phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    )
    return f"({first}) {' '.join(rest)}" if rest else f"({first})"


_NATIONAL: Final = PhoneNumberFormat.NATIONAL
_INTERNATIONAL: Final = PhoneNumberFormat.INTERNATIONAL
_SPELLINGS: Final = {
    "E164": _formatted(PhoneNumberFormat.E164),
    "RFC3966": _formatted(PhoneNumberFormat.RFC3966),
    "international": _formatted(_INTERNATIONAL),
    "international, dashes": _joined("-", form=_INTERNATIONAL, head="+"),
    "international, dots": _joined(".", form=_INTERNATIONAL, head="+"),
    "00 and spaces": _joined(" ", form=_INTERNATIONAL, head="00"),
    "00": _joined("", form=_INTERNATIONAL, head="00"),
}
_NATIONAL_SPELLINGS: Final = {
    "national": _formatted(_NATIONAL),
    "national, spaces": _joined(" ", form=_NATIONAL),
    "national, dashes": _joined("-", form=_NATIONAL),
    "national, brackets": _in_brackets,
}


@pytest.mark.parametrize("spelling", _SPELLINGS)
@pytest.mark.parametrize("sentences", [_NAMED, _UNNAMED], ids=["named", "unnamed"])
def test_finds_numbers_with_a_country_code(
    redactor: Redactor, sentences: tuple[str, ...], spelling: str
) -> None:
    """Every digit goes, and of a link the scheme too, whatever stands around it."""
    recall = _recall(redactor, sentences, _SPELLINGS[spelling])

    assert recall >= 0.995


@pytest.mark.parametrize("spelling", _NATIONAL_SPELLINGS)
def test_finds_national_numbers_that_a_word_names(redactor: Redactor, spelling: str) -> None:
    """Only numbers of four digits, which a few islands have, are too short to be found."""
    recall = _recall(redactor, _NAMED, _NATIONAL_SPELLINGS[spelling])

    assert recall >= 0.985


@pytest.mark.parametrize("spelling", _NATIONAL_SPELLINGS)
def test_finds_national_numbers_by_their_groups_alone(redactor: Redactor, spelling: str) -> None:
    """From seven digits on, the way a country groups them is enough."""
    recall = _recall(redactor, _UNNAMED, _NATIONAL_SPELLINGS[spelling], least_digits=7)

    assert recall >= 0.97


def test_the_table_of_layouts_is_what_the_library_says() -> None:
    """The checked-in table can be made again, and nobody has edited it."""
    if phonenumbers.__version__ != MADE_FROM:
        pytest.skip(f"the table was made from another release: {MADE_FROM}")

    derived = derived_layouts()

    assert TABLE.strip("\n") == derived


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("WhatsApp +1-415-555-0100", "WhatsApp {}"),
        ("<a href='tel:+1-415-555-0100;ext=12'>", "<a href='{}'>"),
        ("(415) 555-0100 x123 please", "{} please"),
        ("desk +1 415 555 0100 ext. 12!", "desk {}!"),
        ("+44 (0)20 7946 0958", "{}"),
        ("1-800-555-0100", "{}"),
        ("415/555-0100", "{}"),
        ("Tel.: 030/123456", "Tel.: {}"),
        ("mob.9876543210", "mob.{}"),
        ("📞4155550100", "📞{}"),
        ("text 4155550100", "text {}"),
        ("4155550100 is my number", "{} is my number"),
        ("it's 4155550100 if you need", "it's {} if you need"),
        ("so 07911123456 ok", "so {} ok"),
        ("8 (912) 345-67-89", "{}"),
        ("98765 43210", "{}"),
        ("4155550100", "{}"),
    ],
)
def test_finds_numbers_as_people_write_them(redactor: Redactor, text: str, kept: str) -> None:
    """Extensions, links, trunk zeros, pictures: the number goes and the words around it stay."""
    redacted = redactor.text(text)

    assert re.sub(r"<PHONE_[a-z2-7]{8}>", "{}", redacted) == kept


@pytest.mark.parametrize(
    "text",
    [
        "0176 1234567 or 0160 7654321",
        "0176 1234567 / 0160 7654321",
        "0176 1234567/0160 7654321",
        "06 12 34 56 78 06 98 76 54 32",
        "9123 4567 / 8123 4567",
        "+49 176 1234567, +49 160 7654321",
        "phones: 022 345 678, 022 345 679",
    ],
)
def test_finds_two_numbers_in_one_sentence(redactor: Redactor, text: str) -> None:
    """Each has a token of its own."""
    found = redactor.explain(text)

    assert [finding.type for finding in found] == ["PHONE", "PHONE"]


@pytest.mark.parametrize(
    "text",
    [
        "order 0176 1234567",
        "my order number is 0176 1234567",
        "Bestellnummer 0176 1234567",
        "ISBN 0176 1234567",
        "booking ref: 9123 4567",
    ],
)
def test_a_word_for_something_else_wins_over_a_shape(redactor: Redactor, text: str) -> None:
    """What is called an order is one."""
    assert redactor.text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "for my order use {}",
        "send the ticket to {}",
        "my order 12 is late. {}",
        "the booking is wrong, my phone: {}",
        "order 4839-2210-55, {}",
    ],
)
def test_a_word_for_something_else_counts_for_its_own_number_only(
    redactor: Redactor, text: str
) -> None:
    """An order in the same message does not hide a phone number."""
    phone = redactor.text("0176 1234567")

    assert redactor.text(text.format("0176 1234567")) == text.format(phone)


def test_scores_say_how_a_number_was_found(redactor: Redactor) -> None:
    """A valid one is surer than a named one, and that than one by its shape."""
    texts = ("+14155550100", "+1 415 555 0100", "my phone is 0176 1234567", "so 0176 1234567 ok")

    scores = [redactor.explain(text)[0].score for text in texts]

    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


@pytest.mark.parametrize(
    "flood",
    [
        "12 34 " * 4000,
        "1-" * 12000,
        "+1 415 555 0100 " * 1500,
        "4111 1111 1111 1112 " * 1200,
        "(555) " * 4000,
        "0.123," * 4000,
        "9123 4567,\n" * 2500,
        "4-5-" * 6000,
        "phone 123456 " * 2000,
    ],
    ids=range(9),
)
@pytest.mark.parametrize(
    "planted", ["4111 1111 1111 1111", "+44 20 7946 0958", "(415) 555-0123", "0176 1234567"]
)
def test_a_flood_of_numbers_hides_nothing(redactor: Redactor, flood: str, planted: str) -> None:
    """When the effort for one text is spent, whatever looks plausible goes."""
    redacted = redactor.text(f"{flood}, then {planted} ok")

    assert planted[-4:] not in redacted.rpartition("then ")[2]


def _recall(
    redactor: Redactor,
    sentences: tuple[str, ...],
    spelling: Callable[[PhoneNumber], str],
    least_digits: int = 0,
) -> float:
    """The share of the numbers of all regions of which nothing is left in a sentence."""
    chance = random.Random(20261122)
    written = [
        number
        for number in map(spelling, _examples())
        if sum(map(str.isdigit, number)) >= least_digits
    ]
    found = [_is_covered(redactor, chance.choice(sentences), number) for number in written]
    return sum(found) / len(found)


def _is_covered(redactor: Redactor, sentence: str, number: str) -> bool:
    begin = sentence.index("{}")
    text = sentence.format(number)
    found = redactor.explain(text)
    return all(
        any(finding.start <= offset < finding.end for finding in found)
        for offset in range(begin, begin + len(number))
        if text[offset].isalnum()
    )


def _examples() -> list[PhoneNumber]:
    """A number of each kind of each region."""
    numbers = (
        phonenumbers.example_number_for_type(region, kind)
        for region in sorted(phonenumbers.SUPPORTED_REGIONS)
        for kind in _KINDS
    )
    return [number for number in numbers if number is not None]
