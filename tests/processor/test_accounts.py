"""Account and booking numbers by the words before them."""

from __future__ import annotations

from typing import Final

import pytest

from trainingloop.processor._detectors.accounts import accounts
from trainingloop.processor._detectors.references import references
from trainingloop.processor._entities import Entity
from trainingloop.processor._normalise import plain

ACCOUNTS: Final = (
    ("my account number is {}", "12345678"),
    ("acct no. {}", "0012-345-678"),
    ("account ending in {}", "4321"),
    ("routing number {}", "021000021"),
    ("sort code {}", "12-34-56"),
    ("número de cuenta {}", "20770024003102575766"),
    ("Kontonummer {}", "532013000"),
    ("BLZ {}", "370 400 44"),
    ("numéro de compte: {}", "00012345678"),
    ("conto corrente {}", "000000123456"),
    ("rekeningnummer {}", "12.34.56.789"),
    ("BIC {}", "COBADEFFXXX"),
    ("customer number {}", "10023884"),
    ("frequent flyer number {}", "77281920"),
    ("policy number {}", "POL-8837261"),
    ("INFO transfer account_number={} amount=9", "9866222791"),
    ("I typed the account number wrong, the right one is {}", "3162857391"),
    ("c/c n.: {}", "66145936"),
    ("the account we have on file is {}", "66599431"),
)
REFERENCES: Final = (
    ("booking reference {}", "ABC123"),
    ("PNR {}", "QWERTZ"),
    ("pnr: {}", "x7k2p9"),
    ("order number #{}", "W2378156"),
    ("tracking number {}", "1Z999AA10123456784"),
    ("Bestellnummer: {}", "2026-883726"),
    ("pedido nº {}", "99887766"),
    ("commande n° {}", "CMD-55667"),
    ("prenotazione {}", "PR7788"),
    ("encomenda {}", "PT998877"),
    ("confirmation code is {}", "HX99Q2"),
)
NEITHER: Final = (
    "order two pizzas",
    "booking for 4 people",
    "order total 1299.99",
    "record high of 35",
    "order by 2026-05-04",
    "account balance 500",
    "the account is 20 years old",
    "member since 2015",
    "il conto è 123456 euro",
    "la cuenta son 4500 pesos",
    "order PLEASE now",
    "swift response",
    "the account will be closed: 2026-05-04",
    "my account has a problem since 2015",
)


@pytest.mark.parametrize(("template", "number"), ACCOUNTS, ids=range(len(ACCOUNTS)))
def test_finds_accounts_by_their_names(template: str, number: str) -> None:
    """Bank, branch, customer and member numbers, in seven languages."""
    text = template.format(number)

    found = [(match.entity, text[match.start : match.end]) for match in accounts(plain(text))]

    assert found == [(Entity.ACCOUNT, number)]


@pytest.mark.parametrize(("template", "code"), REFERENCES, ids=range(len(REFERENCES)))
def test_finds_what_a_booking_is_known_by(template: str, code: str) -> None:
    """Booking, order, ticket and parcel numbers, in seven languages."""
    text = template.format(code)

    found = {(match.entity, text[match.start : match.end]) for match in references(plain(text))}

    assert found == {(Entity.ID, code)}


@pytest.mark.parametrize("text", NEITHER)
def test_leaves_amounts_and_dates(text: str) -> None:
    """Not every number behind such a word is one."""
    form = plain(text)

    assert [*accounts(form), *references(form)] == []
