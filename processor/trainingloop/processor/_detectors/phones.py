"""Phone numbers: their shapes, the words around them, and one spelling for all of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import phonenumbers

_BY_WORDS: Final = (
    r"phone|phones|cell|cellphone|cellular|mobile|mob|tel|telephone|whatsapp|sms|text(?: me| us)?"
    r"|call(?:s|ed|ing)?|dial|reach(?: me| us)?|contact|fax|landline|hotline|pager|msisdn|voicemail"
    r"|my number|his number|her number|their number|your number|our number|number is|ring me"
    r"|tel[eé]fonos?|m[oó]vil|celular|celulares|ll[aá]m(?:a|e|ame|eme|enos|anos|ar)|fijo"
    r"|mi n[uú]mero|su n[uú]mero|telefon|telefonnummer|handy|handynummer|mobil|mobilnummer"
    r"|rufnummer|r[uü]ckruf|anrufen|erreichbar|meine nummer|ruf(?:en)?|t[eé]l[eé]phone|portable"
    r"|appele[rz]|rappele[rz]|joindre|mon num[eé]ro|num[eé]ro de t[eé]l|telefono|telefoni"
    r"|cellulare|chiam(?:a|ami|are|ate)|mio numero|recapito|telefone|telem[oó]vel|ligar|ligue"
    r"|liga|meu n[uú]mero|fone|telefoon|mobiel|bel(?:len)?|gsm|telefonu|numer"
)
_AGAINST_WORDS: Final = (
    r"orders?|reservations?|bookings?|invoices?|tickets?|tracking|accounts?|ref|reference"
    r"|confirmation|flights?|cases?|ids?|zip|postal|postcode|isbn|issn|sku|serial|versions?|tokens?"
    r"|seed|epoch|timestamps?|bytes|size|total|amounts?|prices?|line|row|port|pid|code|sum|cost"
    r"|pedidos?|reserva|reservas|factura|commande|facture|bestellung|bestellnummer|rechnung"
    r"|fattura|ordine|prenotazione|encomenda|kundennummer|usd|eur|gbp|\$|€|£|hash|batch|part"
    r"|model|item|product|policy|claim|room|lat|lon|latitude|longitude|latency|duration|ms"
)
_WORDS: Final = re.compile(
    rf"(?<![^\W_])(?:(?P<phone>{_BY_WORDS})|(?P<other>{_AGAINST_WORDS}))(?![^\W\d_])"
)
_AFTER: Final = re.compile(
    r"[\s,.;)\]]{0,3}(?:(?:is|was)\s(?:my|our|the|his|her)\s(?:\w{1,12}\s)?"
    r"(?:number|phone|cell|mobile)|\(?(?:cell|mobile|phone|home|work|whatsapp|fax|movil)\b)"
)
_LINKS: Final = ("tel:", "wa.me/", "sms:", "callto:", "whatsapp:", "phone=", "tel=", "telprompt:")
_NORTH_AMERICAN: Final = re.compile(
    r"(?:1[ .\-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .\-]{1,3})[0-9]{3}[ .\-]{1,3}[0-9]{4}"
    r"|\([2-9][0-9]{2}\) ?[0-9]{7}"
)
_BARE_NORTH_AMERICAN: Final = re.compile(r"1?[2-9][0-8][0-9][2-9][0-9]{6}")
_AREA_IN_BRACKETS: Final = re.compile(
    r"\(0?[1-9][0-9]{0,4}\) ?[0-9]{2,5}(?:[ .\-]?[0-9]{2,5}){1,3}"
)
_TRUNK_ZERO: Final = re.compile(r"\(?0[1-9][0-9]{0,5}\)?(?:[ .\-/]{1,3}[0-9]{1,8}){1,5}")
_SPANISH: Final = re.compile(r"[679][0-9]{2}([ .\-])[0-9]{2}\1[0-9]{2}\1[0-9]{2}")
_DECIMAL: Final = re.compile(r"[0-9]+\.[0-9]+")
_TOO_DOTTED: Final = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}")
_TIMESTAMP_LENGTHS: Final = frozenset({10, 13, 16, 19})

_MAX_DIGITS: Final = 15
_SHORTEST_NATIONAL: Final = 9


def canonical_phone(written: str) -> str:
    """The number in E.164 when its country can be told, else its digits."""
    digits = digits_of(written)
    if written.lstrip(" (").startswith("+"):
        return _international(digits)
    if digits.startswith("00"):
        return _international(digits[2:])
    if _NORTH_AMERICAN.fullmatch(written.strip()) or _BARE_NORTH_AMERICAN.fullmatch(digits):
        return "+" + digits if len(digits) == 11 else "+1" + digits
    return _international(digits) if len(digits) > 10 and is_international(digits) else digits


@lru_cache(maxsize=4096)
def _international(digits: str) -> str:
    """E.164 of international digits: the library drops a trunk zero in brackets."""
    try:
        number = phonenumbers.parse("+" + digits, None)
    except phonenumbers.NumberParseException:
        return "+" + digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=4096)
def is_international(digits: str) -> bool:
    """Whether digits without a plus are a valid number of some country, country code first."""
    if len(digits) in _TIMESTAMP_LENGTHS and digits.startswith("1"):
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse("+" + digits, None))
    except phonenumbers.NumberParseException:
        return False


def digits_of(written: str) -> str:
    """Only the digits."""
    return "".join(filter(str.isdigit, written))


def is_link(before: str) -> bool:
    """Whether what stands before a number makes it the target of a phone link."""
    return before.endswith(_LINKS)


def hint_of(before: str, after: str) -> bool | None:
    """What the nearest telling word says: a phone, something else, or nothing.

    Args:
        before: The text before a number, in lower case; a few dozen characters are enough.
        after: The text after it, in lower case.
    """
    words = list(_WORDS.finditer(before))
    if words:
        return words[-1]["phone"] is not None
    return True if _AFTER.match(after) else None


def is_unmistakable(written: str) -> bool:
    """Whether the shape is so particular that no word beside it can speak against it."""
    if _NORTH_AMERICAN.fullmatch(written) or _SPANISH.fullmatch(written):
        return True
    return written.startswith("00") and is_international(digits_of(written)[2:])


def is_likely(written: str, hint: bool | None) -> bool:
    """Whether digits and separators are a phone number, given what the words say."""
    if _TOO_DOTTED.fullmatch(written) or hint is False:
        return False
    if hint is True:
        return not _DECIMAL.fullmatch(written)
    if len(digits_of(written)) < _SHORTEST_NATIONAL:
        return False
    return bool(_AREA_IN_BRACKETS.fullmatch(written) or _TRUNK_ZERO.fullmatch(written))


def is_bare_phone(text: str) -> bool:
    """Whether a text that is nothing but digits is a phone number rather than an id or a time."""
    if not (text.isascii() and text.isdigit() and 10 <= len(text) <= _MAX_DIGITS):
        return False
    return bool(_BARE_NORTH_AMERICAN.fullmatch(text)) or (
        len(text) >= 11 and is_international(text)
    )
