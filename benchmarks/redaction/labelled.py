"""The labelled sets, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass

from benchmarks.redaction import contacts, people, secret_formats
from benchmarks.redaction.examples import (
    MEASURED,
    Example,
    Kind,
    Piece,
    compose,
    filler,
    lowered,
)
from benchmarks.redaction.sentences import LANGUAGES, Writer
from benchmarks.redaction.styles import NATURAL, STYLES, message

SEED = 20261122
_ENGLISH = 360
_EACH_OTHER = 72
_WITH_LOWER_TWINS = (Kind.PERSON, Kind.ADDRESS)
_ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """All labelled examples, by what they ask."""

    messages: tuple[Example, ...]
    """Every kind, language and style."""
    regions: tuple[Example, ...]
    """Telephone numbers of every region of the world."""
    secrets: tuple[Example, ...]
    """One of each known format of a credential, in several places."""


def labelled_sets(*, seed: int = SEED, share: float = 1.0) -> Sets:
    """Generate the sets, or a share of each."""
    people.forget()
    return Sets(
        messages=tuple(_messages(seed, share)),
        regions=tuple(_regions(random.Random(f"{seed} regions"), share)),
        secrets=tuple(_formats(random.Random(f"{seed} formats"), share)),
    )


def _messages(seed: int, share: float) -> list[Example]:
    found: list[Example] = []
    for kind in MEASURED:
        for language in LANGUAGES:
            if kind is Kind.SSN and language not in ("en", "es"):
                continue
            writer = Writer(language, random.Random(f"{seed} {kind} {language}"))
            count = round((_ENGLISH if language == "en" else _EACH_OTHER) * share)
            for number in range(count):
                example = message(writer, kind, STYLES[number % len(STYLES)])
                found.append(example)
                if kind in _WITH_LOWER_TWINS and example.style in NATURAL:
                    found.append(lowered(example))
    return found


_WITH_CONTEXT = (
    "my number is {}",
    "call me at {} please",
    "Tel: {}",
    "phone {}",
    "You can reach us by phone on {}.",
    "mobile: {}",
    "whatsapp {}",
    "Mein Handy: {}",
    "mi teléfono es {}",
    "mon téléphone : {}",
    "il mio cellulare è {}",
    "meu telefone é {}",
)
_WITHOUT_CONTEXT = (
    "{}",
    "ok {} thanks",
    "Sure! It's {}",
    "{} from {time}",
    "Ada, {}",
    "- {}\n- none",
)


def _regions(dice: random.Random, share: float) -> list[Example]:
    found: list[Example] = []
    for form, number in contacts.region_examples():
        if dice.random() > share:
            continue
        for name, frames in (("with", _WITH_CONTEXT), ("without", _WITHOUT_CONTEXT)):
            before, after = dice.choice(frames).replace("{time}", "9:30").split("{}")
            pieces = (filler(before), Piece(text=number, kind=Kind.PHONE), filler(after))
            style = f"{form.lower()} {name} context"
            found.append(compose(pieces, kind=Kind.PHONE, language=_ANY, style=style))
    return found


_EVIDENT_FRAMES = (
    "{}",
    "here you go {} it stopped working",
    "Authorization: Bearer {}",
    'client = Client("{}")',
    '{{"id": 3, "value": "{}"}}',
    "<!-- {} -->",
)
_NAMED_FRAMES = (
    "{name}: {}",
    "my {name} is {}",
    "{constant}={}",
    '"{snake}": "{}"',
    "export {constant}='{}'",
    '{snake} = "{}"',
)


def _formats(dice: random.Random, share: float) -> list[Example]:
    found: list[Example] = []
    for _ in range(3):
        for name, value, is_named in secret_formats.every_format(dice):
            frame = dice.choice(_NAMED_FRAMES if is_named else (*_EVIDENT_FRAMES, *_NAMED_FRAMES))
            if dice.random() > share:
                continue
            snake = name.lower().replace(" ", "_").replace("&", "_and_")
            around = frame.replace("{name}", name).replace("{snake}", snake)
            around = around.replace("{constant}", snake.upper())
            before, after = around.replace("{{", "{").replace("}}", "}").split("{}")
            pieces = (filler(before), *secret_formats.as_pieces(value), filler(after))
            found.append(compose(pieces, kind=Kind.SECRET, language=_ANY, style="format"))
    return found
