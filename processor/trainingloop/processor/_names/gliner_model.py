"""A GLiNER model of the user's as a finder of names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypedDict, cast

from trainingloop.instrumentation.errors import ConfigurationError
from trainingloop.processor._names.finder import Span
from trainingloop.processor._names.packages import needed, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LABELS: Final = ("person",)
_LEAST_SCORE: Final = 0.4
_REMEDY: Final = "Give the folder of a GLiNER model on this machine; nothing is downloaded."


class _Found(TypedDict):
    start: int
    end: int
    score: float


class _Gliner(Protocol):
    def predict_entities(
        self, text: str, labels: list[str], *, threshold: float
    ) -> Sequence[_Found]: ...


class _Loader(Protocol):
    def from_pretrained(self, folder: str, *, local_files_only: bool) -> _Gliner: ...


class GlinerModel:
    """What a GLiNER model calls a person."""

    def __init__(self, model: _Gliner) -> None:
        self._model = model

    def spans(self, texts: Sequence[str]) -> Iterator[Sequence[Span]]:
        """The persons in each text."""
        for text in texts:
            found = self._model.predict_entities(text, list(_LABELS), threshold=_LEAST_SCORE)
            yield [
                Span(start=item["start"], end=item["end"], score=float(item["score"]))
                for item in found
            ]


def gliner_model(folder: str) -> GlinerModel:
    """The model in that folder."""
    asked = f"gliner:{folder}"
    package = needed("gliner", asked=asked, remedy="pip install gliner")
    if not Path(folder).is_dir():
        raise ConfigurationError(
            f"the name finder {asked!r} was asked for and there is no such folder. {_REMEDY}"
        )
    loader = cast("_Loader", package.GLiNER)
    try:
        return GlinerModel(loader.from_pretrained(folder, local_files_only=True))
    except Exception as error:  # whatever a damaged model raises, the remedy is the same
        raise unreadable(asked=asked, error=error, remedy=_REMEDY) from error
