"""The redaction engine: personal data out, keyed tokens in, structure kept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from trainingloop.instrumentation import keys
from trainingloop.instrumentation.environment import DEFAULT_TENANT
from trainingloop.processor import environment
from trainingloop.processor._cache import RedactionCache
from trainingloop.processor._detectors import detect
from trainingloop.processor._explain import Finding, explained
from trainingloop.processor._report import Report
from trainingloop.processor._scanner import Scanner
from trainingloop.processor._vault import Vault, Vaults
from trainingloop.processor._walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from trainingloop.processor._entities import Detector
    from trainingloop.processor._json import Value

T = TypeVar("T")
Engine = Literal["fast", "presidio"]

_CACHE_BYTES: Final = 64 * 1024 * 1024
_MOST_TENANTS: Final = 4096
_LOOKS: Final = 3
"""A tool's answer makes a name known, a name makes an id known, and that may stand first."""


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
        self._detect = _detector(self._engine)
        self._scanners: dict[str, Scanner] = {}
        self._vaults = Vaults()

    def __reduce__(self) -> tuple[Callable[..., Redactor], tuple[bytes, Engine, int]]:
        """Travel to another process as the settings, key included, without any memory."""
        return _rebuilt, (self._key, self._engine, self._cache_bytes)

    def text(
        self,
        text: str,
        *,
        tenant: str = DEFAULT_TENANT,
        conversation: str | None = None,
        report: Report | None = None,
    ) -> str:
        """The text without personal data; JSON in it is not taken apart.

        Args:
            text: What may hold personal data.
            tenant: Whose it is.
            conversation: Where it was said: what is known of that conversation is found too.
            report: Counts what was found.
        """
        vault = self._vault(tenant, conversation)
        entry = self._scanner(tenant).redacted(text, vault)
        if entry is None:
            return text
        if report is not None:
            report.add(entry.counts, entry.failures)
        if vault is not None:
            vault.learn(entry.seeds)
        return text if entry.text is None else entry.text

    def explain(
        self, text: str, *, tenant: str = DEFAULT_TENANT, conversation: str | None = None
    ) -> list[Finding]:
        """What would be replaced in a text, and why; in order, without overlaps.

        Slower than `text`, which remembers what it has seen. JSON in it is not taken apart.
        """
        scanner = self._scanner(tenant)
        detect = scanner.detector(self._vault(tenant, conversation))
        return explained(text, detect, scanner.token)

    def attribute(
        self,
        key: str,
        value: Value,
        *,
        tenant: str = DEFAULT_TENANT,
        conversation: str | None = None,
        report: Report | None = None,
    ) -> Value:
        """The value of one attribute without personal data, JSON inside it included.

        Args:
            key: The name of the attribute, which may already say what it holds.
            value: Its value.
            tenant: Whose it is.
            conversation: Where it was recorded. Without one, only what the value itself says about
                the customer is known.
            report: Counts what was found.
        """
        return self._informed(lambda walk: walk.attribute(key, value), tenant, conversation, report)

    def attributes(
        self,
        attributes: Mapping[str, Value],
        *,
        tenant: str = DEFAULT_TENANT,
        conversation: str | None = None,
        report: Report | None = None,
    ) -> dict[str, Value]:
        """All attributes of one span, event, link or resource, their keys included."""
        return self._informed(
            lambda walk: walk.attributes(attributes), tenant, conversation, report
        )

    def learn(
        self, record: Mapping[str, Value], *, conversation: str, tenant: str = DEFAULT_TENANT
    ) -> None:
        """Get to know the customer of a conversation.

        Names, addresses, phone numbers and the like are then found wherever the conversation
        mentions them: in parts, with other separators, in lower case. They are kept in memory only,
        of the 4,096 conversations that were last heard of.

        Args:
            record: What is known, under names such as ``name``, ``email`` and ``address``.
            conversation: Its id, as given to the other methods.
            tenant: Whose it is.
        """
        vault = self._vaults.of(tenant, conversation)
        Walk(self._scanner(tenant), vault, Report()).record(record)

    def prepare(self, spans: Iterable[tuple[str, str, Mapping[str, Value]]]) -> None:
        """Look at all spans of an export before the first of them is redacted.

        A customer says a name before a tool returns it: what a later span tells is found in an
        earlier one too.

        Args:
            spans: The tenant, the conversation and the attributes of each.
        """
        exported = list(spans)
        counts = Counter((tenant, conversation) for tenant, conversation, _ in exported)
        for tenant, conversation, attributes in exported:
            if counts[tenant, conversation] > 1:
                vault = self._vaults.of(tenant, conversation)
                Walk(self._scanner(tenant), vault, Report()).attributes(attributes)

    def _informed(
        self,
        redact: Callable[[Walk], T],
        tenant: str,
        conversation: str | None,
        report: Report | None,
    ) -> T:
        """Redact, and again as long as something became known that an earlier part may mention."""
        vault = self._vault(tenant, conversation) or Vault()
        for _ in range(_LOOKS):
            before, own = vault.fingerprint, Report()
            redacted = redact(Walk(self._scanner(tenant), vault, own))
            if vault.fingerprint == before:
                break
        if report is not None:
            report.add(own.counts, own.failures)
        return redacted

    def _vault(self, tenant: str, conversation: str | None) -> Vault | None:
        return None if conversation is None else self._vaults.of(tenant, conversation)

    def _scanner(self, tenant: str) -> Scanner:
        scanner = self._scanners.get(tenant)
        if scanner is None:
            if len(self._scanners) >= _MOST_TENANTS:
                self._scanners = {}
            scanner = Scanner(tenant, self._key, self._detect, self._cache)
            self._scanners[tenant] = scanner
        return scanner


def _rebuilt(key: bytes, engine: Engine, cache_bytes: int) -> Redactor:
    return Redactor(key=key, engine=engine, cache_bytes=cache_bytes)


def _detector(engine: str) -> Detector:
    if engine != "presidio":
        return detect
    # Presidio takes seconds and a hundred megabytes: only who asks for it pays.
    from trainingloop.processor._presidio import presidio_detector

    return presidio_detector()
