"""Finds of booking, order and ticket numbers: what a company calls a customer's business by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.careful import beside
from trainingloop.processor._detectors.street_words import words_of
from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trainingloop.processor._normalise import Plain

_HINTS: Final = words_of(
    "booking reservation confirmation conf pnr locator record order ticket tracking invoice case "
    "reference ref shipment parcel receipt itinerary claim voucher "
    "buchung buchungsnummer buchungscode reservierung reservierungsnummer bestellung "
    "bestellnummer auftrag auftragsnummer sendungsnummer sendung rechnung rechnungsnummer "
    "ticketnummer bestätigungsnummer vorgangsnummer aktenzeichen "
    "reserva pedido localizador factura seguimiento orden rastreo billete confirmación envío "
    "réservation commande dossier référence facture suivi billet colis "
    "prenotazione ordine fattura spedizione biglietto conferma pratica "
    "encomenda fatura rastreio bilhete confirmação rastreamento protocolo "
    "boeking boekingsnummer bestelling bestelnummer reservering factuur factuurnummer zending"
)
_CODE: Final = re.compile(
    r"(?P<link>(?:[ \"'.:=,(\-\n]|(?<![^\W_])(?:number|numbers|num|no|nr|nro|nummer|n[uú]mero"
    r"|num[eé]ro|id|code|código|codigo|codice|locator|reference|ref|is|es|ist|est|was|my|the|é|è|e"
    r"|el|la|le|il|o|a|n[º°]?|de|di|der|die|du|het|lautet)(?![^\W_])|[º°]){0,10}+)"
    r"(?P<sign>\#?)(?P<code>[0-9a-z](?:[\-_/]?[0-9a-z]){3,23})(?![0-9a-z])"
)
# Capitals alone are a record locator only where the text says that a code follows.
_PNR: Final = re.compile(r"[A-Z]{5,8}")
_NAMING: Final = re.compile(
    r"pnr|locator|localizador|booking|reserv|buchung|prenot|boeking|[:=]|n[uú]m|code|c[oó]d|id|ref"
)


def references(plain: Plain) -> Iterable[Match]:
    """Numbers and codes after the words for bookings, orders, tickets and parcels."""
    if _HINTS.isdisjoint(plain.words):
        return ()
    return beside(plain, _HINTS, _after_its_name, Entity.ID)


def _after_its_name(plain: Plain, begin: int, end: int) -> Iterator[Match]:
    found = _CODE.match(plain.lower, end)
    if found is None or not (found["link"] or found["sign"]):
        return
    code = found["code"]
    written = plain.text[found.start("code") : found.end("code")]
    digits = sum(map(str.isdigit, code))
    is_mixed = digits > 0 and digits < len(code)
    if (
        digits >= 5
        or (is_mixed and digits >= 2)
        or (
            _PNR.fullmatch(written) is not None
            and _NAMING.search(plain.lower[begin:end] + found["link"])
        )
    ):
        yield Match(
            start=found.start("code"),
            end=found.end("code"),
            entity=Entity.ID,
            value=code.upper(),
            score=0.7,
        )
