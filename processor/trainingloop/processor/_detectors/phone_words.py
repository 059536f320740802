"""What the words around a number say: a phone number, or something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from trainingloop.processor._normalise import Plain

_PHONE_WORDS_LIST: Final = (
    "phone phones phonenumber cell cellphone cellular mobile mobiles mob tel tels telephone "
    "whatsapp sms call calls called calling callback dial reach contact fax landline hotline "
    "helpline pager msisdn voicemail ring phoned texted telegram viber imessage teléfono "
    "teléfonos telefono telefonos móvil móviles movil celular celulares llama llame llamame "
    "llámame llámeme llámenos llamar llámanos fijo telefon telefonnummer telefonnr handy "
    "handynummer handynr mobil mobilnummer mobiltelefon rufnummer rückruf anrufen anruf "
    "erreichbar erreichen erreiche festnetz ruf rufen ruft faxnummer téléphone portable appelez "
    "appeler appelle appelles rappelez rappeler joindre joignable telefoni cellulare cellulari "
    "chiama chiami chiamami chiamare chiamate chiamatemi recapito telefone telefones telemóvel "
    "telemovel ligar ligue liga fone ligem telefoon telefoonnummer mobiel bel bellen gsm "
    "telefonu numer komórka komórkowy puhelin tlf telefonszám mobilni telefonní тел телефон "
    "телефона мобильный звоните позвоните 电话 手机 電話 携帯 전화 هاتف جوال טלפון τηλέφωνο κινητό"
)
PHONE_WORDS: Final = frozenset(_PHONE_WORDS_LIST.split())
_OTHER_WORDS_LIST: Final = (
    "order orders reservation reservations booking bookings invoice invoices ticket tickets "
    "tracking account accounts ref reference confirmation flight flights case cases id ids uid "
    "uuid guid zip postal postcode plz isbn issn ean gtin upc asin barcode imei sku serial "
    "serialno version versions build release tokens token seed epoch timestamp timestamps unix "
    "bytes size total subtotal amount amounts price prices line lines row rows col column port "
    "pid code codes sum cost costs paid charged balance shipment parcel package pnr vin locator "
    "receipt transaction txn payment hash checksum batch part model item items product policy "
    "claim room lat lon lng latitude longitude coordinates coords gps latency duration ms "
    "revenue population budget record page pages chapter section commit pin otp iban bic sort "
    "routing swift article artikel meter weight length width height score scores year years vat "
    "ust tax nif nie dni cpf cnpj ssn pedido pedidos reserva reservas factura commande facture "
    "bestellung bestellnr rechnung fattura ordine prenotazione encomenda kundennr auftrag "
    "buchung sendung réservation dossier importe precio preis betrag summe prix montant prezzo "
    "importo preço valor totale gesamt"
)
OTHER_WORDS: Final = frozenset(_OTHER_WORDS_LIST.split())
_NUMBER_WORDS_LIST: Final = "number numbers nummer numero número numéro num no nr numer"
_NUMBER_WORDS: Final = frozenset(_NUMBER_WORDS_LIST.split())
_OWNERS_LIST: Final = (
    "my his her their your our meine deine seine ihre unsere meiner mi tu su nuestro mon ton "
    "son notre votre mio tuo suo nostro meu seu nosso mijn jouw onze contact mój moj"
)
_OWNERS: Final = frozenset(_OWNERS_LIST.split())
_ABBREVIATIONS_LIST: Final = "no nr num ref núm numb art tel mob ph fon cel"
_ABBREVIATIONS: Final = frozenset(_ABBREVIATIONS_LIST.split())
_RIGHT_BEFORE: Final = PHONE_WORDS | {"text", "txt"}
"""Words that mean a phone right before a number, though elsewhere most often something else."""
_SPEAKING: Final = _RIGHT_BEFORE | _NUMBER_WORDS
_MAYBE_OWNED: Final = _NUMBER_WORDS | {"me"}
_LINK_WORDS_LIST: Final = "is was the of with ist lautet es est de del n a my your"
_LINK_WORDS: Final = frozenset(_LINK_WORDS_LIST.split()) | _NUMBER_WORDS
_PARTING_WORDS_LIST: Final = (
    "to at use using via on me and or und oder y o et ou e auf unter an bei mich mir al au i we"
)
_PARTING_WORDS: Final = frozenset(_PARTING_WORDS_LIST.split())
_MOST_BETWEEN: Final = 2
"""How many words may stand between a word for something else and the number it names."""

_TOKEN: Final = re.compile(r"[^\W\d_]+|[0-9]+|[.!?\n]")
_AFTER: Final = re.compile(
    r"[\s,.;)\]]{0,3}(?:(?:is|was)\s(?:mine\b|(?:my|our|the|his|her)\s(?:\w{1,12}\s)?"
    r"(?:number|phone|cell|mobile))|\(?(?:cell|mobile|phone|home|work|whatsapp|fax|m[oó]vil|handy)\b)"
)
_SOFTLY_BEFORE: Final = re.compile(
    r"(?:\bit'?s|\bit is|\bmine is|\bhere'?s|\bhere is|\btry)[ :]{1,2}\Z"
)
_SOFTLY_AFTER: Final = re.compile(
    r",? (?:if you need|works\b|any ?time|after \d|before \d|whenever|falls du|si lo necesitas)"
)
_LINKS: Final = ("tel:", "wa.me/", "sms:", "callto:", "whatsapp:", "phone=", "tel=", "telprompt:")
_PICTURES: Final = ("\u260e", "\u2706", "\U0001f4de", "\U0001f4f1", "\U0001f4f2", "\u2121")
_CURRENCY: Final = r"€|\$|£|¥|₹|₽|zł|kr\b|(?:eur|usd|gbp|chf|jpy|inr|brl|mxn|cad|aud)\b"
_UNIT_BEFORE: Final = re.compile(rf"(?:{_CURRENCY}|(?<![^\W\d_])rs)[.:]? ?\Z")
_UNIT_AFTER: Final = re.compile(
    rf" ?(?:{_CURRENCY}|%|[*\u00d7^] ?[0-9(]|=|\+ ?[0-9]"
    r"|(?:euros?|dollars?|pounds?|tokens?|bytes?|kb|mb|gb|ms|km|kg|miles|people|users|views|rows|items|points|votes|records|followers|inhabitants|einwohner"
    r"|habitantes|seconds?|x [0-9])\b)"
)


def is_link(before: str) -> bool:
    """Whether a phone link or the picture of a phone stands right before a number."""
    return before.endswith(_LINKS) or before.rstrip(" :").endswith(_PICTURES)


def speaks_of_phones(plain: Plain) -> bool:
    """Whether any word of a text is one for a phone or a number of somebody."""
    return not _SPEAKING.isdisjoint(plain.words)


def has_unit(before: str, after: str) -> bool:
    """Whether a currency, a unit or a sign of arithmetic stands right beside a number."""
    return bool(_UNIT_AFTER.match(after) or _UNIT_BEFORE.search(before))


def is_softly_named(lower: str, start: int, end: int) -> bool:
    """Whether a number stands in a phrase in which people give their phone number."""
    if _SOFTLY_AFTER.match(lower, end):
        return True
    return _SOFTLY_BEFORE.search(lower, max(0, start - 12), start) is not None


def hint_of(before: str, after: str, *, is_strong: bool = False) -> bool | None:
    """What the nearest telling word says: a phone, something else, or nothing.

    A word for something else counts only for the first number after it, in its own sentence.

    Args:
        before: The text before a number, in lower case; a few dozen characters are enough.
        after: The text after it, in lower case.
        is_strong: Whether the number looks so much like a phone that a word for something else
            must name it directly: "order number" does, "for my order use" does not.
    """
    if before.rstrip(" :.(").rpartition(" ")[2] in _RIGHT_BEFORE:
        return True
    words = _TOKEN.findall(before)
    is_apart = False
    between = 0
    for index in range(len(words) - 1, -1, -1):
        word = words[index]
        if word in PHONE_WORDS or (word in _MAYBE_OWNED and _is_owned_number(words, index)):
            return True
        if word[0].isdigit() or word in _PARTING_WORDS:
            is_apart = True
        elif len(word) == 1 and word in ".!?\n":
            is_apart = is_apart or word != "." or words[index - 1] not in _ABBREVIATIONS
        elif word in OTHER_WORDS or word.endswith("nummer"):
            if not is_apart and between <= (0 if is_strong else _MOST_BETWEEN):
                return False
        elif word not in _LINK_WORDS:
            between += 1
    return True if _AFTER.match(after) else None


def _is_owned_number(words: list[str], index: int) -> bool:
    """Whether a word is the number in "my number" or "the number is"."""
    if words[index] == "me":
        return words[index - 1] in {"text", "ring", "phone"}
    if words[index] not in _NUMBER_WORDS or not index:
        return False
    return words[index - 1] in _OWNERS or (
        words[index - 1] in {"the", "el", "il", "die"} and words[index + 1 : index + 2] == ["is"]
    )
