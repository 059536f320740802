"""Payment cards, IBANs, bank accounts and wallets, with the check digits that make them real."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

# Issuer prefixes and lengths after ISO/IEC 7812 and the networks' public tables.
_ISSUERS = (
    ("4", 16),
    ("4", 16),
    ("4", 13),
    ("4", 19),
    ("51", 16),
    ("55", 16),
    ("2223", 16),
    ("2720", 16),
    ("34", 15),
    ("37", 15),
    ("6011", 16),
    ("65", 16),
    ("644", 16),
    ("3528", 16),
    ("3589", 16),
    ("36", 14),
    ("305", 14),
    ("5018", 16),
    ("6759", 18),
    ("62", 16),
    ("62", 19),
)
# SWIFT IBAN registry: n digits, a capital letters, c either.
_IBANS = {
    "DE": "n18", "AT": "n16", "CH": "n5c12", "LI": "n5c12", "FR": "n10c11n2", "MC": "n10c11n2",
    "ES": "n20", "IT": "a1n10c12", "SM": "a1n10c12", "PT": "n21", "GB": "a4n14", "IE": "a4n14",
    "NL": "a4n10", "BE": "n12", "LU": "n3c13", "DK": "n14", "SE": "n20", "NO": "n11", "FI": "n14",
    "PL": "n24", "CZ": "n20", "SK": "n20", "HU": "n24", "RO": "a4c16", "BG": "a4n6c8",
    "HR": "n17", "SI": "n15", "EE": "n16", "LV": "a4c13", "LT": "n16", "GR": "n7c16",
    "CY": "n8c16", "MT": "a4n5c18", "TR": "n6c16", "SA": "n2c18", "AE": "n19", "IL": "n19",
    "BR": "n23a1c1", "IS": "n22",
}  # fmt: skip
_IBAN_COUNTRIES = {
    "en": ("GB", "IE", "NL", "SE", "AE", "PL", "DK", "GR", "IL", "MT", "TR", "DE"),
    "es": ("ES", "ES", "PT", "FR", "LT"),
    "de": ("DE", "DE", "AT", "CH", "LI", "LU", "CZ", "HU"),
    "fr": ("FR", "FR", "BE", "CH", "LU", "MC"),
    "it": ("IT", "IT", "SM", "CH", "HR", "SI"),
    "pt": ("PT", "PT", "BR", "ES"),
}
_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def luhn_digit(digits: str) -> str:
    """The digit that makes the number pass the Luhn check."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 if index % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def _random(dice: random.Random, alphabet: str, count: int) -> str:
    return "".join(dice.choices(alphabet, k=count))


def card(dice: random.Random) -> str:
    """A card number that passes Luhn, grouped as on the card, or not."""
    prefix, length = dice.choice(_ISSUERS)
    digits = prefix + _random(dice, _DIGITS, length - len(prefix) - 1)
    digits += luhn_digit(digits)
    shape = dice.random()
    if shape < 0.35:
        return digits
    joint = " " if shape < 0.75 else "-" if shape < 0.95 else "."
    sizes = (4, 6, 5) if length == 15 else (4, 6, 4) if length == 14 else (4, 4, 4, 4, 4)
    groups: list[str] = []
    for size in sizes:
        groups.append(digits[:size])
        digits = digits[size:]
    return joint.join(filter(None, groups))


def iban(dice: random.Random, language: str) -> str:
    """An IBAN with right check digits, on paper or electronic."""
    country = dice.choice(_IBAN_COUNTRIES[language])
    body = re.sub(
        r"([nac])(\d+)",
        lambda part: _random(
            dice,
            {"n": _DIGITS, "a": _LETTERS, "c": _LETTERS + _DIGITS * 3}[part[1]],
            int(part[2]),
        ),
        _IBANS[country],
    )
    numeric = "".join(str(int(char, 36)) for char in f"{body}{country}00")
    whole = f"{country}{98 - int(numeric) % 97:02d}{body}"
    shape = dice.random()
    if shape < 0.45:
        return whole
    joint = "-" if shape > 0.93 else " "
    return joint.join(whole[index : index + 4] for index in range(0, len(whole), 4))


