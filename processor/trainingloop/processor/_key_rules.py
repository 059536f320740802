"""What the name of an attribute or of a JSON field says about its value."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation import semconv
from trainingloop.processor._entities import TOKEN, Entity
from trainingloop.processor._key_names import (
    BUSINESS,
    FIELD_ENDINGS,
    FIELDS,
    NAMES,
    PEOPLE,
    POSTCODES,
    ROLES,
    SOLO,
    UNITS,
)
from trainingloop.processor._key_people import (
    CLEAR_ROLES,
    MIXED_ROLES,
    PARTS_OF_NAMES,
    persons_field,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class Action(StrEnum):
    """How the value under a key is treated."""

    KEEP = "keep"
    """It is structure; it goes only when the whole of it is an e-mail address or phone number."""
    IDENTIFIER = "identifier"
    """As ``keep``, and digits alone that are a phone number make it one."""
    SCAN = "scan"
    """Detectors look for personal data in it."""
    REPLACE = "replace"
    """The key says what it is: all of it goes."""
    CAPTURE = "capture"
    """The policy leaves it as it is: nobody looks at it."""
    DROP = "drop"
    """The policy wants none of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What to do with a value; for ``replace``, what it is called."""

    action: Action
    entity: Entity = Entity.ID
    digits_needed: int = 0
    """A value with fewer of them is not what its key says."""
    names_needed: int = 0
    """A value that is not so many words, as names are written, is not what its key says."""
    is_capitalised: bool = False
    """A name in small letters is not what its key says."""
    inside: int = 0
    """In an object under this key, a ``name`` of at least so many words is a person's."""
    is_spaced: bool = False
    """A value without a space is not what its key says."""
    kind: str = ""
    """What the policy calls it, where that is no `Entity`."""
    stand_in: str = ""
    """Which action of the policy makes what stands in its place; by default that of its kind."""


_KEEP: Final = Rule(action=Action.KEEP)
_IDENTIFIER: Final = Rule(action=Action.IDENTIFIER)
_SCAN: Final = Rule(action=Action.SCAN)

_KEPT_KEYS: Final = frozenset(
    {
        semconv.OPERATION_NAME,
        semconv.PROVIDER_NAME,
        semconv.AGENT_NAME,
        semconv.REQUEST_MODEL,
        semconv.RESPONSE_MODEL,
        semconv.RESPONSE_ID,
        semconv.FINISH_REASONS,
        semconv.TOOL_NAME,
        semconv.TOOL_TYPE,
        semconv.TOOL_CALL_ID,
        semconv.PROMPT_NAME,
        semconv.PROMPT_VERSION,
        semconv.ENDUSER_PSEUDO_ID,
        semconv.SERVICE_NAME,
        semconv.SERVICE_VERSION,
        semconv.DEPLOYMENT_ENVIRONMENT,
        semconv.VCS_REVISION,
        semconv.VCS_BRANCH,
        semconv.TENANT_ID,
        semconv.CHANNEL,
        semconv.TURN_INDEX,
        semconv.EXPERIMENT_ID,
        semconv.EXPERIMENT_VARIANT,
        semconv.DECISION_KIND,
        semconv.TOOL_ARGUMENTS_HASH,
        semconv.TOOLS_NAMES,
        semconv.PLAYBOOK_ID,
        semconv.PLAYBOOK_NAME,
        semconv.PLAYBOOK_VERSION,
        semconv.PLAYBOOK_HASH,
        semconv.PLAYBOOK_RULES_FIRED,
        semconv.PROMPT_HASH,
        semconv.TOOLS_HASH,
        semconv.CODE_VERSION,
        semconv.CODE_DIRTY,
        semconv.LIBRARY_VERSION,
        semconv.COHORT,
        semconv.EVENT_KIND,
        semconv.EVENT_DECISION_ID,
        semconv.COST_USD,
        semconv.SOURCE,
        semconv.DIALECT,
        semconv.ERROR_TYPE,
        "gen_ai.system",
        "gen_ai.output.type",
        "gen_ai.token.type",
        "openai.api.type",
        "openai.response.system_fingerprint",
        "llm.model_name",
        "llm.provider",
        "llm.system",
        "openinference.span.kind",
        "traceloop.span.kind",
        "exception.type",
        "exception.escaped",
        "http.request.method",
        "http.response.status_code",
        "server.address",
        "server.port",
        "url.scheme",
        "otel.status_code",
        "otel.scope.version",
        "host.arch",
        "os.type",
        "os.version",
    }
)
_KEPT_PREFIXES: Final = (
    "gen_ai.usage.",
    "llm.token_count.",
    "trainingloop.redaction.",
    "trainingloop.recorder.",
    "telemetry.",
    "process.runtime.",
)
_IDENTIFIERS: Final = frozenset(
    {
        semconv.CONVERSATION_ID,
        semconv.EVENT_ID,
        semconv.SERVICE_INSTANCE_ID,
        "session.id",
        "user.id",
        "enduser.id",
        "thread.id",
        "langfuse.session.id",
        "langfuse.user.id",
        "langfuse.trace.user_id",
    }
)
_REPLACED_KEYS: Final = {
    "client.address": Entity.IP,
    "source.address": Entity.IP,
    "network.peer.address": Entity.IP,
    "net.peer.ip": Entity.IP,
    "net.sock.peer.addr": Entity.IP,
    "http.client_ip": Entity.IP,
    "user.name": Entity.PERSON,
    "enduser.name": Entity.PERSON,
    "process.owner": Entity.PERSON,
}
_SECRET_HEADERS: Final = re.compile(
    r"http\.(?:request|response)\.header\.(?:.*(?:auth|cookie|token|secret|key|session|csrf).*)"
)

