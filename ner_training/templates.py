"""The sentences of the generated chat: read from ``templates/``, with their choices made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zlib import crc32

if TYPE_CHECKING:
    import random

LANGUAGES: Final = ("en", "es", "de", "fr", "it", "pt", "nl")
_FOLDER: Final = Path(__file__).parent / "templates"
_HELD_OUT_OF: Final = 30
"""One sentence in so many is kept for the evaluation."""
_CHOICE: Final = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """The sentences of one language."""

    named: tuple[str, ...]
    """Sentences with people in them."""
    plain: tuple[str, ...]
    """Sentences without."""


def read(*, held_out: bool) -> dict[str, Templates]:
    """The sentences of every language, those for training or those kept back."""
    return {
        language: Templates(
            named=_lines(f"{language}.txt", held_out=held_out),
            plain=_lines(f"{language}_plain.txt", held_out=held_out),
        )
        for language in LANGUAGES
    }


def chosen(template: str, rng: random.Random) -> str:
    """The template with one of each ``[this|that]`` taken."""
    while match := _CHOICE.search(template):
        choice = rng.choice(match[1].split("|"))
        template = template[: match.start()] + choice + template[match.end() :]
    return template.replace("\\n", "\n")


def _lines(name: str, *, held_out: bool) -> tuple[str, ...]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return tuple(
        line
        for line in lines
        if line and not line.startswith("# ") and _is_held_out(line) is held_out
    )


def _is_held_out(line: str) -> bool:
    # A short one is the commonest form of all: training without it would be a handicap.
    return len(line) > 12 and crc32(line.encode()) % _HELD_OUT_OF == 0
