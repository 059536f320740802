"""Redaction at the gateway: every span again, whoever sent it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol, cast

import orjson

from trainingloop.instrumentation import semconv
from trainingloop.instrumentation.semconv import RedactionStatus
from trainingloop.processor import REDACTION_VERSION, Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opentelemetry.util.types import AttributeValue

    from trainingloop.collector._draft import Draft
    from trainingloop.processor.policy import Policy

_PROOF_KEYS: Final = (
    semconv.REDACTION_VERSION,
    semconv.REDACTION_STATUS,
    semconv.REDACTION_COUNT,
    semconv.REDACTION_ENTITIES,
    semconv.REDACTION_FAILURES,
    semconv.REDACTION_SECOND_NET,
    semconv.REDACTION_POLICY,
    semconv.REDACTION_KEY_ID,
)
_ENTITY: Final = re.compile(r"[A-Z][A-Z_]{0,39}")
_VERSION: Final = re.compile(r"[A-Za-z0-9._-]{1,32}")
_MOST_COUNTED: Final = 2**31


class Redacts(Protocol):
    """What the gateway needs of a `trainingloop.processor.Redactor`."""

    @property
    def policy(self) -> Policy:
        """What is captured, redacted and refused."""
        ...

    def learn(
        self, record: Mapping[str, AttributeValue], /, *, conversation: str, tenant: str
    ) -> None:
        """Get to know the customer of a conversation."""
        ...

    def prepare(self, spans: Iterable[tuple[str, str, Mapping[str, AttributeValue]]], /) -> None:
        """Look at all spans of a request before the first of them is redacted."""
        ...

    def text(self, value: str, /, *, tenant: str, conversation: str, report: Report) -> str:
        """Return the text without personal data."""
        ...

    def attributes(
        self,
        attributes: Mapping[str, AttributeValue],
        /,
        *,
        tenant: str,
        conversation: str | None = None,
        report: Report,
    ) -> dict[str, AttributeValue]:
        """Return the attributes without personal data in keys or values."""
        ...


def redact(draft: Draft, redactor: Redacts, report: Report, *, conversation: str) -> None:
    """Take personal data out of every part of ``draft`` and stamp the proof of it.

    The counts of the sender are kept and added to: what is stored is what was found in total.
    """
    redacts = _Redacts(redactor, draft.tenant, conversation, report)
    earlier: dict[str, AttributeValue] = {
        key: draft.attributes.pop(key) for key in _PROOF_KEYS if key in draft.attributes
    }
    draft.name = redacts.text(draft.name)
    draft.attributes = redacts.attributes(draft.attributes)
    for field in ("status_message", "scope_name", "scope_version", "trace_state"):
        if text := getattr(draft, field):
            setattr(draft, field, redacts.text(text))
    for event in draft.events:
        event.name = redacts.text(event.name)
        event.attributes = redacts.attributes(event.attributes)
    for link in draft.links:
        if link.trace_state:
            link.trace_state = redacts.text(link.trace_state)
        if link.attributes:
            link.attributes = redacts.attributes(link.attributes)
    draft.attributes.update(_proof(earlier, report))


class _Redacts:
    """Redacts what belongs to one conversation into one report."""

    def __init__(self, redactor: Redacts, tenant: str, conversation: str, report: Report) -> None:
        self._redactor = redactor
        self._tenant = tenant
        self._conversation = conversation
        self._report = report

    def text(self, text: str) -> str:
        return self._redactor.text(
            text, tenant=self._tenant, conversation=self._conversation, report=self._report
        )

    def attributes(self, attributes: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
        return self._redactor.attributes(
            attributes, tenant=self._tenant, conversation=self._conversation, report=self._report
        )


def failed_proof() -> dict[str, AttributeValue]:
    """Return the proof of a span whose redaction broke, so that nothing of it was kept."""
    report = Report()
    report.add({}, failures=1)
    return dict(report.as_attributes())


def _proof(earlier: Mapping[str, AttributeValue], report: Report) -> dict[str, AttributeValue]:
    if not earlier:
        return dict(report.as_attributes())
    found = report.total
    total = Report()
    total.key_id, total.policy = report.key_id, report.policy
    total.add(report.counts, report.failures)
    total.add(
        _counts(earlier.get(semconv.REDACTION_ENTITIES)),
        _count(earlier.get(semconv.REDACTION_FAILURES)),
    )
    proof: dict[str, AttributeValue] = dict(total.as_attributes())
    proof[semconv.REDACTION_VERSION] = _version(earlier.get(semconv.REDACTION_VERSION))
    key_id = earlier.get(semconv.REDACTION_KEY_ID)
    if isinstance(key_id, str) and _VERSION.fullmatch(key_id):
        # Most tokens are the sender's.
        proof[semconv.REDACTION_KEY_ID] = key_id
    proof[semconv.REDACTION_SECOND_NET] = found
    if earlier.get(semconv.REDACTION_STATUS) == RedactionStatus.PARTIAL:
        proof[semconv.REDACTION_STATUS] = RedactionStatus.PARTIAL.value
    return proof


def _counts(value: AttributeValue) -> dict[str, int]:
    """Return the sender's counts; whatever else it wrote there is no count and is left out."""
    try:
        parsed: object = orjson.loads(value) if isinstance(value, str | bytes) else value
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(parsed, dict):
        return {}
    counts = cast("dict[str, object]", parsed)
    return {
        kind: count
        for kind, count in counts.items()
        if _ENTITY.fullmatch(kind) and isinstance(count, int) and 0 <= count < _MOST_COUNTED
    }


def _count(value: AttributeValue) -> int:
    return value if isinstance(value, int) and 0 <= value < _MOST_COUNTED else 0


def _version(value: AttributeValue) -> str:
    is_version = isinstance(value, str) and _VERSION.fullmatch(value)
    return cast("str", value) if is_version else REDACTION_VERSION
