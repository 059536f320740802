"""What counts as personal data, and what only looks like it."""

from __future__ import annotations

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from processor.canaries import CANARIES, DISGUISED, HARMLESS, Canary
from trainingloop.processor import Redactor, Report


@pytest.mark.parametrize("canary", CANARIES, ids=str)
def test_replaces_every_kind_of_personal_data(redactor: Redactor, canary: Canary) -> None:
    """Each kind of personal data is replaced by a token that names the kind."""
    report = Report()

    redacted = redactor.text(canary.text, report=report)

    assert canary.planted not in redacted
    assert f"<{canary.kind}" in redacted
    assert report.counts == {canary.kind: 1}


@pytest.mark.parametrize("canary", DISGUISED, ids=str)
def test_sees_through_disguises(redactor: Redactor, canary: Canary) -> None:
    """Full-width digits, invisible characters and escapes hide nothing."""
    redacted = redactor.text(canary.text)

    assert canary.planted not in redacted
    assert f"<{canary.kind}" in redacted


WALLETS = (
    "112D2adLM3UKy4Z4giRbReR6gjWuvHUqB",
    "31h38a54tFMrR8kzBnP2241MFD2EUHtGha",
    "LKDyUEtTR1HXamkiEphisSiBJu6o3ZPE34",
    "T9yED5xMV5ARV98BexN97aLZ1UUq7eKSxm",
    "D597kHXGdkwkryF9oGhz9Bp1ypTpD1u99Z",
    "Xags3HEXJ4G4Uuf8va2eSxLCw2KCyEhiJ7",
    "bc1qqqqsyqcyq5rqwzqfpg9scrgwpugpzysn4v0345",
    "ltc1qqqqsyqcyq5rqwzqfpg9scrgwpugpzysn3s44dy",
)
"""One and the same invented key in the notations of eight kinds of coins and addresses."""


@pytest.mark.parametrize("wallet", WALLETS)
def test_finds_wallets_of_many_coins(redactor: Redactor, wallet: str) -> None:
    """Bitcoin, Litecoin, Tron, Dogecoin and Dash; with a wrong checksum it is any word."""
    other = wallet[:-1] + ("a" if wallet[-1] != "a" else "b")
    is_checked = "1q" not in wallet

    redacted = redactor.text(f"send it to {wallet}, please")

    assert redacted.startswith("send it to <CRYPTO_")
    assert not is_checked or "<CRYPTO" not in redactor.text(f"send it to {other}, please")


@pytest.mark.parametrize("text", HARMLESS)
def test_leaves_lookalikes_alone(redactor: Redactor, text: str) -> None:
    """Dates, ids, versions, amounts and file names survive."""
    assert redactor.text(text) == text


@pytest.mark.parametrize("canary", [*CANARIES, *DISGUISED], ids=str)
def test_presidio_engine_finds_no_less(presidio_redactor: Redactor, canary: Canary) -> None:
    """With Presidio beside ours, everything the fast engine finds is found."""
    redacted = presidio_redactor.text(canary.text)

    assert canary.planted not in redacted


def test_presidio_engine_adds_its_own_recognizers(
    redactor: Redactor, presidio_redactor: Redactor
) -> None:
    """A medical licence number without a word for it is known to Presidio only."""
    text = "doctor BB1388568 signs"

    assert redactor.text(text) == text
    assert presidio_redactor.text(text) == "doctor <NATIONAL_ID> signs"


def test_both_engines_make_the_same_tokens(redactor: Redactor, presidio_redactor: Redactor) -> None:
    """A process may change its engine without losing its joins."""
    text = "ada@example.com or +1 415 555 0100"

    assert presidio_redactor.text(text) == redactor.text(text)


@pytest.mark.parametrize(
    ("form", "least"),
    [(PhoneNumberFormat.E164, 0.95), (PhoneNumberFormat.INTERNATIONAL, 0.95)],
    ids=["E164", "international"],
)
def test_finds_the_phone_numbers_of_all_regions(
    redactor: Redactor, form: int, least: float
) -> None:
    """Numbers with a country code are found without any word around them."""
    written = _examples(form)

    missed = [number for number in written if _digits_left(redactor.text(f"so {number} ok"))]

    assert len(written) > 400
    assert 1 - len(missed) / len(written) >= least


