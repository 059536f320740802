"""Any ``EntityRecognizer`` of Presidio as a finder of names, and of what else it finds."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final, Protocol, cast

from trainingloop.instrumentation.errors import ConfigurationError
from trainingloop.processor._entities import Entity
from trainingloop.processor._names.finder import Span
from trainingloop.processor._names.packages import needed, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_KINDS: Final[Mapping[str, Entity]] = {
    **{entity.value: entity for entity in Entity if entity is not Entity.BLOB},
    "PER": Entity.PERSON,
    "NAME": Entity.PERSON,
    "EMAIL_ADDRESS": Entity.EMAIL,
    "PHONE_NUMBER": Entity.PHONE,
    "CREDIT_CARD": Entity.CARD,
    "IBAN_CODE": Entity.IBAN,
    "US_BANK_NUMBER": Entity.ACCOUNT,
    "US_SSN": Entity.SSN,
    "IP_ADDRESS": Entity.IP,
    "MAC_ADDRESS": Entity.MAC,
    "STREET_ADDRESS": Entity.ADDRESS,
    "DATE_OF_BIRTH": Entity.DOB,
    "US_PASSPORT": Entity.NATIONAL_ID,
    "US_DRIVER_LICENSE": Entity.NATIONAL_ID,
    "US_ITIN": Entity.NATIONAL_ID,
    "UK_NHS": Entity.NATIONAL_ID,
}
_REMEDY: Final = (
    "Write it as presidio:module:Class, where Class is an EntityRecognizer that can be made "
    "without arguments."
)


class _Result(Protocol):
    entity_type: str
    start: int
    end: int
    score: float


class _Recognizer(Protocol):
    supported_entities: Sequence[str]

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: None = None
    ) -> Sequence[_Result] | None: ...


class PresidioModel:
    """What one recognizer finds and the project has a kind for."""

    def __init__(self, recognizer: _Recognizer) -> None:
        self._recognizer = recognizer
        self._entities = [name for name in recognizer.supported_entities if name in _KINDS]

    def spans(self, texts: Sequence[str]) -> Iterator[Sequence[Span]]:
        """The finds in each text."""
        for text in texts:
            results = self._recognizer.analyze(text, list(self._entities), None)
            yield [
                Span(
                    start=result.start,
                    end=result.end,
                    score=result.score,
                    entity=_KINDS[result.entity_type],
                )
                for result in results or ()
                if result.entity_type in _KINDS and result.score > 0
            ]


def presidio_model(path: str) -> PresidioModel:
    """The recognizer of that module and class."""
    asked = f"presidio:{path}"
    needed("presidio_analyzer", asked=asked, remedy="pip install 'trainingloop[server]'")
    module_name, _, class_name = path.partition(":")
    try:
        made = cast(
            "Callable[[], object]", getattr(importlib.import_module(module_name), class_name)
        )()
        entities = list(cast("_Recognizer", made).supported_entities)
    except Exception as error:  # an import runs somebody's code, and so does the constructor
        raise unreadable(asked=asked, error=error, remedy=_REMEDY) from error
    if not any(name in _KINDS for name in entities):
        raise ConfigurationError(
            f"the name finder {asked!r} was asked for and that recognizer finds nothing the "
            f"project has a kind for. Known are {', '.join(sorted(_KINDS))}. {_REMEDY}"
        )
    return PresidioModel(cast("_Recognizer", made))
