"""Conversations in which a tool says who the customer is and the turns speak of it in parts."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.redaction import contacts, people
from benchmarks.redaction.examples import Example, Kind, Piece, compose, filler, lowered
from benchmarks.redaction.sentences import LANGUAGES, lines

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENGLISH = 150
_EACH_OTHER = 30

# {full} {first} {last} {poss}: the customer, {street} {line}: the address as the tool has it, or
# without its unit; {who}: a second person the tool names, such as a guest or a stylist.
_TURNS = {
    "en": (
        "Hi, this is {full}, I have a question about my booking.",
        "hey it's {first}",
        "My name is {full} and I'd like to change the delivery.",
        "Of course, {first}. One moment please.",
        "Thank you, Mr. {last}. Your booking is confirmed.",
        "Is that {poss} account or the company's?",
        "The reservation for {full} is on Friday at 19:00.",
        "Can you put it under {last} please",
        "I moved, is {street} still in your system?",
        "We will deliver to {street} tomorrow.",
        "yes {line} is right, ring the bell twice",
        "So it's {line}, correct?",
        "please send it to {street} and not to my office",
        "I want {who} again, last time was great",
        "{who} is free at 10:30, shall I book that?",
        "Does {who} work on Saturdays?",
        "ok and tell {who} I'll be late",
        "{first} {last}, with the address {line}",
    ),
    "es": (
        "Hola, soy {full}, tengo una pregunta sobre mi reserva.",
        "hola, {first} otra vez",
        "Claro, {first}. Un momento.",
        "Gracias, señor {last}. Queda confirmado.",
        "La reserva de {full} es el viernes.",
        "¿Lo entregamos en {street}?",
        "sí, {line}, segundo timbre",
        "quiero cita con {who} otra vez",
        "{who} tiene hueco a las 10:30",
    ),
    "de": (
        "Hallo, hier ist {full}, ich habe eine Frage zur Buchung.",
        "nochmal {first} hier",
        "Gerne, {first}. Einen Moment.",
        "Danke, Herr {last}. Ist bestätigt.",
        "Die Reservierung für {full} ist am Freitag.",
        "Wir liefern an {street}.",
        "ja, {line}, bitte zweimal klingeln",
        "ich möchte wieder zu {who}",
        "{who} hat um 10:30 Zeit",
        "Das ist {poss} Konto, oder?",
    ),
    "fr": (
        "Bonjour, c'est {full}, j'ai une question sur ma réservation.",
        "c'est encore {first}",
        "Bien sûr, {first}. Un instant.",
        "Merci, monsieur {last}. C'est confirmé.",
        "La réservation de {full} est vendredi.",
        "On livre au {street} ?",
        "oui, {line}, sonnez deux fois",
        "je veux {who} comme la dernière fois",
        "{who} est libre à 10:30",
    ),
    "it": (
        "Ciao, sono {full}, ho una domanda sulla prenotazione.",
        "sono ancora {first}",
        "Certo, {first}. Un attimo.",
        "Grazie, signor {last}. È confermato.",
        "La prenotazione di {full} è venerdì.",
        "Consegniamo in {street}?",
        "sì, {line}, suonate due volte",
        "vorrei {who} come l'altra volta",
        "{who} è libera alle 10:30",
    ),
    "pt": (
        "Olá, aqui é {full}, tenho uma dúvida sobre a reserva.",
        "é {first} de novo",
        "Claro, {first}. Um momento.",
        "Obrigado, senhor {last}. Está confirmado.",
        "A reserva de {full} é na sexta.",
        "Entregamos em {street}?",
        "sim, {line}, toque duas vezes",
        "quero {who} outra vez",
        "{who} está livre às 10:30",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """The turns of one conversation and what a tool returned in it."""

    name: str
    attributes: dict[str, str]
    """The attributes of the tool call."""
    turns: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cast:
    """Who a conversation is about."""

    first: str
    last: str
    other: str
    line: str
    unit: str
    mail: str

    @property
    def street(self) -> str:
        return f"{self.line}{self.unit}"

    def slot(self, name: str) -> Piece:
        text, kind = {
            "full": (f"{self.first} {self.last}", Kind.PERSON),
            "first": (self.first, Kind.PERSON),
            "last": (self.last, Kind.PERSON),
            "poss": (self.first, Kind.PERSON),
            "who": (self.other, Kind.PERSON),
            "line": (self.line, Kind.ADDRESS),
            "street": (self.street, Kind.ADDRESS),
        }[name]
        return Piece(text=text, kind=kind)


def dialogues(*, seed: int, share: float = 1.0) -> list[Dialogue]:
    """The conversations, as people write who use capitals."""
    return [
        _dialogue(random.Random(f"{seed} dialogue {language} {number}"), language, number)
        for language in LANGUAGES
        for number in range(round((_ENGLISH if language == "en" else _EACH_OTHER) * share))
    ]


def in_lower_case(dialogue: Dialogue) -> Dialogue:
    """The same conversation, every turn in lower case; the tool still answers as it did."""
    turns = tuple(lowered(turn) for turn in dialogue.turns)
    return Dialogue(name=f"{dialogue.name} lower", attributes=dialogue.attributes, turns=turns)


def _dialogue(dice: random.Random, language: str, number: int) -> Dialogue:
    line = people.street(dice, language)
    units = ("", "", ", Apt 4", " #12") if language == "en" and "," not in line else ("",)
    cast = _Cast(
        first=people.first_name(dice, language),
        last=people.last_name(dice, language),
        other=people.full_name(dice, language).replace(",", ""),
        line=line,
        unit=dice.choice(units),
        mail=contacts.mail_address(dice, language),
    )
    chosen = dice.sample(_TURNS[language], k=6)
    turns: list[Example] = []
    for line in chosen:
        pieces = list(_pieces(line, cast))
        if dice.random() < 0.4:
            pieces += [filler(f" {dice.choice(_asides(language))}")]
        main = next(piece.kind for piece in pieces if piece.kind)
        turns.append(compose(pieces, kind=main, language=language, style="dialogue"))
    return Dialogue(
        name=f"{language}-{number}",
        attributes={"gen_ai.tool.name": "lookup", "gen_ai.tool.call.result": _answer(dice, cast)},
        turns=tuple(turns),
    )


def _asides(language: str) -> list[str]:
    return [line for line in lines(language)["aside"] if "{" not in line]


def _pieces(line: str, cast: _Cast) -> Iterator[Piece]:
    for index, part in enumerate(line.replace("{", "}").split("}")):
        if index % 2:
            yield cast.slot(part)
            if part == "poss":
                yield filler("s" if "Konto" in line else "'s")
        elif part:
            yield filler(part)


def _answer(dice: random.Random, cast: _Cast) -> str:
    """What the tool returned, in one of the shapes such tools have."""
    full = f"{cast.first} {cast.last}"
    shapes: tuple[object, ...] = (
        {"customer": {"name": full, "address": cast.street, "email": cast.mail}},
        {"first_name": cast.first, "last_name": cast.last, "street_address": cast.street},
        {"customerName": full, "shippingAddress": {"street": cast.street, "country": "XX"}},
        {"result": [{"guest": {"firstName": cast.first, "lastName": cast.last}}]},
        {"contact_name": full, "address": {"line1": cast.street, "city": "Springfield"}},
        {"data": {"full_name": full, "home_address": cast.street, "loyalty": "gold"}},
    )
    shape = dice.choice(shapes)
    others = (
        {"stylist_name": cast.other},
        {"therapist_name": cast.other},
        {"receiver": cast.other},
        {"agents": [{"name": cast.other, "free": ["10:30"]}]},
        {"assigned_to": {"full_name": cast.other}},
        {"passengers": [{"name": cast.other, "seat": "12A"}]},
        {"doctor_name": cast.other, "hotel_name": "Hotel Bella Vista"},
        {"technician": {"name": cast.other, "team": "North Side"}},
        {"driver": {"name": cast.other, "car": "Blue Sedan"}},
        {"lead_guest": cast.other, "room": "Lake View Suite"},
        # No name of a field says what is in a text.
        {"summary": f"Assigned to {cast.other}, see the calendar."},
    )
    whole = {"record": shape, "booking": dice.choice(others), "status": "ok"}
    if "guest" in json.dumps(shape):
        whole["location"] = {"address": cast.street}
    return json.dumps(whole, ensure_ascii=dice.random() < 0.3)
