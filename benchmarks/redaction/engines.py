"""What is compared, behind one face: a text in, finds out.

The only module that knows how trainingloop's redaction and Presidio are called.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from benchmarks.redaction.metrics import Span
from trainingloop.instrumentation.errors import TrainingLoopError
from trainingloop.processor import Redactor
from trainingloop.processor.policy import DEFAULT_POLICY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.processor import Finding

KEY = b"a key for the benchmark, 32+ bytes"


class Engine(Protocol):
    """Finds personal data in one text."""

    def find(self, text: str) -> list[Span]:
        """Every find, in order."""
        ...


class Ours:
    """trainingloop's redaction through its public door."""

    def __init__(self, *, has_names: bool = False) -> None:
        self._redactor = redactor(has_names=has_names)

    def find(self, text: str) -> list[Span]:
        """Every find in a text that belongs to no conversation."""
        return _spans(self._redactor.explain(text))

    def written(self, text: str) -> str:
        """What is stored of a text that an agent sends as an attribute."""
        return str(self._redactor.attribute("input.value", text))

    def text(self, text: str) -> str:
        """The text redacted, without a look at JSON in it."""
        return self._redactor.text(text)

    def learn(self, attributes: Mapping[str, str], conversation: str) -> None:
        """Redact a span of a conversation: what it tells of the customer is known from then on."""
        self._redactor.attributes(attributes, conversation=conversation)

    def find_in(self, text: str, conversation: str) -> list[Span]:
        """Every find in a text of a conversation, known values included."""
        return _spans(self._redactor.explain(text, conversation=conversation))


def has_names() -> bool:
    """Whether names can be found in running text: it takes the model and what runs it."""
    try:
        redactor(has_names=True)
    except (ImportError, TrainingLoopError):
        return False
    return True


def redactor(*, has_names: bool = False) -> Redactor:
    """Trainingloop's redaction with nothing seen yet, and with the default policy but for names."""
    policy = replace(DEFAULT_POLICY, names="builtin" if has_names else "off")
    return Redactor(key=KEY, engine="fast", policy=policy)


def _spans(findings: list[Finding]) -> list[Span]:
    return [Span(kind=item.type, start=item.start, end=item.end) for item in findings]


class PlainPresidio:
    """Presidio as it comes, for English, without a language model.

    All its default recognizers and its default threshold; the list of public suffixes is the one
    that comes with it, because it would ask the network for a newer one.
    """

    _KINDS = {  # noqa: RUF012  # a table
        "EMAIL_ADDRESS": "EMAIL",
        "PHONE_NUMBER": "PHONE",
        "CREDIT_CARD": "CARD",
        "IBAN_CODE": "IBAN",
        "IP_ADDRESS": "IP",
        "US_SSN": "SSN",
        "MAC_ADDRESS": "MAC",
        "DATE_TIME": "DOB",
        "US_BANK_NUMBER": "ACCOUNT",
        "US_DRIVER_LICENSE": "NATIONAL_ID",
        "US_ITIN": "NATIONAL_ID",
        "US_PASSPORT": "NATIONAL_ID",
        "UK_NHS": "NATIONAL_ID",
        "MEDICAL_LICENSE": "NATIONAL_ID",
    }

    def __init__(self) -> None:
        import tldextract
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider

        tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
        no_model = {
            "nlp_engine_name": "no_op",
            "models": [{"lang_code": "en", "model_name": "no_op"}],
        }
        self._engine = AnalyzerEngine(
            nlp_engine=NlpEngineProvider(nlp_configuration=no_model).create_engine(),
            supported_languages=["en"],
        )

    def find(self, text: str) -> list[Span]:
        """Every result, in order."""
        results = self._engine.analyze(text, "en")
        return [
            Span(
                kind=self._KINDS.get(result.entity_type, result.entity_type),
                start=result.start,
                end=result.end,
            )
            for result in sorted(results, key=lambda item: item.start)
        ]

    def text(self, text: str) -> str:
        """The text with every find replaced."""
        return replaced(text, self.find(text))


def replaced(text: str, spans: list[Span]) -> str:
    """The text with a mark in place of every find."""
    taken = bytearray(len(text))
    for span in spans:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    return "".join(" " if taken[place] else char for place, char in enumerate(text))
