"""The redaction engine: personal data out, keyed tokens in, structure kept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from trainingloop.instrumentation import customers
from trainingloop.instrumentation.environment import DEFAULT_TENANT
from trainingloop.instrumentation.keys import Keyring, load_keyring
from trainingloop.processor import environment
from trainingloop.processor._cache import RedactionCache
from trainingloop.processor._detectors import detect
from trainingloop.processor._entities import FAILED
from trainingloop.processor._explain import Finding, explained
from trainingloop.processor._explain_json import explained_document
from trainingloop.processor._names import NameDetector, load
from trainingloop.processor._report import Report
from trainingloop.processor._scanner import Scanner
from trainingloop.processor._self_test import check
from trainingloop.processor._unseen import unseen_texts
from trainingloop.processor._vault import NOTHING, Notes, Vault, Vaults
from trainingloop.processor._walk import Walk
from trainingloop.processor.policy import Policy, policy_from_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from trainingloop.processor._entities import Detector
    from trainingloop.processor._json import Value
    from trainingloop.processor._key_rules import Rule
    from trainingloop.processor._scan import Pass

T = TypeVar("T")
Engine = Literal["fast", "presidio"]

_CACHE_BYTES: Final = 64 * 1024 * 1024
_MOST_TENANTS: Final = 4096
_MORE_LOOKS: Final = 2
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
        key: bytes | Keyring | None = None,
        engine: Engine | None = None,
        policy: Policy | None = None,
        cache_bytes: int = _CACHE_BYTES,
    ) -> None:
        """Make an engine.

        Args:
            key: The secret behind the tokens, or the keys of several tenants. Default: those of
                this installation.
            engine: ``fast``, or ``presidio`` to add its recognizers. Default: what
                ``TRAININGLOOP_REDACTION_ENGINE`` says.
            policy: What is captured, redacted and dropped. Default: that of the file which
                ``TRAININGLOOP_REDACTION_POLICY`` names.
            cache_bytes: How much memory the results of earlier texts may take.

        Raises:
            ConfigurationError: The engine is unknown.
            BrokenRedactionError: It does not find invented values that it must find.
        """
        self._keys = _keyring(key)
        self._policy = policy_from_environment() if policy is None else policy
        self._engine: Engine = engine or self._policy.engine or environment.engine()
        self._cache_bytes = cache_bytes
        self._cache = RedactionCache(cache_bytes)
        self._detect = _detector(self._engine)
        names = self._policy.names
        self._names = None if names == "off" else NameDetector(load(names))
        self._scanners: dict[str, Scanner] = {}
        self._vaults = Vaults()
        check(self.text, self._policy)

    def __reduce__(self) -> tuple[Callable[..., Redactor], tuple[Keyring, Engine, Policy, int]]:
        """Travel to another process as the settings, key included, without any memory."""
        return _rebuilt, (self._keys, self._engine, self._policy, self._cache_bytes)

    @property
    def policy(self) -> Policy:
        """What is captured, redacted and dropped."""
        return self._policy

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
        scanner, vault = self._scanner(tenant), self._vault(tenant, conversation)
        return _informed(lambda walk: walk.text(text), scanner, vault, report)

    def explain(
        self, text: str, *, tenant: str = DEFAULT_TENANT, conversation: str | None = None
    ) -> list[Finding]:
        """What `attribute` would replace in a text, and why; in order, without overlaps.

        Slower than redacting, which remembers what it has seen. Offsets are those of the text as
        it is given, also where it is a JSON document.
        """
        try:
            return self._explained(text, self._scanner(tenant), self._vault(tenant, conversation))
        except Exception:  # noqa: BLE001  # as redaction fails: the whole value goes
            return _failed(text)

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
        scanner, vault = self._scanner(tenant), self._vault(tenant, conversation)
        return _informed(lambda walk: walk.attribute(key, value), scanner, vault, report)

    def attributes(
        self,
        attributes: Mapping[str, Value],
        *,
        tenant: str = DEFAULT_TENANT,
        conversation: str | None = None,
        report: Report | None = None,
    ) -> dict[str, Value]:
        """All attributes of one span, event, link or resource, their keys included."""
        scanner, vault = self._scanner(tenant), self._vault(tenant, conversation)
        return _informed(lambda walk: walk.attributes(attributes), scanner, vault, report)

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
        self._learn(record, self._vault(tenant, conversation), tenant)

    def prepare(self, spans: Iterable[tuple[str, str, Mapping[str, Value]]]) -> None:
        """Look at all spans of an export before the first of them is redacted.

        A customer says a name before a tool returns it: what a later span tells is found in an
        earlier one too.

        Args:
            spans: The tenant, the conversation and the attributes of each.
        """
        exported = list(spans)
        if self._names is not None:
            self._names.look(
                text
                for tenant, _, attributes in exported
                for text in unseen_texts(attributes, self._scanner(tenant))
            )
        counts = Counter((tenant, conversation) for tenant, conversation, _ in exported)
        for tenant, conversation, attributes in exported:
            if counts[tenant, conversation] > 1:
                vault = self._vault(tenant, conversation)
                Walk(self._scanner(tenant), vault, Report()).attributes(attributes)

    def _explained(self, text: str, scanner: Scanner, vault: Vault) -> list[Finding]:
        # A document says itself who it is about.
        redacted = _informed(lambda walk: walk.attribute("text", text), scanner, vault, Report())
        if redacted == FAILED != text:
            return _failed(text)
        explainer = _Explainer(scanner, vault)
        findings = explained_document(text, explainer)
        return explainer.text(text) if findings is None else findings

    def _vault(self, tenant: str, conversation: str | None) -> Vault:
        if conversation is None:
            return Vault()
        vault = self._vaults.of(tenant, conversation)
        record = customers.recall(tenant, conversation)
        if record is not None and record is not vault.source:
            vault.source = record
            self._learn(record, vault, tenant)
        return vault

    def _learn(self, record: Mapping[str, object], vault: Vault, tenant: str) -> None:
        notes = Notes(NOTHING)
        Walk(self._scanner(tenant), notes, Report()).record(record)
        vault.learn(notes.learned, is_given=True)

    def _scanner(self, tenant: str) -> Scanner:
        scanner = self._scanners.get(tenant)
        if scanner is None:
            if len(self._scanners) >= _MOST_TENANTS:
                self._scanners = {}
            key, policy = self._keys.for_tenant(tenant), self._policy.for_tenant(tenant)
            scanner = Scanner(tenant, key, policy, self._detect, self._cache, self._names)
            self._scanners[tenant] = scanner
        return scanner


def _keyring(key: bytes | Keyring | None) -> Keyring:
    if key is None:
        return load_keyring()
    return Keyring.of(key) if isinstance(key, bytes) else key


def _informed(
    redact: Callable[[Walk], T], scanner: Scanner, vault: Vault, report: Report | None
) -> T:
    """Redact, and again as long as something became known that an earlier part may mention."""
    before, own = vault.knowledge, Report()
    redacted = redact(Walk(scanner, vault, own))
    for _ in range(_MORE_LOOKS):
        if vault.knowledge is before:
            break
        before, own = vault.knowledge, Report()
        redacted = redact(Walk(scanner, vault, own))
    if report is not None:
        scanner.sign(report)
        report.add(own.counts, own.failures)
    return redacted


class _Explainer:
    """What an explanation asks about the parts of a document."""

    def __init__(self, scanner: Scanner, vault: Vault) -> None:
        self._scanner = scanner
        self._vault = vault

    def rule_of_field(self, name: str, siblings: Mapping[str, Rule]) -> Rule:
        return self._scanner.rule_of_field(name, siblings)

    def text(self, text: str) -> list[Finding]:
        entry = self._scanner.redacted(text, self._vault.knowledge)
        if entry is None:
            return []
        if entry.failures:
            return _failed(text)

        knowledge = self._scanner.needed(text, self._vault.knowledge)

        def look(
            text: str, on_pass: Callable[[Pass], None], labelled: Callable[[Detector], Detector]
        ) -> str:
            return self._scanner.looked_at(text, knowledge, on_pass, labelled)

        return explained(text, look, self._scanner.token)

    def leaf(self, rule: Rule, value: str | float) -> Value:
        return Walk(self._scanner, self._vault, Report()).leaf(rule, value)


def _failed(text: str) -> list[Finding]:
    return [Finding(type=FAILED.strip("<>"), start=0, end=len(text), score=1, detector="")]


def _rebuilt(key: Keyring, engine: Engine, policy: Policy, cache_bytes: int) -> Redactor:
    return Redactor(key=key, engine=engine, policy=policy, cache_bytes=cache_bytes)


def _detector(engine: str) -> Detector:
    if engine != "presidio":
        return detect
    # Presidio takes seconds and a hundred megabytes: only who asks for it pays.
    from trainingloop.processor._presidio import presidio_detector

    return presidio_detector()
