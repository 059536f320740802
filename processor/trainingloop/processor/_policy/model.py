"""What a redaction policy says, ready to be asked for every value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal

from trainingloop.processor._entities import Entity, Match
from trainingloop.processor._policy.allowed import Allowed
from trainingloop.processor._policy.kinds import KINDS
from trainingloop.processor._policy.recognizer import CustomMatch, Recognizer

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from trainingloop.processor._entities import Detector


class Category(StrEnum):
    """What a piece of content is in the life of an assistant."""

    SYSTEM_PROMPT = "system_prompt"
    INPUT = "input"
    OUTPUT = "output"
    TOOL_ARGUMENTS = "tool_arguments"
    TOOL_RESULTS = "tool_results"
    FEEDBACK_NOTES = "feedback_notes"


class ContentAction(StrEnum):
    """What happens to content."""

    CAPTURE = "capture"
    """It is stored as it is; nobody looks into it."""
    REDACT = "redact"
    """It is searched for personal data."""
    DROP = "drop"
    """It is not stored at all."""


class EntityAction(StrEnum):
    """What stands in the place of personal data of one kind."""

    TOKEN = "token"  # noqa: S105  # the name of an action
    """The kind and a code that is the same for the same value: ``<PHONE_7f3k2q9d>``."""
    MASK = "mask"
    """The kind alone: ``<PHONE>``."""
    DROP = "drop"
    """Nothing."""
    KEEP = "keep"
    """The value itself."""


USUAL_ACTIONS: Final[Mapping[str, EntityAction]] = {
    **dict.fromkeys(sorted(KINDS), EntityAction.TOKEN),
    **dict.fromkeys(
        (Entity.CARD.value, Entity.SSN.value, Entity.NATIONAL_ID.value, Entity.SECRET.value),
        EntityAction.MASK,
    ),
    Entity.ID.value: EntityAction.KEEP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRule:
    """What the policy says about the value under a key."""

    action: ContentAction
    kind: str = ""
    """What the whole value is, when ``action`` is ``redact`` and the policy says so."""
    kind_action: EntityAction = EntityAction.TOKEN
    """What then stands in its place; never ``keep``: naming the key asks for it to go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRules:
    """The rules by name: exact ones first, then the wildcard with the most other characters."""

    exact: Mapping[str, KeyRule] = field(default_factory=dict[str, KeyRule])
    """By name in lower case."""
    wildcards: tuple[tuple[re.Pattern[str], KeyRule], ...] = ()

    def find(self, name: str) -> KeyRule | None:
        """The rule for a name, in whatever case it is written."""
        folded = name.casefold()
        if rule := self.exact.get(folded):
            return rule
        fits = (rule for pattern, rule in self.wildcards if pattern.fullmatch(folded))
        return next(fits, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is captured, redacted and dropped, and what stands in its place.

    A policy is a fact: it never changes, and it can be sent to another process.
    """

    engine: Literal["fast", "presidio"] | None = None
    """The engine it asks for; ``None`` when it leaves that to the environment."""
    names: str = "off"
    """What finds names in running text: ``off``, ``builtin``, ``spacy:…``, ``presidio:…`` …"""
    canary: tuple[str, ...] = ()
    """Strings that no span may carry: one that does is refused."""
    content: Mapping[Category, ContentAction] = field(default_factory=dict[Category, ContentAction])
    entities: Mapping[str, EntityAction] = field(default_factory=lambda: dict(USUAL_ACTIONS))
    keys: KeyRules = field(default_factory=KeyRules)
    allow: Allowed = field(default_factory=Allowed)
    known_values: frozenset[str] = frozenset()
    """Names of fields, in lower case, whose values a conversation remembers."""
    recognizers: tuple[Recognizer, ...] = ()
    predefined: tuple[str, ...] = ()
    """Recognizers of Presidio's own, each as the JSON text of its settings."""
    tenants: Mapping[str, Policy] = field(default_factory=dict[str, "Policy"])
    fingerprint: str = ""
    """Twelve hexadecimal digits that differ between policies that say different things."""

    def for_tenant(self, tenant: str) -> Policy:
        """What holds for one tenant."""
        return self.tenants.get(tenant, self)

    def content_action(self, category: Category) -> ContentAction:
        """What happens to content of a category."""
        return self.content.get(category, ContentAction.REDACT)

    def key_rule(self, name: str) -> KeyRule | None:
        """What the policy says about an attribute or JSON field; mostly nothing."""
        return self.keys.find(name) if self.has_key_rules else None

    @property
    def has_key_rules(self) -> bool:
        """Whether any name has a rule of its own."""
        return bool(self.keys.exact or self.keys.wildcards)

    def entity_action(self, kind: str) -> EntityAction:
        """What stands in the place of personal data of a kind."""
        return self.entities.get(kind, EntityAction.TOKEN)

    def action_on(self, match: Match) -> EntityAction:
        """What stands in the place of one find."""
        return self.entity_action(kind_of_match(match))

    def allows(self, value: str) -> bool:
        """Whether a found value is one of those that stay as they are."""
        return self.allow.holds(value)

    def remembers(self, name: str) -> bool:
        """Whether a conversation remembers the value of the field of this name."""
        return bool(self.known_values) and name.casefold() in self.known_values

    def carries_canary(self, text: str) -> bool:
        """Whether a text holds one of the strings that nothing may hold."""
        return any(canary in text for canary in self.canary)

    def detectors(self) -> Mapping[str, Detector]:
        """The recognizers of the policy's own as detectors, by name."""
        own: dict[str, Detector] = {
            _unique(self.recognizers, index): each for index, each in enumerate(self.recognizers)
        }
        if self.predefined:
            # Presidio takes seconds and a hundred megabytes: only who asks for it pays.
            from trainingloop.processor._policy import presidio

            own["presidio"] = presidio.detector(self.predefined)
        return own

    @property
    def custom_kinds(self) -> frozenset[str]:
        """The kinds that only this policy knows."""
        return frozenset(self.entities) - KINDS


def kind_of_match(match: Match) -> str:
    """The kind of a find: that of a recognizer of the policy's own, or one of `Entity`."""
    return match.kind if isinstance(match, CustomMatch) else match.entity.value


def _unique(recognizers: tuple[Recognizer, ...], index: int) -> str:
    name = recognizers[index].name
    earlier = sum(each.name == name for each in recognizers[:index])
    return f"{name} {earlier + 1}" if earlier else name
