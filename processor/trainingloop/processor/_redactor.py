"""The redaction engine: personal data out, keyed tokens in, structure kept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Literal

from trainingloop.instrumentation import keys
from trainingloop.instrumentation.environment import DEFAULT_TENANT
from trainingloop.instrumentation.keys import pseudonym
from trainingloop.processor import environment
from trainingloop.processor._cache import Memo, Redacted, RedactionCache
from trainingloop.processor._detectors import detect
from trainingloop.processor._entities import FAILED, TOKEN, UNJOINABLE, Entity, Match
from trainingloop.processor._explain import Finding, explained
from trainingloop.processor._report import Report
from trainingloop.processor._scan import PASSES, find, is_clean
from trainingloop.processor._walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.processor._entities import Detector
    from trainingloop.processor._json import Value

Engine = Literal["fast", "presidio"]

_CACHE_BYTES: Final = 64 * 1024 * 1024
_MAX_TEXT: Final = 4 * 1024 * 1024


class Redactor:
    """Replaces personal data by stable tokens; thread-safe, and it never raises.

    The same value becomes the same token wherever it stands, within one tenant. Cards, identity
    numbers and secrets have no token of their own. What cannot be looked at becomes
    ``<REDACTION_FAILED>`` and is counted. A redacted value is left as it is by a second pass.
    """

    def __init__(
        self,
        *,
        key: bytes | None = None,
        engine: Engine | None = None,
        cache_bytes: int = _CACHE_BYTES,
    ) -> None:
        """Make an engine.

        Args:
            key: The secret behind the tokens. Default: the key of this installation.
            engine: ``fast``, or ``presidio`` to add its recognizers. Default: what
                ``TRAININGLOOP_REDACTION_ENGINE`` says.
            cache_bytes: How much memory the results of earlier texts may take.

        Raises:
            ConfigurationError: The engine is unknown.
            MissingExtraError: Presidio is asked for and not installed.
        """
        self._key = keys.load_key() if key is None else key
        self._engine: Engine = environment.engine() if engine is None else engine
        self._cache_bytes = cache_bytes
        self._cache = RedactionCache(cache_bytes)
        self._clean = Memo[str]()
        self._unchanged = Memo[tuple[str, str]]()
        self._detect = _detector(self._engine)

    def __reduce__(self) -> tuple[Callable[..., Redactor], tuple[bytes, Engine, int]]:
        """Travel to another process as the settings, key included, without any memory."""
        return _rebuilt, (self._key, self._engine, self._cache_bytes)

    def text(self, text: str, *, tenant: str = DEFAULT_TENANT, report: Report | None = None) -> str:
        """The text without personal data; JSON in it is not taken apart."""
        return self._scanned(tenant, report if report is not None else Report(), text)

    def explain(self, text: str, *, tenant: str = DEFAULT_TENANT) -> list[Finding]:
        """What would be replaced in a text, and why; in order, without overlaps.

        Slower than `text`, which remembers what it has seen. JSON in it is not taken apart.
        """
        return explained(text, self._detect, lambda match: self._token(tenant, match))

    def attribute(
        self,
        key: str,
        value: Value,
        *,
        tenant: str = DEFAULT_TENANT,
        report: Report | None = None,
    ) -> Value:
        """The value of one attribute without personal data, JSON inside it included."""
        own = report if report is not None else Report()
        return self._walk(tenant, own).attribute(key, value)

    def attributes(
        self,
        attributes: Mapping[str, Value],
        *,
        tenant: str = DEFAULT_TENANT,
        report: Report | None = None,
    ) -> dict[str, Value]:
        """All attributes of one span, event, link or resource, their keys included."""
        own = report if report is not None else Report()
        return self._walk(tenant, own).attributes(attributes)

    def _walk(self, tenant: str, report: Report) -> Walk:
        return Walk(self._scanned, self._token, self._cache, self._unchanged, tenant, report)

    def _token(self, tenant: str, match: Match) -> str:
        kind = match.entity.value
        if match.entity in UNJOINABLE:
            return f"<{kind}>"
        stand_in = pseudonym(self._key, tenant, kind, match.value)
        if match.entity is Entity.BLOB:
            return f"<{kind}_{stand_in}_{len(match.value) % 1_000_000_000}>"
        return f"<{kind}_{stand_in}>"

    def _scanned(self, tenant: str, report: Report, text: str) -> str:
        if text in self._clean:
            return text
        if is_clean(text):
            self._clean.add(text, length=len(text))
            return text
        if len(text) > _MAX_TEXT:
            report.add({}, failures=1)
            return FAILED
        cache_key = RedactionCache.key(tenant, "text", text)
        entry = self._cache.get(cache_key)
        if entry is None:
            entry = self._computed(tenant, text)
            self._cache.put(cache_key, entry)
        if entry.text is None:
            self._clean.add(text, length=len(text))
        if entry.counts or entry.failures:
            report.add(entry.counts, entry.failures)
        return text if entry.text is None else entry.text

    def _computed(self, tenant: str, text: str) -> Redacted:
        try:
            counts: Counter[str] = Counter()
            current = text
            for _ in range(PASSES):
                is_seen = current is not text and is_clean(TOKEN.sub("", current))
                matches = [] if is_seen else find(current, self._detect)
                if not matches:
                    return Redacted(text=None if current is text else current, counts=counts)
                counts.update(match.entity.value for match in matches)
                current = self._replaced(tenant, current, matches)
        except Exception:  # noqa: BLE001  # whatever happened, the text must not go out
            return Redacted(text=FAILED, counts={}, failures=1)
        return Redacted(text=FAILED, counts=counts, failures=1)

    def _replaced(self, tenant: str, text: str, matches: list[Match]) -> str:
        parts: list[str] = []
        position = 0
        for match in matches:
            parts += (text[position : match.start], self._token(tenant, match))
            position = match.end
        parts.append(text[position:])
        return "".join(parts)


def _rebuilt(key: bytes, engine: Engine, cache_bytes: int) -> Redactor:
    return Redactor(key=key, engine=engine, cache_bytes=cache_bytes)


def _detector(engine: str) -> Detector:
    if engine != "presidio":
        return detect
    # Presidio takes seconds and a hundred megabytes: only who asks for it pays.
    from trainingloop.processor._presidio import presidio_detector

    return presidio_detector()
