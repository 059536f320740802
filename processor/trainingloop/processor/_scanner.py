"""One tenant's texts: what each becomes, remembered."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.keys import pseudonym
from trainingloop.processor._cache import NOTHING_REPLACED, Memo, Redacted, RedactionCache
from trainingloop.processor._detectors import (
    detect as ours,
)
from trainingloop.processor._detectors import first_look, is_clean_without_re2, references
from trainingloop.processor._entities import FAILED, Entity, Match
from trainingloop.processor._histories import Histories
from trainingloop.processor._json import FIELDS_OF_MESSAGES
from trainingloop.processor._key_rules import Action, Rule, attribute_rule, field_rule
from trainingloop.processor._names import NameDetector, may_hold_name
from trainingloop.processor._scan import Pass, redacted
from trainingloop.processor._vault import KNOWN_VALUES, NOTHING, Knowledge, Known
from trainingloop.processor.policy import KINDS, ContentAction, EntityAction, kind_of_match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from trainingloop.instrumentation.keys import Key
    from trainingloop.processor._entities import Detector
    from trainingloop.processor._normalise import Plain
    from trainingloop.processor._report import Report
    from trainingloop.processor.policy import KeyRule, Policy

_KEEP: Final = Rule(action=Action.KEEP)
_STRUCTURE: Final = frozenset({"role", "type", "finish_reason"})
"""Fields that say what a part of a message is: no customer is called ``user`` there."""
_SHORT_TEXT: Final = 512
_MAX_TEXT: Final = 4 * 1024 * 1024
_UNASKED: Final = frozenset({Entity.ID.value})
"""Kinds whose detectors run only where the policy wants them replaced."""
_WORTH_KNOWING: Final = 0.8
"""How sure a detector must be of a name for it to be looked for everywhere else."""


class Scanner:
    """Finds and replaces personal data in the texts of one tenant; threads may share it."""

    def __init__(
        self,
        tenant: str,
        key: Key,
        policy: Policy,
        detect: Detector,
        cache: RedactionCache,
        names: NameDetector | None = None,
    ) -> None:
        """Look at the texts of a tenant.

        Args:
            tenant: Whose they are.
            key: Makes the tokens.
            policy: What holds for this tenant.
            detect: The detectors of all tenants.
            cache: Remembers what texts became; others may share it.
            names: Finds names in running text.
        """
        self.tenant: Final = tenant
        self.cache: Final = cache
        self.histories: Final = Histories(cache, tenant)
        self.policy: Final = policy
        self.unchanged: Final = Memo[tuple[str, str]]()
        """Attributes that stay as they are."""
        self._clean: Final = Memo[str]()
        self._key: Final = key
        self._has_key_rules = policy.has_key_rules
        self._names: Final = _allowed(names, policy) if names else None
        self._own = tuple(_detectors_of(policy))
        self.takes_messages_as_they_come: Final = not (
            self._own or policy.has_key_rules or any(map(policy.remembers, FIELDS_OF_MESSAGES))
        )
        """Whether of a message with nothing but a role and a text only the text matters."""
        self._detect: Final = _allowed(_with_own(detect, self._own), policy)
        # What Presidio's recognizers find, the gate before ours knows nothing about.
        self._is_ours = self._detect is ours

    def redacted(self, text: str, knowledge: Knowledge) -> Redacted | None:
        """What a text becomes; ``None`` when it stays as it is."""
        if text in self._clean.things and (
            not knowledge.fingerprint or text in knowledge.unmentioned.things
        ):
            return None
        if len(text) > _MAX_TEXT:
            return Redacted(text=FAILED, counts={}, failures=1)
        entry = self._by_itself(text)
        if self._leaves_mention(text, entry, knowledge):
            return self._scanned(text, knowledge)
        return entry

    def needed(self, text: str, knowledge: Knowledge) -> Knowledge:
        """What has to be known to redact a text: nothing, unless a mention would be left in it."""
        entry = self._by_itself(text)
        return knowledge if self._leaves_mention(text, entry, knowledge) else NOTHING

    @staticmethod
    def _leaves_mention(text: str, entry: Redacted | None, knowledge: Knowledge) -> bool:
        if entry is None or entry.text is None:
            return knowledge.may_mention(text)
        # Of an address the detectors may have found the street only: then the rest is no mention.
        return knowledge.may_mention(entry.text) or knowledge.may_mention_address(text)

    def _by_itself(self, text: str) -> Redacted | None:
        """What a text becomes of which nothing is known."""
        if text in self._clean:
            return None
        # A look at a long text takes longer than to find out what it became before.
        first = self._first_look(text) if len(text) <= _SHORT_TEXT else None
        if first is not None and not first:
            self._clean.add(text, length=len(text))
            return None
        return self._scanned(text, NOTHING, first)

    def remembers(self, text: str) -> bool:
        """Whether it is known what a text becomes, so that nobody need look at it again."""
        if text in self._clean or self._first_look(text) == []:
            return True
        return self.cache.get(RedactionCache.key(self.tenant, "text", text)) is not None

    def _first_look(self, text: str) -> list[Match] | None:
        """Every find in a text, where that can be told at next to no cost."""
        if self._own or (self._names is not None and may_hold_name(text)):
            return None
        if self._is_ours:
            return first_look(text)
        return [] if is_clean_without_re2(text) else None

    def sign(self, report: Report) -> None:
        """Say in a report with which key and policy its values were redacted."""
        report.key_id, report.policy = self._key.id, self.policy.fingerprint

    def rule_of_attribute(self, key: str) -> Rule:
        """What to do with an attribute: what the policy says, else what its name does."""
        own = self.policy.key_rule(key) if self._has_key_rules else None
        return attribute_rule(key) if own is None else _rule(own)

    def rule_of_field(self, name: str, siblings: Mapping[str, Rule]) -> Rule:
        """The same for a field of an object; those beside it may say more than its name."""
        own = self.policy.key_rule(name) if self._has_key_rules else None
        if own is not None:
            return _rule(own)
        return siblings.get(name) or (_KEEP if name in _STRUCTURE else field_rule(name))

    def token(self, match: Match, action: EntityAction | None = None) -> str:
        """What stands in the place of a find."""
        kind = kind_of_match(match)
        action = self.policy.entity_action(kind) if action is None else action
        if action is EntityAction.DROP:
            return ""
        if action is EntityAction.MASK:
            return f"<{kind}>"
        stand_in = pseudonym(self._key.secret, self.tenant, kind, match.value)
        if match.entity is Entity.BLOB:
            return f"<{kind}_{stand_in}_{len(match.value) % 1_000_000_000}>"
        return f"<{kind}_{stand_in}>"

    def keeps(self, match: Match, written: str) -> bool:
        """Whether the policy leaves a find as it is."""
        return self.policy.action_on(match) is EntityAction.KEEP or self.policy.allows(written)

    def looked_at(
        self,
        text: str,
        knowledge: Knowledge,
        on_pass: Callable[[Pass], None],
        labelled: Callable[[Detector], Detector] | None = None,
        first: list[Match] | None = None,
    ) -> str:
        """The text with a token in the place of each find; nothing is remembered.

        Args:
            text: The text.
            knowledge: What is known of the conversation.
            on_pass: Hears of every look at the text that found something.
            labelled: Has the detectors sign their finds, where somebody wants to know.
            first: What the first look finds, where that is known already.

        Raises:
            Exception: What a detector raises. The text must not go out then.
        """
        known = (_Mentions(knowledge),) if knowledge.fingerprint else ()
        others = _with_own(self._detect, known)
        detect = others if self._names is None else _with_own(others, (self._names,))

        def note(look: Pass) -> None:
            nonlocal detect
            # A model sees other names among tokens: it is asked about the text as it was only.
            detect = others
            on_pass(look)

        def found(plain: Plain) -> Iterable[Match]:
            return detect(plain)

        signed = labelled(found) if labelled else found
        return redacted(text, signed, self.token, note, first)

    def _scanned(
        self, text: str, knowledge: Knowledge, first: list[Match] | None = None
    ) -> Redacted | None:
        key = RedactionCache.key(self.tenant, "text", text, knowledge.name_in(text))
        entry = self.cache.get(key)
        if entry is None:
            entry = self._computed(text, knowledge, first)
            self.cache.put(key, entry)
        if entry.text is None:
            if not knowledge.fingerprint:
                self._clean.add(text, length=len(text))
            return None
        return entry

    def _computed(self, text: str, knowledge: Knowledge, first: list[Match] | None) -> Redacted:
        counts: Counter[str] = Counter()
        seeds: list[Known] = []

        def note(look: Pass) -> None:
            counts.update(map(kind_of_match, look.matches))
            seeds.extend(_named(look))

        try:
            changed = self.looked_at(text, knowledge, note, first=first)
        except Exception:  # noqa: BLE001  # whatever happened, the text must not go out
            return Redacted(text=FAILED, counts={}, failures=1)
        if changed is text:
            return NOTHING_REPLACED
        return Redacted(text=changed, counts=counts, seeds=tuple(seeds))


def _detectors_of(policy: Policy) -> Iterable[Detector]:
    """What runs only where the policy asks for it."""
    yield from policy.detectors().values()
    if policy.entity_action(Entity.ID.value) is not EntityAction.KEEP:
        yield references


def _rule(own: KeyRule) -> Rule:
    """What the policy says about a key, as a rule."""
    if own.action is ContentAction.CAPTURE:
        return Rule(action=Action.CAPTURE)
    if own.action is ContentAction.DROP:
        return Rule(action=Action.DROP)
    if not own.kind:
        return Rule(action=Action.SCAN)
    is_ours = own.kind in KINDS
    return Rule(
        action=Action.REPLACE,
        entity=Entity(own.kind) if is_ours else Entity.ID,
        kind="" if is_ours else own.kind,
        stand_in=own.kind_action.value,
    )


def _with_own(detect: Detector, own: Sequence[Detector]) -> Detector:
    """Detectors, and those of a policy beside them."""
    if not own:
        return detect

    def with_own(plain: Plain) -> Iterable[Match]:
        yield from detect(plain)
        for each in own:
            yield from each(plain)

    return with_own


def _allowed(detect: Detector, policy: Policy) -> Detector:
    """Detectors without what the policy leaves as it is."""
    kept = {kind for kind, action in policy.entities.items() if action is EntityAction.KEEP}
    if not policy.allow.values and not policy.allow.patterns and not kept - _UNASKED:
        return detect

    def allowed(plain: Plain) -> Iterable[Match]:
        for match in detect(plain):
            is_kept = kind_of_match(match) in kept
            if not is_kept and not policy.allows(plain.text[match.start : match.end]):
                yield match

    return allowed


class _Mentions:
    """What is known of one conversation, as a detector."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def __call__(self, plain: Plain, /) -> Iterable[Match]:
        """Every mention; they may overlap."""
        return self._knowledge.mentions(plain.text)


def _named(look: Pass) -> Iterable[Known]:
    """The new names among the finds: whoever is called so once is called so again."""
    for match in look.matches:
        is_new = match.entity is Entity.PERSON and match.detector != KNOWN_VALUES
        if is_new and match.score >= _WORTH_KNOWING:
            yield Known(Entity.PERSON, look.text[match.start : match.end])