_ACCOUNTS = {
    "en": (
        ("account number", "{8}"),
        ("account number", "{10}"),
        ("bank account no.", "{12}"),
        ("checking account", "{9}"),
        ("acct no", "{10}"),
        ("savings account number", "{4} {4} {2}"),
        ("sort code 20-45-77 account number", "{8}"),
        ("routing number 021000021 account", "{10}"),
    ),
    "es": (
        ("cuenta bancaria", "{4} {4} {2} {10}"),
        ("número de cuenta", "{20}"),
        ("cuenta corriente", "{10}"),
        ("cuenta", "{4}-{4}-{2}-{10}"),
    ),
    "de": (
        ("Kontonummer", "{10}"),
        ("Kontonummer", "{7}"),
        ("Konto-Nr.", "{3} {3} {2}"),
        ("BLZ 370 400 44, Kontonummer", "{9}"),
        ("Bankverbindung: Konto", "{8}"),
    ),
    "fr": (
        ("numéro de compte", "{11}"),
        ("compte bancaire", "{5} {5} {11} {2}"),
        ("RIB", "{5} {5} {11} {2}"),
        ("n° de compte", "{10}"),
    ),
    "it": (
        ("numero di conto", "{12}"),
        ("conto corrente", "{12}"),
        ("c/c n.", "{8}"),
        ("conto bancario", "{4} {4} {4}"),
    ),
    "pt": (
        ("conta corrente", "{6}-{1}"),
        ("número da conta", "{9}"),
        ("NIB", "{4} {4} {11} {2}"),
        ("agência 1234 conta", "{5}-{1}"),
        ("conta bancária", "{11}"),
    ),
}
"""What an account number is called, and its form: ``{8}`` is eight digits."""


def account(dice: random.Random, language: str) -> tuple[str, str]:
    """(what it is called, the number) of a bank account that is not an IBAN."""
    name, form = dice.choice(_ACCOUNTS[language])
    return name, re.sub(r"\{(\d+)\}", lambda part: _random(dice, _DIGITS, int(part[1])), form)


def wallet(dice: random.Random) -> str:
    """A wallet address of one of the common currencies, with its checksum."""
    payload = bytes(dice.randrange(256) for _ in range(20))
    kind = dice.randrange(7)
    if kind == 0:
        return _base58(b"\x00" + payload)
    if kind == 1:
        return _base58(b"\x05" + payload)
    if kind == 2:
        return _base58(b"\x30" + payload)
    if kind == 3:
        return _base58(b"\x41" + payload)
    if kind == 4:
        return _bech32("bc", payload)
    if kind == 5:
        return _bech32("ltc", payload)
    return "0x" + payload.hex()


def _base58(payload: bytes) -> str:
    digest = hashlib.sha256(hashlib.sha256(payload).digest()).digest()
    number, text = int.from_bytes(payload + digest[:4], "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = _BASE58[rest] + text
    zeros = len(payload) - len(payload.lstrip(b"\0"))
    return "1" * zeros + text


def _bech32(prefix: str, program: bytes) -> str:
    """BIP 173, witness version 0."""
    bits = "".join(f"{byte:08b}" for byte in program)
    words = [0, *(int(bits[index : index + 5], 2) for index in range(0, len(bits), 5))]
    expanded = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    checksum = _polymod(expanded + words + [0] * 6) ^ 1
    words += [checksum >> 5 * (5 - index) & 31 for index in range(6)]
    return f"{prefix}1" + "".join(_BECH32[word] for word in words)


def _polymod(values: list[int]) -> int:
    generator = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for index in range(5):
            checksum ^= generator[index] if top >> index & 1 else 0
    return checksum
