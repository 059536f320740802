"""Presidio's recognizers beside ours; the only module that imports Presidio."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, cast

from trainingloop.instrumentation.errors import TrainingLoopError
from trainingloop.processor._detectors import detect
from trainingloop.processor._entities import Entity, Match
from trainingloop.processor._normalise import Plain

try:
    import tldextract
    from presidio_analyzer import (
        AnalyzerEngine,
        EntityRecognizer,
        RecognizerRegistry,
        RecognizerResult,
        predefined_recognizers,
    )
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngineProvider
except ImportError as error:
    raise TrainingLoopError(
        "the redaction engine 'presidio' was asked for and presidio-analyzer is not installed. "
        "Install it with: pip install 'trainingloop[server]', or use the engine 'fast'."
    ) from error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._entities import Detector

# Presidio's recognizers that check what they find. Not the others: UUID and DATE_TIME eat ids and
# times, URL and EMAIL take minutes on hostile text and then let it through, PHONE knows eight
# countries and scans the text once for each.
_THEIRS: Final = {
    "CreditCardRecognizer": Entity.CARD,
    "CryptoRecognizer": Entity.CRYPTO,
    "IbanRecognizer": Entity.IBAN,
    "MedicalLicenseRecognizer": Entity.NATIONAL_ID,
    "UsSsnRecognizer": Entity.SSN,
    "NhsRecognizer": Entity.NATIONAL_ID,
    "EsNifRecognizer": Entity.NATIONAL_ID,
    "EsNieRecognizer": Entity.NATIONAL_ID,
    "ItFiscalCodeRecognizer": Entity.NATIONAL_ID,
    "PlPeselRecognizer": Entity.NATIONAL_ID,
    "FiPersonalIdentityCodeRecognizer": Entity.NATIONAL_ID,
    "InAadhaarRecognizer": Entity.NATIONAL_ID,
    "AuTfnRecognizer": Entity.NATIONAL_ID,
    "AuMedicareRecognizer": Entity.NATIONAL_ID,
}
_LANGUAGE: Final = "en"
_LEAST_SCORE: Final = 0.5
_CERTAIN: Final = 1.0
_OURS: Final = "TRAININGLOOP_"
_VALUE: Final = "trainingloop_value"
_NO_MODEL: Final = {
    "nlp_engine_name": "no_op",
    "models": [{"lang_code": _LANGUAGE, "model_name": "no_op"}],
}
_ENTITY_OF: Final = {_OURS + entity.value: entity for entity in Entity}


class OwnRecognizer(EntityRecognizer):
    """Our detectors as one recognizer of Presidio."""

    def __init__(self) -> None:
        super().__init__(
            supported_entities=[_OURS + entity.value for entity in Entity],
            supported_language=_LANGUAGE,
        )

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self,
        text: str,
        entities: list[str],  # noqa: ARG002  # Presidio's signature
        nlp_artifacts: NlpArtifacts | None = None,  # noqa: ARG002  # Presidio's signature
    ) -> list[RecognizerResult]:
        """Every find of ours, with full confidence: each was validated."""
        return [_as_result(match) for match in detect(Plain(text))]


def _as_result(match: Match) -> RecognizerResult:
    return RecognizerResult(
        _OURS + match.entity.value,
        match.start,
        match.end,
        _CERTAIN,
        recognition_metadata={_VALUE: match.value},
    )


@cache
def presidio_detector() -> Detector:
    """A detector that asks Presidio, with our recognizer among its own."""
    engine = _engine()

    def detect(plain: Plain, /) -> Iterator[Match]:
        results = engine.analyze(plain.text, _LANGUAGE, score_threshold=_LEAST_SCORE)
        for result in results:
            yield _as_match(result, plain)

    return detect


def _engine() -> AnalyzerEngine:
    # On first use tldextract asks the network for its list; this one has the bundled copy.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    nlp_engine = NlpEngineProvider(nlp_configuration=_NO_MODEL).create_engine()
    theirs = [
        getattr(predefined_recognizers, name)(supported_language=_LANGUAGE) for name in _THEIRS
    ]
    registry = RecognizerRegistry(
        recognizers=[*theirs, OwnRecognizer()], supported_languages=[_LANGUAGE]
    )
    _ENTITY_OF.update(
        {
            entity: _THEIRS[type(recognizer).__name__]
            for recognizer in theirs
            for entity in recognizer.supported_entities
        }
    )
    return AnalyzerEngine(registry=registry, nlp_engine=nlp_engine, supported_languages=[_LANGUAGE])


def _as_match(result: RecognizerResult, plain: Plain) -> Match:
    start, end = result.start, result.end
    entity = _ENTITY_OF[result.entity_type]
    # Presidio declares a bare dict; only our own recognizer writes under this name.
    given = cast("object", result.recognition_metadata)  # pyright: ignore[reportUnknownMemberType]
    value = cast("dict[str, str]", given).get(_VALUE) if isinstance(given, dict) else None
    if value is None:
        value = "".join(filter(str.isalnum, plain.text[start:end])).casefold()
    return Match(start=start, end=end, entity=entity, value=value)