def test_finds_national_phone_numbers_beside_a_word_for_them(redactor: Redactor) -> None:
    """Without a country code, the word phone is what tells them from other numbers."""
    written = _examples(PhoneNumberFormat.NATIONAL)

    missed = [number for number in written if _digits_left(redactor.text(f"my phone is {number}"))]

    assert 1 - len(missed) / len(written) >= 0.95


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("415-555-0100 415-555-0123", "{us} {us2}"),
        ("for 2 (415) 555-0100 please", "for 2 {us} please"),
        ("suite 5 415-555-0100", "suite 5 {us}"),
        ("phone 415-555-0100 415-555-0123", "phone {us} {us2}"),
        ("+1 415 555 0100 2 guests", "{us} 2 guests"),
        ("+1 415 555 0100, +1 415 555 0123", "{us}, {us2}"),
    ],
)
def test_a_phone_number_is_told_from_its_neighbours(
    redactor: Redactor, text: str, expected: str
) -> None:
    """Numbers in a row are separate people; a count beside one is not a part of it."""
    us, us2 = redactor.text("+14155550100"), redactor.text("+14155550123")

    assert redactor.text(text) == expected.format(us=us, us2=us2)


def test_spellings_of_one_phone_number_share_a_token(redactor: Redactor) -> None:
    """A join over tokens works whatever way the number was written."""
    spellings = (
        "+1 415 555 0100",
        "+1 (415) 555-0100",
        "(415) 555-0100",
        "415.555.0100",
        "14155550100@s.whatsapp.net",
        "0014155550100",
    )

    tokens = {redactor.text(spelling) for spelling in spellings}

    assert len(tokens) == 1


def test_spellings_of_one_email_share_a_token(redactor: Redactor) -> None:
    """Capitals and percent signs do not make another person."""
    assert redactor.text("Ada@Example.com") == redactor.text("ada%40example.com")


def test_tenants_do_not_share_tokens(redactor: Redactor) -> None:
    """The same customer of two tenants cannot be recognised."""
    text = "ada@example.com"

    assert redactor.text(text, tenant="acme") != redactor.text(text, tenant="globex")


def test_cards_ids_and_secrets_have_no_token_of_their_own(redactor: Redactor) -> None:
    """Nobody can even tell whether two of them were equal."""
    one = redactor.text("card 4111 1111 1111 1111, ssn 123-45-6789, password=hunter2")
    other = redactor.text("card 5555 5555 5555 4444, ssn 321-54-9876, password=swordfish9")

    assert one == other == "card <CARD>, ssn <SSN>, password=<SECRET>"


def test_encoded_files_become_a_short_token(redactor: Redactor) -> None:
    """A picture inside a message is not stored, only how long it was."""
    text = "look: data:image/png;base64," + "iVBORw0KGgo" * 40

    redacted = redactor.text(text)

    assert redacted.startswith("look: <BLOB_")
    assert len(redacted) < 40


def test_several_finds_in_one_text_keep_what_is_between(redactor: Redactor) -> None:
    """Only the personal data goes."""
    redacted = redactor.text("Mail ada@example.com, then call +1 415 555 0100 (after 5).")

    before, middle = redacted.split("<EMAIL_")[0], redacted.split(">")[1].split("<")[0]
    assert before == "Mail "
    assert middle == ", then call "
    assert redacted.endswith("> (after 5).")


def _examples(form: int) -> list[str]:
    kinds = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)
    numbers = (
        phonenumbers.example_number_for_type(region, kind)
        for region in sorted(phonenumbers.SUPPORTED_REGIONS)
        for kind in kinds
    )
    return [phonenumbers.format_number(number, form) for number in numbers if number is not None]


def _digits_left(redacted: str) -> bool:
    outside = redacted.split("<")[0] + redacted.rpartition(">")[2]
    return any(character.isdigit() for character in outside)
