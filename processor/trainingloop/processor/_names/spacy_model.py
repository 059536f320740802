"""Any spaCy pipeline as a finder of names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, cast

from trainingloop.instrumentation.errors import ConfigurationError
from trainingloop.processor._names.finder import BATCH, Span
from trainingloop.processor._names.packages import needed, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_PERSONS: Final = frozenset({"PERSON", "PER", "PERS", "PS", "PERSNAME", "PERSONNAME", "persName"})
_UNSURE: Final = 0.85
"""spaCy does not say how sure it is."""
# What sets no entities and gives nothing to what does: most of a pipeline's time is spent in it.
_NOT_NEEDED: Final = (
    "tagger", "parser", "lemmatizer", "morphologizer", "attribute_ruler", "textcat",
    "textcat_multilabel", "trainable_lemmatizer", "entity_linker", "senter", "spancat",
)  # fmt: skip
_REMEDY: Final = (
    "Give the name of an installed pipeline package or the folder of a saved pipeline with an "
    "'ner' component; nothing is downloaded."
)


class _Entity(Protocol):
    label_: str
    start_char: int
    end_char: int


class _Doc(Protocol):
    ents: Sequence[_Entity]


class _Pipe(Protocol):
    labels: Sequence[str]


class _Pipeline(Protocol):
    pipe_names: Sequence[str]

    def get_pipe(self, name: str) -> _Pipe: ...

    def pipe(self, texts: Sequence[str], *, batch_size: int) -> Iterable[_Doc]: ...


class SpacyModel:
    """The entities of a pipeline that are persons."""

    def __init__(self, pipeline: _Pipeline) -> None:
        self._pipeline = pipeline

    def spans(self, texts: Sequence[str]) -> Iterator[Sequence[Span]]:
        """The persons in each text."""
        for doc in self._pipeline.pipe(texts, batch_size=BATCH):
            yield [
                Span(start=entity.start_char, end=entity.end_char, score=_UNSURE)
                for entity in doc.ents
                if entity.label_ in _PERSONS
            ]


def spacy_model(name: str) -> SpacyModel:
    """The pipeline of that package name or path."""
    asked = f"spacy:{name}"
    spacy = needed("spacy", asked=asked, remedy="pip install spacy")
    load = cast("Callable[..., _Pipeline]", spacy.load)
    try:
        pipeline = load(name, exclude=list(_NOT_NEEDED))
    except Exception as error:  # whatever a damaged model raises, the remedy is the same
        raise unreadable(asked=asked, error=error, remedy=_REMEDY) from error
    _check_labels(pipeline, asked)
    return SpacyModel(pipeline)


def _check_labels(pipeline: _Pipeline, asked: str) -> None:
    """A pipeline that knows no persons would find nothing, silently."""
    labels = {
        label
        for name in pipeline.pipe_names
        for label in getattr(pipeline.get_pipe(name), "labels", ())
    }
    if labels.isdisjoint(_PERSONS):
        raise ConfigurationError(
            f"the name finder {asked!r} was asked for and that pipeline has no entity label for "
            f"persons ({', '.join(sorted(_PERSONS))}). {_REMEDY}"
        )
