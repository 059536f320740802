"""Numbers a bank, a network or a state knows somebody by, however they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from trainingloop.processor._detectors.addresses import network_addresses
from trainingloop.processor._detectors.identities import lettered_ids
from trainingloop.processor._normalise import plain

if TYPE_CHECKING:
    from trainingloop.processor import Redactor

IBANS: Final = (
    "DE89370400440532013000",
    "GB82WEST12345698765432",
    "FR1420041010050500013M02606",
    "NL91ABNA0417164300",
    "MT84MALT011000012345MTLCAST001S",
    "NO9386011117947",
    "ES9121000418450200051332",
    "CH9300762011623852957",
)
SOCIAL: Final = (
    "my ssn is {}", "SSN# {}", "ssn={}", "Social Security No. {}", "my social is {}", "ss# {}",
    "soc sec {}", "{} is my ssn", "it's {} (ssn)", "here is my ssn. {}",
)  # fmt: skip
NAMED: Final = (
    ("BSN {}", "182675439"),
    ("PESEL {}", "89040721326"),
    ("meu CPF é {}", "96201327185"),
    ("AHV-Nummer {}", "756.5872.3140.66"),
    ("meine Sozialversicherungsnummer ist {}", "12 150485 M 012"),
    ("national insurance number {}", "ZZ 89 19 99 T"),
    ("tax file number {}", "788 279 445"),
    ("NIF {}", "116964043"),
    ("passport no. {}", "X12345678"),
    ("RFC {}", "GODE561231GR8"),
    ("green card number {}", "A568233479"),
    ("id number {}", "RX3542384"),
    ("You need the passport number? It's {}", "BB0278977"),
    ("the passport number that I have is {}", "BB0278977"),
    ("Die Personalausweisnummer lautet {}", "LF322N5YR2"),
    ("Krankenversichertennummer {}", "S234684302"),
    ("numéro national {}", "47.01.28-084.70"),
    ("numéro fiscal : {}", "1225948221512"),
    ("número da segurança social {}", "11754906702"),
    ("https://example.com/kyc?passport={}", "EA584856C"),
    ("ITIN {}", "946-74-6551"),
)
ADDRESSES: Final = (
    "2001:db8::1:2",
    "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    "::ffff:203.0.113.7",
    "fe80::abcd:ef01",
    "203.0.113.7",
    "00:1B:44:11:3A:B7",
    "00-1b-44-11-3a-b7",
    "001b.4411.3ab7",
)
MAILS: Final = (
    "ada+tag@example.com", "ADA@MAIL.EXAMPLE.CO.UK", "o'brien@example.com", "ada@bücher.example",
    "ada@xn--bcher-kva.example", "ada@example.photography", '"ada l"@example.com',
    "ada@[203.0.113.9]",
)  # fmt: skip


def _spellings(iban: str) -> list[str]:
    grouped = " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
    pairs = " ".join(iban[start : start + 2] for start in range(0, len(iban), 2))
    spellings = [iban, grouped, pairs, grouped.replace(" ", "  "), grouped.replace(" ", "-")]
    spellings += [grouped.replace(" ", "."), f"{iban[:2]} {iban[2:4]} {iban[4:]}"]
    return [*spellings, *map(str.lower, spellings)]


@pytest.mark.parametrize("index", range(len(IBANS)))
@pytest.mark.parametrize("template", ["{}", "send {} Ada the rest", "iban:{}", "({})", "IBAN{}"])
def test_finds_an_iban_in_any_grouping(index: int, template: str) -> None:
    """By four, by two, with dots or hyphens, and directly followed by words."""
    spellings = _spellings(IBANS[index])

    for spelling in spellings:
        text = template.format(spelling)
        found = [
            (text[match.start : match.end], match.value) for match in lettered_ids(plain(text))
        ]
        assert found == [(spelling, IBANS[index])]


@pytest.mark.parametrize("separator", ["-", " ", ".", ""])
@pytest.mark.parametrize("template", SOCIAL)
def test_finds_a_social_security_number_by_its_name(
    redactor: Redactor, template: str, separator: str
) -> None:
    """With any separator or none, before its name or behind it."""
    number = separator.join(("219", "09", "9999"))

    assert "9999" not in redactor.text(template.format(number))
    assert "9999" not in redactor.text(template.format(number).lower())


@pytest.mark.parametrize(("template", "number"), NAMED, ids=range(len(NAMED)))
def test_finds_what_is_named(redactor: Redactor, template: str, number: str) -> None:
    """A number whose check digit is unknown or wrong is believed to be what it is called."""
    redacted = redactor.text(template.format(number))

    assert redacted.endswith("<NATIONAL_ID>")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("template", ["{}", "ip={}", "ip:{}", "from {}.", "({})", "[{}]", '"{}"'])
def test_finds_network_addresses(redactor: Redactor, template: str, address: str) -> None:
    """Behind a name, in brackets and at the end of a sentence."""
    assert address not in redactor.text(template.format(address))


@pytest.mark.parametrize("text", ["1.2.3.4 release", "release 1.2.3.4", "10:30:45", "std::add2"])
def test_leaves_versions_and_times(redactor: Redactor, text: str) -> None:
    """Four numbers with dots are a version where a word says so."""
    assert redactor.text(text) == text


def test_finds_a_hardware_address_without_separators_by_its_name() -> None:
    """Twelve digits are one only behind the word."""
    found = list(network_addresses(plain("MAC: 001b44113ab7 and 001b44113ab8")))

    assert [match.value for match in found] == ["001b44113ab7"]


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("template", ["{}", "mailto:{}", "<{}>", "to {}, ok", "_{}_", "{}."])
def test_finds_mail_addresses_in_any_dress(redactor: Redactor, template: str, mail: str) -> None:
    """Tags, long and foreign domains, quotes, and what surrounds them in text."""
    redacted = redactor.text(template.format(mail))

    assert "<EMAIL_" in redacted
    assert "ada" not in redacted.lower()
    assert "brien" not in redacted
