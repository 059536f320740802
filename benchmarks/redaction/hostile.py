"""64 KB texts that make careless patterns slow, each with an address planted at its end."""

from __future__ import annotations

import base64
import random

SIZE = 64 * 1024
PLANTED = "ada.lopez@example.com"
_TAIL = f" my email is {PLANTED}"


def hostile_texts() -> dict[str, str]:
    """Every hostile text by name: those of the study that started this, then more."""
    dice = random.Random("hostile")
    noise = base64.b64encode(dice.randbytes(SIZE)).decode()
    prose = "The room has a view of the lake, a balcony and a coffee machine. "
    heads = {
        "letters and dots, then @": _repeated("a.")[: SIZE - len(_TAIL) - 1] + "@",
        "letters and dots": _repeated("a."),
        "base64": noise,
        "digit runs": _repeated("12 34 "),
        "JSON tool output": _repeated('{"id": 1234, "price": 12.5, "at": "2026-05-14T10:45:00Z"},'),
        "prose": _repeated(prose),
        "an embedding": ", ".join(f"{dice.uniform(-1, 1):.8f}" for _ in range(SIZE // 10)),
        "one letter": _repeated("a"),
        "one digit": _repeated("1"),
        "at signs": _repeated("a@"),
        "hyphens and digits": _repeated("1-"),
        "brackets": _repeated("(((("),
        "percent escapes": _repeated("%25"),
        "JSON escapes": _repeated("\\u0040"),
        "HTML entities": _repeated("&#64;"),
        "backslashes": _repeated("\\"),
        "schemes": _repeated("http://"),
        "colons in hex": _repeated("ab:"),
        "country codes": _repeated("+1 "),
        "house numbers": _repeated("12 Main Street "),
        "names of streets": _repeated("Calle de la "),
        "born born": _repeated("born on "),
        "password password": _repeated("password: "),
        "key prefixes": _repeated("sk-ghp_AKIA"),
        "IBAN heads": _repeated("DE89 3704 "),
        "zero width": _repeated("a\u200b"),
        "capitalised words": _repeated("Ada Lopez "),
        "spelled digits": _repeated("four five "),
        "at and dot words": _repeated("a at b dot "),
        "tokens": _repeated("<PHONE_abcdefgh>"),
        "angle brackets": _repeated("<PHONE_"),
        "data URL": "data:image/png;base64," + noise,
        "open JSON": _repeated('{"a":['),
        "spaces": _repeated(" "),
    }
    return {name: text[: SIZE - len(_TAIL)] + _TAIL for name, text in heads.items()}


STUDIED = (
    "letters and dots, then @",
    "letters and dots",
    "base64",
    "digit runs",
    "JSON tool output",
    "prose",
    "an embedding",
)
"""Those plain Presidio is run on too: each of the others would cost it seconds as well."""


def _repeated(unit: str) -> str:
    return unit * (SIZE // len(unit) + 1)
