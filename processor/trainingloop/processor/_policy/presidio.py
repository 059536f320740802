"""Recognizers that Presidio brings and a policy asks for, as one detector that fails closed."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from trainingloop.instrumentation.errors import TrainingLoopError
from trainingloop.processor._entities import Entity
from trainingloop.processor._policy.kinds import KINDS, is_kind, kind_of
from trainingloop.processor._policy.problems import meant, quoted
from trainingloop.processor._policy.recognizer import TIMEOUT_SECONDS, CustomMatch, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import regex

    from trainingloop.processor._entities import Detector, Match
    from trainingloop.processor._normalise import Plain

_FLAGS: Final = 26
_LANGUAGE: Final = "en"
_NOT_INSTALLED: Final = (
    "presidio-analyzer is not installed: install it with pip install 'trainingloop[server]', "
    "or remove this recognizer"
)


class SlowPatternError(TrainingLoopError):
    """A pattern of Presidio's took too long; nothing is known about the text then."""


def fault_of(settings: str) -> str:
    """Why Presidio cannot make a recognizer of these settings; nothing if it can."""
    try:
        recognizers = _recognizers(settings)
    except ImportError:
        return _NOT_INSTALLED
    except Exception as error:  # noqa: BLE001  # each recognizer refuses settings in its own way
        return _refusal(settings, error)
    if any(map(_needs_model, recognizers)):
        return "it needs a language model: choose one with 'names' instead"
    return ""


def kinds_of(settings: str) -> frozenset[str]:
    """What recognizers that have no fault find, by our names."""
    found = (entity for each in _recognizers(settings) for entity in each.supported_entities)
    return frozenset(filter(is_kind, map(kind_of, found)))


def _refusal(settings: str, error: Exception) -> str:
    from presidio_analyzer import EntityRecognizer, predefined_recognizers

    fields = cast("Mapping[str, object]", json.loads(settings))
    name = str(fields.get("class_name") or fields.get("name"))
    known = [
        name
        for name, value in vars(predefined_recognizers).items()
        if isinstance(value, type) and issubclass(value, EntityRecognizer)
    ]
    if name in known:
        return f"Presidio's {name} does not take these settings ({type(error).__name__})"
    return f"Presidio has no recognizer {quoted(name)}.{meant(name, known)}"


def _needs_model(recognizer: Any) -> bool:
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    return isinstance(recognizer, SpacyRecognizer)


@lru_cache(maxsize=256)
def detector(predefined: tuple[str, ...]) -> Detector:
    """One detector that asks all of them."""
    recognizers = tuple(each for settings in predefined for each in _recognizers(settings))

    def detect(plain: Plain, /) -> Iterator[Match]:
        for recognizer in recognizers:
            yield from _matches(recognizer, plain)

    return detect


def _matches(recognizer: Any, plain: Plain) -> Iterable[Match]:
    least = cast("Mapping[str, float]", recognizer.score_thresholds)
    for found in recognizer.analyze(plain.text, recognizer.supported_entities, None):
        kind = kind_of(str(found.entity_type))
        if found.score < least.get(found.entity_type, least.get("default", 0.0)):
            continue
        start, end = int(found.start), int(found.end)
        written = plain.text[start:end]
        yield CustomMatch(
            start=start,
            end=end,
            entity=Entity(kind) if kind in KINDS else Entity.ID,
            kind=kind,
            value=canonical(kind, written) or written,
            score=float(found.score),
            detector=str(recognizer.name),
        )


@lru_cache(maxsize=256)
def _recognizers(settings: str) -> tuple[Any, ...]:
    import tldextract
    from presidio_analyzer import PatternRecognizer
    from presidio_analyzer.recognizer_registry.recognizers_loader_utils import (
        RecognizerListLoader,
    )

    # On first use tldextract asks the network for its list; this one has the bundled copy.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    fields = {"type": "predefined", **cast("dict[str, Any]", json.loads(settings))}
    languages = _languages(fields)
    loaded = RecognizerListLoader.get(cast("Any", [fields]), languages, _FLAGS)
    recognizers: tuple[Any, ...] = tuple(loaded)
    for recognizer in recognizers:
        if isinstance(recognizer, PatternRecognizer):
            _put_on_time(recognizer)
    return recognizers


def _languages(fields: Mapping[str, Any]) -> list[str]:
    given = fields.get("supported_languages") or [fields.get("supported_language") or _LANGUAGE]
    return [each["language"] if isinstance(each, dict) else str(each) for each in given]


def _put_on_time(recognizer: Any) -> None:
    """Let no pattern run long: Presidio would wait a minute, and then let the text through."""
    import regex

    flags = recognizer.global_regex_flags or _FLAGS
    for pattern in recognizer.patterns:
        pattern.compiled_with_flags = flags
        pattern.compiled_regex = _OnTime(regex.compile(pattern.regex, flags))


class _OnTime:
    """A compiled pattern whose lack of time is an error that Presidio does not swallow."""

    def __init__(self, pattern: regex.Pattern[str]) -> None:
        self._pattern = pattern

    def finditer(self, text: str, timeout: float) -> Iterator[regex.Match[str]]:
        try:
            yield from self._pattern.finditer(text, timeout=min(timeout, TIMEOUT_SECONDS))
        except TimeoutError as error:
            raise SlowPatternError("a pattern ran out of time: the value is dropped") from error
