"""Numbers of identity papers, with the name each goes by in its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.redaction.money import luhn_digit

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
_CONSONANTS = "BCDFGLMNPRSTVZ"


def social_security(dice: random.Random, *, is_named: bool) -> str:
    """A US social security number in an area that is issued; compact only beside its name."""
    area = dice.choice([*range(1, 666), *range(667, 900)])
    group, serial = dice.randint(1, 99), dice.randint(1, 9999)
    joint = dice.choice(("-", "-", "-", " ", "") if is_named else ("-",))
    return f"{area:03d}{joint}{group:02d}{joint}{serial:04d}"


def paper(dice: random.Random, language: str) -> tuple[str, str]:
    """(what it is called, the number) of an identity paper of a country of the language."""
    name, make = dice.choice(_PAPERS[language])
    return name, make(dice)


def _d(dice: random.Random, count: int) -> str:
    return "".join(dice.choices("0123456789", k=count))


def _l(dice: random.Random, count: int, alphabet: str = "ABCDEFGHJKLMNPRSTUVWXYZ") -> str:
    return "".join(dice.choices(alphabet, k=count))


def _weighted(digits: str, weights: list[int], modulus: int) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % modulus


def _nhs(dice: random.Random) -> str:
    while True:
        digits = _d(dice, 9)
        check = 11 - _weighted(digits, list(range(10, 1, -1)), 11)
        if check != 10:
            whole = digits + str(check % 11)
            return f"{whole[:3]} {whole[3:6]} {whole[6:]}"


def _sin(dice: random.Random) -> str:
    digits = dice.choice("1234567") + _d(dice, 7)
    whole = digits + luhn_digit(digits)
    return dice.choice(
        (f"{whole[:3]} {whole[3:6]} {whole[6:]}", f"{whole[:3]}-{whole[3:6]}-{whole[6:]}")
    )


def _tfn(dice: random.Random) -> str:
    while True:
        digits = dice.choice("123456789") + _d(dice, 8)
        if _weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10], 11) == 0:
            return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def _nino(dice: random.Random) -> str:
    prefix = dice.choice(("AB", "CE", "JK", "LM", "PR", "SH", "WM", "EA"))
    digits, suffix = _d(dice, 6), dice.choice("ABCD")
    if dice.random() < 0.5:
        return f"{prefix}{digits}{suffix}"
    return f"{prefix} {digits[:2]} {digits[2:4]} {digits[4:]} {suffix}"


def _verhoeff(digits: str) -> str:
    table = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ]  # fmt: skip
    shuffle = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    for _ in range(6):
        shuffle.append([shuffle[1][value] for value in shuffle[-1]])
    state = 0
    for index, digit in enumerate(reversed(digits)):
        state = table[state][shuffle[(index + 1) % 8][int(digit)]]
    return str([0, 4, 3, 2, 1, 5, 6, 7, 8, 9][state])


def _aadhaar(dice: random.Random) -> str:
    digits = dice.choice("23456789") + _d(dice, 10)
    whole = digits + _verhoeff(digits)
    return f"{whole[:4]} {whole[4:8]} {whole[8:]}"


def _dni(dice: random.Random) -> str:
    number = _d(dice, 8)
    letter = _DNI[int(number) % 23]
    dotted = f"{number[:2]}.{number[2:5]}.{number[5:]}"
    return dice.choice(
        (f"{number}{letter}", f"{number}{letter}", f"{number}-{letter}", f"{dotted}-{letter}")
    )


def _nie(dice: random.Random) -> str:
    first, rest = dice.randrange(3), _d(dice, 7)
    return f"{'XYZ'[first]}{dice.choice(('', '-'))}{rest}{_DNI[int(f'{first}{rest}') % 23]}"


def _curp(dice: random.Random) -> str:
    return (
        f"{_l(dice, 4, 'AEBCDGLMR')}{_past(dice)}{dice.choice('HM')}"
        f"{dice.choice(('DF', 'JC', 'NL', 'MC'))}{_l(dice, 3, _CONSONANTS)}0{_d(dice, 1)}"
    )


def _past(dice: random.Random) -> str:
    return f"{dice.randint(40, 99):02d}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}"


def _rut(dice: random.Random) -> str:
    number = str(dice.randint(5_000_000, 25_000_000))
    total = sum(int(digit) * (2 + index % 6) for index, digit in enumerate(reversed(number)))
    check = "0123456789K"[(11 - total % 11) % 11] if (11 - total % 11) != 10 else "K"
    return f"{int(number):,}".replace(",", ".") + f"-{check}"


def _tax_id(dice: random.Random) -> str:
    """German Steuer-ID: eleven digits, the last by ISO 7064 MOD 11,10."""
    pool = dice.sample("0123456789", 9)
    digits = [*pool, pool[0]]
    dice.shuffle(digits)
    if digits[0] == "0":
        digits[0], digits[1] = digits[1], digits[0]
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    whole = "".join(digits) + str((11 - product) % 10)
    return dice.choice((whole, f"{whole[:2]} {whole[2:5]} {whole[5:8]} {whole[8:]}"))


def _id_card(dice: random.Random) -> str:
    """German identity card: nine characters and a check digit with weights 7, 3, 1."""
    alphabet = "0123456789CFGHJKLMNPRTVWXYZ"
    body = "L" + "".join(dice.choices(alphabet, k=8))
    check = sum(int(char, 36) * (7, 3, 1)[index % 3] for index, char in enumerate(body)) % 10
    return f"{body}{check}"


def _pension(dice: random.Random) -> str:
    born = f"{dice.randint(1, 28):02d}{dice.randint(1, 12):02d}{_d(dice, 2)}"
    return f"{_d(dice, 2)} {born} {_l(dice, 1)} {_d(dice, 3)}"


def _ahv(dice: random.Random) -> str:
    digits = "756" + _d(dice, 9)
    check = -sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits)) % 10
    return f"756.{digits[3:7]}.{digits[7:11]}.{digits[11]}{check}"


def _nir(dice: random.Random) -> str:
    digits = (
        f"{dice.choice('12')}{dice.randint(40, 99):02d}{dice.randint(1, 12):02d}"
        f"{dice.randint(1, 95):02d}{dice.randint(1, 900):03d}{dice.randint(1, 900):03d}"
    )
    key = f"{97 - int(digits) % 97:02d}"
    spaced = (
        f"{digits[0]} {digits[1:3]} {digits[3:5]} {digits[5:7]} {digits[7:10]} {digits[10:]} {key}"
    )
    return dice.choice((digits + key, spaced))


def _belgian(dice: random.Random) -> str:
    digits = f"{_past(dice)}{dice.randint(1, 997):03d}"
    check = f"{97 - int(digits) % 97:02d}"
    return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}-{digits[6:]}.{check}"


_DIGIT_WEIGHTS = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
_LETTER_WEIGHTS = (2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (*_DIGIT_WEIGHTS, *_DIGIT_WEIGHTS, *_LETTER_WEIGHTS),
        strict=True,
    )
)


def _codice_fiscale(dice: random.Random) -> str:
    day = dice.randint(1, 28) + dice.choice((0, 40))
    body = (
        f"{_l(dice, 6, _CONSONANTS)}{dice.randint(40, 99)}{dice.choice('ABCDEHLMPRST')}"
        f"{day:02d}{dice.choice('ABCDFGHIL')}{_d(dice, 3)}"
    )
    even = sum(int(char, 36) - (10 if char.isalpha() else 0) for char in body[1::2])
    odd = sum(_ODD[char] for char in body[::2])
    return body + chr(65 + (even + odd) % 26)


def _cpf(dice: random.Random) -> str:
    digits = _d(dice, 9)
    for length in (10, 11):
        rest = _weighted(digits, list(range(length, 1, -1)), 11)
        digits += str(0 if rest < 2 else 11 - rest)
    return dice.choice((f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}", digits))


def _nif(dice: random.Random) -> str:
    digits = dice.choice("123") + _d(dice, 7)
    rest = _weighted(digits, list(range(9, 1, -1)), 11)
    whole = digits + str(0 if rest < 2 else 11 - rest)
    return dice.choice((whole, f"{whole[:3]} {whole[3:6]} {whole[6:]}"))


def _passport(dice: random.Random) -> str:
    return dice.choice((_d(dice, 9), _l(dice, 1) + _d(dice, 8), _l(dice, 2) + _d(dice, 7)))


def _licence(dice: random.Random) -> str:
    return dice.choice(
        (
            _l(dice, 1) + _d(dice, 7),
            f"{_l(dice, 5)}{_d(dice, 6)}{_l(dice, 2)}{_d(dice, 1)}{_l(dice, 2)}",
            f"{_l(dice, 1)}{_d(dice, 3)}-{_d(dice, 4)}-{_d(dice, 4)}",
        )
    )


_PAPERS: dict[str, tuple[tuple[str, Callable[[random.Random], str]], ...]] = {
    "en": (
        ("passport number", _passport),
        ("passport no.", _passport),
        ("driver's license", _licence),
        ("driving licence number", _licence),
        ("NHS number", _nhs),
        ("national insurance number", _nino),
        ("SIN", _sin),
        ("TFN", _tfn),
        ("Aadhaar", _aadhaar),
        ("ITIN", lambda dice: f"9{_d(dice, 2)}-7{_d(dice, 1)}-{_d(dice, 4)}"),
        ("PPS number", lambda dice: f"{_d(dice, 7)}{_l(dice, 1)}A"),
        ("green card number", lambda dice: f"A{_d(dice, 9)}"),
    ),
    "es": (
        ("DNI", _dni),
        ("DNI", _dni),
        ("NIE", _nie),
        ("CURP", _curp),
        ("RUT", _rut),
        ("número de pasaporte", lambda dice: f"{_l(dice, 3)}{_d(dice, 6)}"),
        ("número de la seguridad social", lambda dice: f"28/{_d(dice, 8)}/{_d(dice, 2)}"),
        ("cédula", lambda dice: f"{int('1' + _d(dice, 9)):,}".replace(",", ".")),
    ),
    "de": (
        ("Steuer-ID", _tax_id),
        ("Steueridentifikationsnummer", _tax_id),
        ("Personalausweisnummer", _id_card),
        ("Reisepassnummer", lambda dice: f"C{_id_card(dice)[1:9]}"),
        ("Rentenversicherungsnummer", _pension),
        ("Sozialversicherungsnummer", _pension),
        ("AHV-Nummer", _ahv),
        ("Führerscheinnummer", lambda dice: f"B{_d(dice, 3)}{_l(dice, 3)}{_d(dice, 4)}"),
        ("Krankenversichertennummer", lambda dice: f"{_l(dice, 1)}{_d(dice, 9)}"),
    ),
    "fr": (
        ("numéro de sécurité sociale", _nir),
        ("numéro de sécu", _nir),
        ("numéro de passeport", lambda dice: f"{_d(dice, 2)}{_l(dice, 2)}{_d(dice, 5)}"),
        ("numéro fiscal", lambda dice: f"{dice.choice('0123')}{_d(dice, 12)}"),
        ("numéro de carte d'identité", lambda dice: _d(dice, 12)),
        ("numéro national", _belgian),
        ("numéro de permis de conduire", lambda dice: _d(dice, 12)),
    ),
    "it": (
        ("codice fiscale", _codice_fiscale),
        ("codice fiscale", _codice_fiscale),
        ("cf", _codice_fiscale),
        ("numero di passaporto", lambda dice: f"Y{_l(dice, 1)}{_d(dice, 7)}"),
        ("numero carta d'identità", lambda dice: f"C{_l(dice, 1)}{_d(dice, 5)}{_l(dice, 2)}"),
        ("numero di patente", lambda dice: f"U1{_d(dice, 7)}{_l(dice, 1)}"),
    ),
    "pt": (
        ("CPF", _cpf),
        ("CPF", _cpf),
        ("NIF", _nif),
        ("RG", lambda dice: f"{_d(dice, 2)}.{_d(dice, 3)}.{_d(dice, 3)}-{_d(dice, 1)}"),
        ("número do passaporte", lambda dice: f"{_l(dice, 2)}{_d(dice, 6)}"),
        (
            "cartão de cidadão",
            lambda dice: f"{_d(dice, 8)} {_d(dice, 1)} {_l(dice, 2)}{_d(dice, 1)}",
        ),
        ("número de segurança social", lambda dice: f"1{_d(dice, 10)}"),
    ),
}
