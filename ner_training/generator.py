"""Generated chat with the names in it marked."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ner_training import prose, templates, writing
from ner_training.people import People
from ner_training.things import Things
from ner_training.writing import Part, Parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SLOT: Final = re.compile(r"\{([a-z_]+?)(\d?)\}")
_TITLES: Final = {
    "en": ("Mr.", "Mrs.", "Ms.", "Mr", "Mrs", "Ms", "Miss", "Dr.", "Prof.", "Sir", "Mx."),
    "es": ("Sr.", "Sra.", "Srta.", "Don", "Doña", "Dr.", "Dra.", "señor", "señora"),
    "de": ("Herr", "Frau", "Herrn", "Dr.", "Frau Dr.", "Herr Dr."),
    "fr": ("M.", "Mme", "Mlle", "Monsieur", "Madame", "Dr", "Maître"),
    "it": ("Sig.", "Sig.ra", "Signor", "Signora", "Dott.", "Dott.ssa", "Ing."),
    "pt": ("Sr.", "Sra.", "Dona", "Dr.", "Dra.", "Senhor", "Senhora"),
    "nl": ("dhr.", "mevr.", "mw.", "Meneer", "Mevrouw", "dr.", "De heer"),
}
_DEGREES: Final = (" DDS", ", DDS", ", MD", " M.D.", ", PhD", ", LMFT", ", PsyD", ", DMD", " OD")
_PARTICLES: Final = {
    "nl": ("van der", "van", "de", "van den", "van de", "ter"),
    "de": ("von", "von der", "zu"),
    "es": ("de la", "del", "de"),
    "fr": ("de", "du", "de la", "d'", "Le", "La"),
    "it": ("De", "Di", "Della", "D'", "Lo"),
    "pt": ("da", "dos", "de", "do"),
    "en": ("O'", "Mc", "Mac", "St.", "de"),
}
_SPEAKERS: Final = (
    ("Agent", "Customer"), ("agent", "client"), ("Rep", "Caller"), ("Bot", "User"),
    ("assistant", "user"), ("Support", "Guest"), ("Operator", "Passenger"), ("AGENT", "CUSTOMER"),
)  # fmt: skip
_ENGLISH_SHARE: Final = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a text."""

    first: str
    last: str


