"""Check digits: what tells a card, an account or an identity number from any other number."""

from __future__ import annotations

from typing import Final

_IBAN_TABLE: Final = (
    "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BI:27 BR:29 BY:28 CH:21 CR:22 "
    "CY:28 CZ:24 DE:22 DJ:27 DK:18 DO:28 EE:20 EG:29 ES:24 FI:18 FK:18 FO:18 FR:27 GB:22 "
    "GE:22 GI:23 GL:18 GR:27 GT:28 HN:28 HR:21 HU:28 IE:22 IL:23 IQ:23 IS:26 IT:27 JO:30 "
    "KW:30 KZ:20 LB:28 LC:32 LI:21 LT:20 LU:20 LV:21 LY:25 MC:27 MD:24 ME:22 MK:19 MN:20 "
    "MR:27 MT:31 MU:30 NI:28 NL:18 NO:15 OM:23 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24 RS:22 "
    "RU:33 SA:24 SC:31 SD:18 SE:24 SI:19 SK:24 SM:27 SO:23 ST:25 SV:28 TL:23 TN:24 TR:26 "
    "UA:29 VA:22 VG:24 XK:20 YE:30"
)
_IBAN_LENGTHS: Final = {entry[:2]: int(entry[3:]) for entry in _IBAN_TABLE.split()}

_DNI_LETTERS: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_ODD_CODES: Final = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10)
_ODD_VALUES: Final = (*_ODD_CODES, 22, 25, 24, 23)
_SEPARATORS: Final = str.maketrans("", "", " +().-/")
_LUHN_DOUBLED: Final = bytes(
    sum(divmod(2 * (code - 48), 10)) if 48 <= code < 58 else 0 for code in range(256)
)
_SHORT_MAESTRO: Final = frozenset({604, 5018, 5020, 5038, 5893, 6304, 6390, 6759, 6761, 6762, 6763})


def digits_of(written: str) -> str:
    """Only the digits."""
    bare = written.translate(_SEPARATORS)
    return bare if bare.isdecimal() else "".join(filter(str.isdigit, written))


def has_luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of those before it."""
    # ASCII digits are 48 too large each; summing bytes is several times faster than a loop.
    code = digits.encode()
    straight, doubled = code[-1::-2], code[-2::-2].translate(_LUHN_DOUBLED)
    return (sum(straight) - 48 * len(straight) + sum(doubled)) % 10 == 0


def is_card_number(digits: str) -> bool:
    """Whether a card network issues such a number: its prefix, its length and its check digit."""
    return is_of_card_network(digits) and len(set(digits)) > 1 and has_luhn(digits)


def is_of_card_network(digits: str) -> bool:
    """Whether a card network gives out numbers of this length that begin like this one."""
    length = len(digits)
    if not 12 <= length <= 19:
        return False
    two, four = int(digits[:2]), int(digits[:4])
    if length == 12:
        return four in _SHORT_MAESTRO or 56 <= two <= 58
    if digits[0] == "4":
        return length in {13, 16, 19}
    if two in {34, 37}:
        return length == 15
    if 51 <= two <= 55 or 2200 <= four <= 2204 or 2221 <= four <= 2720 or four == 9792:
        return length == 16
    if two in {36, 38, 39} or 300 <= four // 10 <= 305 or four == 3095:
        return length in {14, 16, 19}
    # The old 15 digits of JCB begin otherwise: with 35 they are a telephone's serial number.
    if 3528 <= four <= 3589:
        return length >= 16
    if four in {1800, 2131}:
        return length in {15, 16}
    return two == 50 or 56 <= two <= 69 or (four == 604 and length == 16)


def iban_length(country: str) -> int:
    """How many characters an IBAN of that country has; 0 when it has none."""
    return _IBAN_LENGTHS.get(country, 0)


def is_iban(compact: str) -> bool:
    """Whether the two check digits of a compact upper-case IBAN fit the rest."""
    rearranged = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in rearranged)) % 97 == 1


def is_us_ssn(digits: str) -> bool:
    """Whether nine digits lie in the ranges that were ever given out, tax numbers included."""
    area, group, serial = int(digits[:3]), int(digits[3:5]), int(digits[5:])
    if area in {0, 666} or group == 0 or serial == 0:
        return False
    # From 900 on they are tax numbers, given out in these groups only.
    return area < 900 or 50 <= group <= 65 or 70 <= group <= 99


def is_spanish_id(compact: str) -> bool:
    """Whether the letter of a DNI or NIE fits its digits."""
    lead = {"X": "0", "Y": "1", "Z": "2"}.get(compact[0], compact[0])
    return _DNI_LETTERS[int(lead + compact[1:-1]) % 23] == compact[-1]


def is_codice_fiscale(compact: str) -> bool:
    """Whether the last letter of an Italian tax code fits the rest."""
    total = 0
    for index, character in enumerate(compact[:15]):
        # In this code the letter A counts as the digit 0, B as 1 and so on.
        value = int(character) if character.isdigit() else ord(character) - 65
        total += value if index % 2 else _ODD_VALUES[value]
    return chr(65 + total % 26) == compact[15]


def is_french_nir(compact: str) -> bool:
    """Whether the key of a French social security number fits; Corsica counts as 19 and 18."""
    body = compact[:13].replace("2A", "19").replace("2B", "18")
    return body.isdigit() and 97 - int(body) % 97 == int(compact[13:])


def is_german_tax_id(digits: str) -> bool:
    """Whether eleven digits satisfy ISO 7064 MOD 11,10 and repeat a digit as they must."""
    repeats = [digits[:10].count(digit) for digit in set(digits[:10])]
    if digits[0] == "0" or max(repeats) not in {2, 3}:
        return False
    product = 10
    for character in digits[:10]:
        total = (int(character) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def is_brazilian_cpf(digits: str) -> bool:
    """Whether both check digits of a CPF fit."""
    if len(set(digits)) == 1:
        return False
    return all(_cpf_digit(digits[:length]) == int(digits[length]) for length in (9, 10))


def _cpf_digit(digits: str) -> int:
    weights = range(len(digits) + 1, 1, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return total * 10 % 11 % 10