_ENTITY_OF_FIELD: Final = {
    name: entity for entity, names in FIELDS.items() for name in names.split()
}
_DIGITS_NEEDED: Final = {Entity.PHONE: 5, Entity.CARD: 12, Entity.ACCOUNT: 4, Entity.NATIONAL_ID: 4}
"""A key such as ``mobile`` or ``credit_card`` also names kinds and types: those have no number."""
# The end of a card's number is what callers are asked for to prove who they are.
_LAST_FOUR: Final = re.compile(
    r".*(?:last(?:4|four)(?:digits?)?|last(?:4|four)?digits?|card(?:number)?ending(?:in)?)"
)

_ONLY_OF_PERSONS: Final = frozenset(
    {Entity.DOB, Entity.SSN, Entity.NATIONAL_ID, Entity.PERSON, Entity.CARD}
)
_ALSO_OF_SHOPS: Final = frozenset({Entity.EMAIL, Entity.PHONE})
_PERSON: Final = Rule(action=Action.REPLACE, entity=Entity.PERSON)
_PLACE: Final = Rule(action=Action.REPLACE, entity=Entity.ADDRESS)
_NAME_WORD: Final = re.compile(r"[^\W\d_][^\W\d_]{0,30}(?:['\u2019\-][^\W\d_]{1,30}){0,3}\.?")
_MOST_NAMES: Final = 5
_ROLE_WORDS: Final = CLEAR_ROLES | MIXED_ROLES
# What is called an address and is none of a person.
_OTHER_ADDRESSES: Final = re.compile(
    r".*(?:web|url|site|memory|contract|wallet|btc|eth|bitcoin|server|host|peer|remote|local|bus"
    r"|client|source|dest|destination|network|bind|listen|hardware)address"
)

# ``order_id``, ``orderId`` and ``ID``, but not ``paid`` or ``said``.
_ADDRESS_LINES: Final = frozenset({"line1", "line2"})
_ID_NAME: Final = re.compile(r"(?:\A|[^A-Za-z])(?:id|ID|Id)\Z|[a-z]I[dD]\Z")
_PERSON_IDS: Final = re.compile(
    r"(?:conversation|session|user|enduser|customer|contact|chat|sender|from|to|wa|recipient|thread"
    r"|client|caller|callee|visitor|participant|author|member|account)(?:id)?"
)


@lru_cache(maxsize=8192)
def attribute_rule(key: str) -> Rule:
    """What to do with the value of a span attribute of that name."""
    if key in _KEPT_KEYS or key.startswith(_KEPT_PREFIXES):
        return _KEEP
    if key in _IDENTIFIERS or key.endswith((".id", "_id")):
        return _IDENTIFIER
    if entity := _REPLACED_KEYS.get(key):
        return Rule(action=Action.REPLACE, entity=entity)
    if _SECRET_HEADERS.fullmatch(key.lower()):
        return Rule(action=Action.REPLACE, entity=Entity.SECRET)
    return field_rule(key.rpartition(".")[2])


@lru_cache(maxsize=8192)
def field_rule(name: str) -> Rule:
    """What to do with the value of a JSON field of that name."""
    if "<" in name and TOKEN.search(name):
        # What an earlier pass left of a name says nothing about the value.
        return _SCAN
    squashed = _squashed(name)
    if entity := _entity_of(squashed):
        needed = _DIGITS_NEEDED.get(entity, 0)
        return Rule(action=Action.REPLACE, entity=entity, digits_needed=needed)
    if rule := _rule_of_person(name, squashed):
        return rule
    is_address = squashed.endswith("address") and not _OTHER_ADDRESSES.fullmatch(squashed)
    if is_address or squashed in _ADDRESS_LINES:
        return Rule(action=Action.REPLACE, entity=Entity.ADDRESS, is_spaced=True)
    if _LAST_FOUR.fullmatch(squashed):
        return Rule(action=Action.REPLACE, entity=Entity.CARD, digits_needed=4)
    if _ID_NAME.search(name):
        return _IDENTIFIER if _PERSON_IDS.fullmatch(squashed) else _KEEP
    return _SCAN