class Generator:
    """Texts without end, the same ones for the same seed."""

    def __init__(self, seed: int, *, held_out: bool = False) -> None:
        self._rng = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
        self._people = People(held_out=held_out)
        self._things = Things(self._people, self._rng)
        self._templates = templates.read(held_out=held_out)
        self._prose = prose.sentences()
        self._words = {language: prose.words(language) for language in templates.LANGUAGES}
        self._language = "en"
        self._forms: dict[str, Callable[[Person], Parts]] = {
            "full": self._full,
            "first": lambda who: (Part(who.first, True),),
            "last": lambda who: (Part(who.last, True),),
            "p": self._any,
            "init": self._initialled,
            "inv": self._inverted,
            "mr": self._titled,
            "dr": self._doctor,
            "poss": self._possessive,
            "gen": self._genitive,
        }

    def texts(self, count: int) -> Iterator[Parts]:
        """That many texts."""
        for _ in range(count):
            yield self._text()

    def _text(self) -> Parts:
        rng = self._rng
        others = templates.LANGUAGES[1:]
        self._language = "en" if rng.random() < _ENGLISH_SHARE else rng.choice(others)
        kind = rng.random()
        if kind < 0.13:
            parts: Parts = (Part(rng.choice(self._prose)),)
        elif kind < 0.21:
            parts = self._dialogue()
        elif kind < 0.25:
            parts = self._json()
        elif kind < 0.6:
            parts = self._sentence(0.45)
        else:
            parts = self._several()
        return self._written(tuple(part for part in parts if part.text))

    def _written(self, parts: Parts) -> Parts:
        """The text as somebody typed it."""
        rng = self._rng
        if rng.random() < 0.5:
            words, share = self._words[self._language], rng.choice((0.05, 0.1, 0.3))
            parts = writing.with_other_words(parts, rng, words, share)
        if rng.random() < 0.15:
            parts = writing.mistyped(parts, rng)
        if rng.random() < 0.12:
            parts = writing.unpunctuated(parts)
        if rng.random() < 0.04:
            parts = writing.masked(parts, rng)
        if rng.random() < 0.15:
            parts = writing.curly(parts)
        if rng.random() < 0.04:
            parts = writing.escaped(parts)
        return self._in_case(parts)

    def _in_case(self, parts: Parts) -> Parts:
        rng = self._rng
        case = rng.random()
        if case < 0.4:
            parts = writing.lowered(parts)
            return writing.unaccented(parts) if rng.random() < 0.3 else parts
        if case < 0.43:
            return writing.upper(parts)
        if case < 0.48:
            return writing.names_lowered(parts)
        if case < 0.52:
            return writing.unaccented(parts)
        return parts

    def _several(self) -> Parts:
        rng = self._rng
        separator = rng.choice(
            (". ", ". ", ". ", " ", "\n", ", ", "! ", "? ", "\n\n", ".\n", " - ")
        )
        share = rng.choice((0.0, 0.0, 0.25, 0.5))
        sentences = [self._sentence(share) for _ in range(rng.randint(2, 5))]
        return writing.joined(sentences, separator)

    def _dialogue(self) -> Parts:
        rng = self._rng
        turns = [self._sentence(0.3) for _ in range(rng.randint(2, 5))]
        if rng.random() < 0.35:
            speakers = [self._person(), self._person()]
            stamp = rng.choice(("", "", "[{0}:{1}] ", "{0}:{1} - ", "[{0}/05/24, {0}:{1}:09] "))
            labels = [
                (Part(speaker.first), Part(f" {speaker.last}"))[: rng.randint(1, 2)]
                for speaker in speakers
            ]
            lines = [
                (
                    Part(stamp.format(rng.randint(1, 12), rng.randint(10, 59))),
                    Part("".join(part.text for part in labels[index % 2]), True),
                    Part(": "),
                    *turn,
                )
                for index, turn in enumerate(turns)
            ]
        else:
            pair = rng.choice(_SPEAKERS)
            lines = [(Part(f"{pair[index % 2]}: "), *turn) for index, turn in enumerate(turns)]
        return writing.joined(lines, "\n")

    def _json(self) -> Parts:
        rng = self._rng
        who = self._person()
        form = rng.randrange(4)
        if form == 0:
            key = rng.choice(("text", "content", "message", "body", "note"))
            return (Part(f'{{"{key}": "'), *self._sentence(0.4), Part('"}'))
        if form == 1:
            return (
                Part('{"first_name": "'), Part(who.first, True), Part('", "last_name": "'),
                Part(who.last, True), Part(f'", "city": "{self._make("city")}"}}'),
            )  # fmt: skip
        if form == 2:
            key = rng.choice(("name", "full_name", "passenger", "customer", "contact_name"))
            other = rng.choice(("restaurant", "company", "hotel", "movie", "brand", "plan"))
            return (
                Part(f'{{"{other}_name": "{self._make(other)}", "{key}": "'),
                Part(f"{who.first} {who.last}", True), Part('"}'),
            )  # fmt: skip
        kinds = rng.sample(
            ("city", "movie", "restaurant", "company", "street", "plan", "product"), 3
        )
        return (Part(json.dumps({kind: self._make(kind) for kind in kinds}, ensure_ascii=False)),)

    def _make(self, kind: str) -> str:
        if kind == "w":
            if self._language == "en" and self._rng.random() < 0.3:
                return self._things.make("word_en")
            word = self._rng.choice(self._words[self._language])
            return word.capitalize() if self._rng.random() < 0.15 else word
        return self._things.make(kind)

    def _sentence(self, named_share: float) -> Parts:
        rng = self._rng
        sentences = self._templates[self._language]
        # Of a short list nothing may have been kept back.
        is_named = (rng.random() < named_share or not sentences.plain) and bool(sentences.named)
        template = rng.choice(sentences.named if is_named else sentences.plain)
        parts = self._filled(templates.chosen(template, rng), is_named=is_named)
        return writing.sentence_case(parts) if rng.random() < 0.6 else parts

    def _filled(self, template: str, *, is_named: bool) -> Parts:
        parts: list[Part] = []
        cast: dict[str, Person] = {}
        position = 0
        for slot in _SLOT.finditer(template):
            parts.append(Part(template[position : slot.start()]))
            position = slot.end()
            kind, number = slot.groups()
            if is_named and kind in self._forms:
                person = cast.setdefault(number, self._person()) if number else self._person()
                parts.extend(self._forms[kind](person))
            else:
                parts.append(Part(self._make(kind)))
        parts.append(Part(template[position:]))
        return tuple(parts)

    def _person(self) -> Person:
        rng, people = self._rng, self._people
        culture = people.culture(rng, self._language)
        person = Person(first=people.first(rng, culture), last=people.last(rng, culture))
        if rng.random() < 0.08:
            particle = rng.choice(_PARTICLES[self._language])
            gap = "" if particle.endswith("'") or particle in {"Mc", "Mac"} else " "
            person = replace(person, last=f"{particle}{gap}{person.last}")
        elif rng.random() < (0.3 if self._language in {"es", "pt"} else 0.02):
            person = replace(person, last=f"{person.last} {people.last(rng, culture)}")
        return person

    def _full(self, who: Person) -> Parts:
        rng, style = self._rng, self._rng.random()
        if style < 0.86:
            return (Part(f"{who.first} {who.last}", True),)
        middle = rng.choice("ABCDEFGHJKLMPRSTW")
        if style < 0.92:
            return (Part(f"{who.first} {middle}{rng.choice(('.', ''))} {who.last}", True),)
        if style < 0.95:
            second = self._person().first
            return (Part(f"{who.first} {second} {who.last}", True),)
        if style < 0.97:
            return (Part(f"{who.last.upper()} {who.first}", True),)
        if style < 0.985:
            return (
                Part(f"{who.first} {who.last} {rng.choice(('Jr.', 'III', 'Jr', 'Sr.'))}", True),
            )
        return self._initialled(who)

    def _any(self, who: Person) -> Parts:
        style = self._rng.random()
        if style < 0.52:
            return (Part(who.first, True),)
        if style < 0.9:
            return self._full(who)
        return self._titled(who)

    def _initialled(self, who: Person) -> Parts:
        first, rng = who.first[0], self._rng
        return (Part(rng.choice((
            f"{first}. {who.last}", f"{first} {who.last}", f"{who.first} {who.last[0]}.",
            f"{first}. {rng.choice('ABCDEFGJKLMRST')}. {who.last}",
        )), True),)  # fmt: skip

    def _inverted(self, who: Person) -> Parts:
        return (Part(f"{who.last}, {who.first}", True),)

    def _titled(self, who: Person) -> Parts:
        title = self._rng.choice(_TITLES[self._language])
        name = who.last if self._rng.random() < 0.65 else f"{who.first} {who.last}"
        return (Part(f"{title} "), Part(name, True))

    def _doctor(self, who: Person) -> Parts:
        rng, style = self._rng, self._rng.random()
        if style < 0.45:
            name = who.last if rng.random() < 0.45 else f"{who.first} {who.last}"
            return (Part(rng.choice(("Dr. ", "Dr ", "Doctor ", "Dr. "))), Part(name, True))
        if style < 0.65:
            return (Part(f"{who.first} {who.last}", True), Part(rng.choice(_DEGREES)))
        if style < 0.75:
            return (Part(f"{who.last} {who.first}", True),)
        return self._full(who)

    def _possessive(self, who: Person) -> Parts:
        rng = self._rng
        name = who.first if rng.random() < 0.65 else f"{who.first} {who.last}"
        ending = rng.choice(("'s", "'s", "'s", "\u2019s", "s"))
        if ending == "s":
            return (Part(f"{name}s", True),)
        return (Part(name, True), Part(ending))

    def _genitive(self, who: Person) -> Parts:
        return (Part(f"{who.first}s", True),)
