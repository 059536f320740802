"""Spans of other people's instrumentations, told in the conventions that ours follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from trainingloop.collector._dialects import (
    genai,
    langfuse,
    openinference,
    openllmetry,
    pydantic_ai,
    vercel,
)
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from trainingloop.collector._dialects._values import Attributes
    from trainingloop.collector._draft import Draft

__all__ = ["normalise"]

_SOURCE: Final = "otlp"
_WORDS: Final = {"true": "yes", "false": "no"}


class _Dialect(Protocol):
    """A module of this package."""

    @property
    def NAME(self) -> str:  # noqa: N802  # a constant of a module
        """What decisions of this dialect are marked with."""
        ...

    def is_spoken(self, draft: Draft, families: frozenset[str]) -> bool:
        """Whether the span is written in this dialect."""
        ...

    def translate(self, draft: Draft) -> None:
        """Write the same in the conventions, and drop the content that was translated."""
        ...


_DIALECTS: Final[tuple[_Dialect, ...]] = (
    vercel,
    openinference,
    pydantic_ai,
    langfuse,
    openllmetry,
    genai,
)
"""In the order they are asked: several also write some plain ``gen_ai.*``, which comes last."""


def normalise(draft: Draft) -> None:
    """Give a foreign span the attributes of the GenAI conventions, and say where it came from."""
    attributes = draft.attributes
    attributes.setdefault(semconv.SOURCE, _SOURCE)
    if attributes.get(semconv.EVENT_OUTCOME):
        _complete_outcome(attributes)
    families = frozenset(key.partition(".")[0] for key in attributes)
    for dialect in _DIALECTS:
        if dialect.is_spoken(draft, families):
            dialect.translate(draft)
            genai.complete(draft)
            attributes.setdefault(semconv.DIALECT, dialect.NAME)
            return


def _complete_outcome(attributes: Attributes) -> None:
    """Say in a word whether a reported outcome came about; without a value it did."""
    given = str(attributes.get(semconv.EVENT_VALUE, True)).lower()
    attributes[semconv.EVENT_VALUE] = _WORDS.get(given, given)
