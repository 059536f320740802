"""Turns a line into a message: chat, text message, shouting, typos, e-mail, JSON, log, URL."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks.redaction.examples import Example, Kind, Piece, compose, filler
from benchmarks.redaction.sentences import STRUCTURED, Writer, carriers, lines

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

NATURAL = ("chat", "formal", "sms", "agent")
DERIVED = ("lower", "upper", "typos", "unpunctuated")
PACKED = ("email", "json", "log", "url")
STYLES = (*NATURAL, *DERIVED, *PACKED)


def message(writer: Writer, kind: Kind, style: str) -> Example:
    """One message that holds a value of the kind."""
    if style in NATURAL:
        pieces = _message(writer, kind, style)
    elif style in DERIVED:
        base = _message(writer, kind, writer.dice.choice(NATURAL))
        pieces = _DERIVE[style](writer.dice, base)
    else:
        pieces = _packed(writer, kind, style)
    return compose(pieces, kind=kind, language=writer.language, style=style)


def _message(writer: Writer, kind: Kind, style: str) -> list[Piece]:
    dice, own = writer.dice, lines(writer.language)
    found = carriers(writer.language, style, kind) or carriers(writer.language, "chat", kind)
    parts = [dice.choice(found)]
    if style != "sms":
        if dice.random() < 0.35:
            parts.insert(dice.randint(0, 1), dice.choice(own["aside"]))
        if dice.random() < 0.35:
            parts.insert(0, dice.choice(own["opening"]))
        if dice.random() < 0.3:
            parts.append(dice.choice(own["closing"]))
    pieces: list[Piece] = []
    for part in parts:
        pieces += [*writer.pieces(part), filler(dice.choice((" ", " ", "\n")))]
    return pieces[:-1]


def _lower(_: random.Random, pieces: list[Piece]) -> list[Piece]:
    return [
        piece if piece.is_verbatim else replace(piece, text=piece.text.lower()) for piece in pieces
    ]


def _upper(_: random.Random, pieces: list[Piece]) -> list[Piece]:
    return [
        piece if piece.is_verbatim else replace(piece, text=piece.text.upper()) for piece in pieces
    ]


def _typos(dice: random.Random, pieces: list[Piece]) -> list[Piece]:
    def slip(word: re.Match[str]) -> str:
        text = word[0]
        if dice.random() > 0.2:
            return text
        place = dice.randint(1, len(text) - 2)
        return dice.choice(
            (
                text[:place] + text[place + 1] + text[place] + text[place + 2 :],
                text[:place] + text[place + 1 :],
                text[:place] + text[place] + text[place:],
            )
        )

    return [
        piece if piece.kind else filler(re.sub(r"[^\W\d_]{4,}", slip, piece.text))
        for piece in pieces
    ]


def _unpunctuated(_: random.Random, pieces: list[Piece]) -> list[Piece]:
    return [
        piece if piece.kind else filler(re.sub(r"[.,!?;:¿¡()']", "", piece.text))
        for piece in pieces
    ]


_DERIVE: dict[str, Callable[[random.Random, list[Piece]], list[Piece]]] = {
    "lower": _lower,
    "upper": _upper,
    "typos": _typos,
    "unpunctuated": _unpunctuated,
}


def _packed(writer: Writer, kind: Kind, style: str) -> list[Piece]:
    if style == "email":
        return _mail(writer, kind)
    found = carriers(STRUCTURED, style, kind)
    if not found:
        return _message(writer, kind, "chat")
    pieces = writer.pieces(writer.dice.choice(found))
    if style == "json":
        return [
            piece
            if piece.kind is None
            else replace(piece, text=json.dumps(piece.text, ensure_ascii=False)[1:-1])
            for piece in pieces
        ]
    if style == "url":
        safe = writer.dice.choice(("", "@+:", "@"))
        return [
            replace(piece, text=quote(piece.text, safe=safe))
            if piece.kind not in (None, Kind.SECRET)
            else piece
            for piece in pieces
        ]
    return pieces


def _mail(writer: Writer, kind: Kind) -> list[Piece]:
    dice = writer.dice
    head = "From: {PERSON} <{EMAIL}>\nTo: {EMAIL}\nSubject: Re: {order}\n\n"
    foot = dice.choice(
        (
            "\n\n-- \n{PERSON}\n{ADDRESS}\n{CITY}\nTel.: {PHONE}",
            "\n\n{FIRST}",
            "\n\n{PERSON} | {PHONE} | {EMAIL}",
            "\n\n> On {date} {PERSON} <{EMAIL}> wrote:\n> ok",
        )
    )
    body = _message(writer, kind, dice.choice(("chat", "formal")))
    return [*writer.pieces(head), *body, *writer.pieces(foot)]
