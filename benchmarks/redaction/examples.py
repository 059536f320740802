"""A labelled text: which characters of it are personal data, and of which kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Kind(StrEnum):
    """The kinds of personal data that are measured."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    CARD = "CARD"
    IBAN = "IBAN"
    IP = "IP"
    SSN = "SSN"
    SECRET = "SECRET"
    ADDRESS = "ADDRESS"
    PERSON = "PERSON"
    DOB = "DOB"
    NATIONAL_ID = "NATIONAL_ID"
    ACCOUNT = "ACCOUNT"
    MAC = "MAC"
    CRYPTO = "CRYPTO"
    OTHER = "OTHER"
    """Personal or joinable, but nobody is asked to find it: a town, an order number."""


MEASURED = tuple(kind for kind in Kind if kind is not Kind.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a text before it is put together; filler if it has no kind."""

    text: str
    kind: Kind | None = None
    is_verbatim: bool = False
    """A value whose letter case carries meaning: a secret, a wallet address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One value in a text."""

    kind: Kind
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text with all its labels."""

    text: str
    labels: tuple[Label, ...]
    kind: Kind
    """The kind it was written for."""
    language: str
    style: str


def words(text: str) -> tuple[str, ...]:
    """The words of a text, for tables that read better without quotes."""
    return tuple(text.split())


def filler(text: str) -> Piece:
    """A piece that holds nothing personal."""
    return Piece(text=text)


def compose(pieces: Iterable[Piece], *, kind: Kind, language: str, style: str) -> Example:
    """Put the pieces together and note where the values came to stand."""
    parts: list[str] = []
    labels: list[Label] = []
    position = 0
    for piece in pieces:
        end = position + len(piece.text)
        if piece.kind is not None:
            labels.append(Label(kind=piece.kind, start=position, end=end, value=piece.text))
        parts.append(piece.text)
        position = end
    return Example(
        text="".join(parts), labels=tuple(labels), kind=kind, language=language, style=style
    )


def lowered(example: Example) -> Example:
    """The same text in lower case; lengths that change with the case are left alone."""
    text = "".join(low if len(low := char.lower()) == 1 else char for char in example.text)
    labels = tuple(replace(label, value=text[label.start : label.end]) for label in example.labels)
    return replace(example, text=text, labels=labels, style="lower")
