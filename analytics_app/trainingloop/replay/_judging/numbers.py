"""Numbers and amounts of money in one spelling."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

_CURRENCIES: Final = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD",
    "dólares": "USD", "dólar": "USD", "dollari": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "gbp": "GBP", "pounds": "GBP", "¥": "JPY", "jpy": "JPY", "yen": "JPY",
    "r$": "BRL", "brl": "BRL", "reais": "BRL", "real": "BRL", "chf": "CHF", "franken": "CHF",
    "c$": "CAD", "ca$": "CAD", "cad": "CAD", "a$": "AUD", "aud": "AUD", "mxn": "MXN",
    "pesos": "MXN", "₹": "INR", "inr": "INR", "rupees": "INR",
}  # fmt: skip
NUMBER: Final = r"\d{1,3}(?:[.,'\u2019\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
"""An expression for a number, with or without marks between its thousands."""


def currency_before() -> str:
    """An expression for a currency that stands before its amount."""
    return r"(?:US|CA|[ACR])?\$|[€£¥₹]|\b(?:USD|EUR|GBP|JPY|BRL|CHF|CAD|AUD|MXN|INR)\b"


def currency_after() -> str:
    """An expression for a currency that stands after its amount."""
    words = "|".join(sorted((name for name in _CURRENCIES if name.isalpha()), key=len)[::-1])
    return rf"[$€£¥₹]|(?:{words})\b"


def amount(number: str, currency: str) -> str:
    """An amount as ``120 USD``, however it was written."""
    return f"{plain_number(number)} {_CURRENCIES[currency.lower()]}"


def plain_number(written: str) -> str:
    """A number as ``1200.5``.

    A mark before one or two last digits sets off decimals; before three it sets off thousands,
    unless it is a point after a zero, or the number is no amount and the point is its only mark.
    """
    digits = re.sub(r"['\u2019\u00a0\u202f ]", "", written)
    head, mark, tail = _parts(digits)
    number = f"{re.sub('[.,]', '', head)}{'.' if mark else ''}{tail}"
    try:
        value = Decimal(number)
    except InvalidOperation:  # digits that are none of ours
        return written
    return f"{value.normalize():f}"


def _parts(digits: str) -> tuple[str, str, str]:
    at = max(digits.rfind("."), digits.rfind(","))
    if at < 0:
        return digits, "", ""
    head, tail = digits[:at], digits[at + 1 :]
    if len(tail) == 3 and head.lstrip("0") and len(head) <= 7:
        return head + tail, "", ""
    return head, ".", tail


def spellings(number: str) -> tuple[str, ...]:
    """The ways in which a plain number may be written."""
    whole, _, decimals = number.partition(".")
    grouped = f"{int(whole):,}"
    if not decimals:
        return tuple(
            dict.fromkeys(
                text + end
                for text in (whole, grouped, grouped.replace(",", "."))
                for end in ("", ".0", ".00", ",00")
            )
        )
    ends = (decimals, decimals.ljust(2, "0"))
    return tuple(
        dict.fromkeys(
            text
            for end in ends
            for text in (
                f"{whole}.{end}", f"{whole},{end}", f"{grouped}.{end}",
                f"{grouped.replace(',', '.')},{end}",
            )
        )
    )  # fmt: skip
