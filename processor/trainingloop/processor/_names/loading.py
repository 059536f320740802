"""A name finder from its specification, or an error that says what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.errors import ConfigurationError
from trainingloop.processor._names.finder import ModelFinder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.processor._names.finder import Model, NameFinder

_ALLOWED: Final = (
    "'builtin', 'spacy:NAME_OR_PATH', 'presidio:module:Class' or 'gliner:PATH_OF_A_FOLDER'"
)


def load(spec: str) -> NameFinder:
    """The name finder that a specification asks for, ready to work.

    Args:
        spec: ``builtin`` for the project's own model; ``spacy:NAME_OR_PATH`` for a spaCy pipeline
            with persons among its entities; ``presidio:module:Class`` for an ``EntityRecognizer``
            of Presidio; ``gliner:PATH`` for the folder of a GLiNER model.

    Raises:
        ConfigurationError: The specification is none of these, a package it needs is not
            installed, or the model cannot be read. Nothing is ever downloaded.
    """
    kind, _, argument = spec.partition(":")
    if kind == "builtin" and not argument:
        return ModelFinder(_builtin(""), "names.builtin")
    loader = _LOADERS.get(kind)
    if loader is None or not argument:
        raise ConfigurationError(
            f"unknown name finder {spec!r}. Allowed are {_ALLOWED}. "
            "Set one of them, or none to go without the search for names."
        )
    return ModelFinder(loader(argument), f"names.{kind}")


def _builtin(_: str) -> Model:
    from trainingloop.processor._names.builtin import builtin_model

    return builtin_model()


def _spacy(argument: str) -> Model:
    from trainingloop.processor._names.spacy_model import spacy_model

    return spacy_model(argument)


def _presidio(argument: str) -> Model:
    from trainingloop.processor._names.presidio_model import presidio_model

    return presidio_model(argument)


def _gliner(argument: str) -> Model:
    from trainingloop.processor._names.gliner_model import gliner_model

    return gliner_model(argument)


_LOADERS: Final[Mapping[str, Callable[[str], Model]]] = {
    "spacy": _spacy,
    "presidio": _presidio,
    "gliner": _gliner,
}