def _rule_of_person(name: str, squashed: str) -> Rule | None:
    """What to do with a field about a person in some role, if its value looks like that."""
    if squashed in PEOPLE:
        words = 1 if squashed in SOLO else 2
        return Rule(action=Action.REPLACE, entity=Entity.PERSON, names_needed=words, inside=1)
    if squashed in NAMES:
        return Rule(action=Action.SCAN, inside=2)
    field = persons_field(name)
    if field is None:
        return None
    inside = 1 if field.is_clear else 2
    if not (field.is_named or field.is_clear):
        return Rule(action=Action.SCAN, inside=inside)
    return Rule(
        action=Action.REPLACE,
        entity=Entity.PERSON,
        names_needed=inside if field.is_named else 2,
        is_capitalised=not (field.is_named and field.is_clear),
        inside=inside,
    )


@lru_cache(maxsize=4096)
def describes_person(names: tuple[str, ...]) -> bool:
    """Whether fields of these names belong to one person, whose ``name`` is then personal too."""
    entities = {rule.entity for rule in map(field_rule, names) if _is_certain(rule)}
    if entities & _ONLY_OF_PERSONS:
        return True
    return bool(entities & _ALSO_OF_SHOPS) and BUSINESS.isdisjoint(map(_squashed, names))


@lru_cache(maxsize=4096)
def sibling_rules(names: tuple[str, ...], inside: int = 0) -> Mapping[str, Rule]:
    """The fields of one object that mean something else, or more, because of where they stand.

    A ``name`` beside a date of birth is a person's, a ``zip`` beside a street part of an address.

    Args:
        names: The fields of the object.
        inside: That of the rule for the key it stands under.
    """
    squashed = {name: _squashed(name) for name in names if "<" not in name}
    rules: dict[str, Rule] = {}
    if inside:
        named = replace(_PERSON, names_needed=inside, is_capitalised=inside > 1)
        part = replace(_PERSON, names_needed=1)
        rules |= {name: named for name, plain in squashed.items() if plain in NAMES}
        rules |= {name: part for name, plain in squashed.items() if plain in PARTS_OF_NAMES}
    if not BUSINESS.isdisjoint(squashed.values()):
        rules |= {name: _SCAN for name in squashed if _may_be_shop(name)}
    if describes_person(names):
        rules |= {name: _PERSON for name, plain in squashed.items() if plain in NAMES}
    if any(_is_certain(rule) and rule.entity is Entity.ADDRESS for rule in map(field_rule, names)):
        parts = POSTCODES | UNITS
        rules |= {name: _PLACE for name, plain in squashed.items() if plain in parts}
    return rules


def _may_be_shop(name: str) -> bool:
    field = persons_field(name)
    return field is not None and field.may_be_shop


def _is_certain(rule: Rule) -> bool:
    return rule.action is Action.REPLACE and not rule.names_needed


def is_worth_replacing(rule: Rule, value: str) -> bool:
    """Whether a value can be what its key says it is."""
    own = TOKEN.sub("", value)
    if rule.names_needed:
        return _is_name(own, rule)
    if rule.is_spaced:
        return " " in own.strip()
    needed = rule.digits_needed
    return not needed or sum(map(str.isdigit, own)) >= needed


def _is_name(value: str, rule: Rule) -> bool:
    """Whether a value is written as the name of a person is."""
    words = value.replace(",", " ").split()
    if not rule.names_needed <= len(words) <= _MOST_NAMES:
        return False
    if rule.is_capitalised and not (words[0][0].isupper() and words[-1][0].isupper()):
        return False
    no_names = ROLES | _ROLE_WORDS if rule.is_capitalised else ROLES
    return all(_NAME_WORD.fullmatch(word) and word.lower() not in no_names for word in words)


def _entity_of(squashed: str) -> Entity | None:
    if entity := _ENTITY_OF_FIELD.get(squashed):
        return entity
    endings = (entity for ending, entity in FIELD_ENDINGS if squashed.endswith(ending))
    # The longest ending is the last that fits: ``email_address`` is no address.
    return next(endings, None)


def _squashed(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name[:64]).lower()
    return "".join(filter(str.isalnum, folded))
