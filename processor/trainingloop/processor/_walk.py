"""One pass over a value of any shape: which rule holds where, and what each leaf becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from trainingloop.processor._cache import Redacted, RedactionCache
from trainingloop.processor._content import category_of, governed
from trainingloop.processor._detectors.addresses import emails
from trainingloop.processor._detectors.checks import is_card_number
from trainingloop.processor._detectors.identities import lettered_ids, national_ids
from trainingloop.processor._detectors.numbers import numbers
from trainingloop.processor._detectors.phones import canonical_phone, is_bare_phone
from trainingloop.processor._detectors.secrets import secrets
from trainingloop.processor._entities import DROPPED, FAILED, TOKEN, Entity, Match
from trainingloop.processor._json import (
    NotJsonError,
    Value,
    dump,
    has_duplicate_names,
    looks_like_json,
    parse,
    parse_object,
    split_messages,
)
from trainingloop.processor._key_rules import (
    Action,
    Rule,
    field_rule,
    is_worth_replacing,
    sibling_rules,
)
from trainingloop.processor._normalise import plain
from trainingloop.processor._report import Report
from trainingloop.processor._vault import Known, Vault
from trainingloop.processor.policy import CustomMatch, EntityAction, kind_of_match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._scanner import Scanner

_MAX_DEPTH: Final = 32
_MAX_DOCUMENT: Final = 64 * 1024 * 1024
_WORTH_REMEMBERING: Final = range(200, 1024 * 1024)
_LONGEST_FLAG: Final = 64
_LEAST_VECTOR: Final = 32
_LARGEST: Final = 10**7
_NUMBERS: Final = frozenset((int, float))
_UNMISTAKABLE: Final = frozenset({Entity.IBAN, Entity.SSN, Entity.SECRET})
_EXACT: Final = 1.0
"""The score of what its own shape or check digits give away, not the words around it."""
_SURE: Final = 0.85
_SCAN: Final = Rule(action=Action.SCAN)
_PERSON: Final = Rule(action=Action.REPLACE, entity=Entity.PERSON)
_SPACE: Final = re.compile(r"\s")
_HOLDS_A_PERSON: Final = re.compile(r"[@+%\\(]|[0-9](?:[ .\-]?[0-9]){8}|[^\x00-\x7f]")


class TooDeepError(ValueError):
    """A value is nested more deeply than anybody nests on purpose."""


class Walk:
    """Redacts values for one conversation into one report.

    What did not change is returned as the very same object, so that "did anything change" is a
    comparison of identities.
    """

    def __init__(self, scanner: Scanner, vault: Vault | None, report: Report) -> None:
        """Look at values.

        Args:
            scanner: What the texts of this tenant become.
            vault: What is known of the conversation; it learns what the values say. Without one,
                `seeds` collects that.
            report: Counts what is found.
        """
        self._scanner = scanner
        self._vault = vault
        self._report = report
        self._names_read = 0
        self.seeds: list[Known] = []

    def attribute(self, key: str, value: Value) -> Value:
        """One attribute value; whatever goes wrong, the value does not go out."""
        try:
            rule = self._scanner.rule_of_attribute(key)
            category = category_of(key) if self._scanner.policy.content else None
            if category is None or rule.action is not Action.SCAN:
                return self._value(rule, value, 0)
            return governed(self._scanner.policy, category, value, self._field)
        except Exception:  # noqa: BLE001  # fails closed: the cause may quote the value
            self._report.add({}, failures=1)
            return FAILED

    def attributes(self, attributes: Mapping[str, Value]) -> dict[str, Value]:
        """All attributes, keys included."""
        result: dict[str, Value] = {}
        for key, value in attributes.items():
            # Most attributes of a span say what those of the last one said.
            if isinstance(value, str) and self._is_unchanged(key, value) and key not in result:
                result[key] = value
            else:
                self._add(result, key, value)
        return result

    def _field(self, name: str, value: Value) -> Value:
        return self._value(self._scanner.rule_of_field(name, {}), value, 1)

    def record(self, record: Mapping[str, Value]) -> None:
        """Learn what a customer's record says, whose ``name`` is a person's."""
        try:
            self._mapping(record, 0, {**sibling_rules(tuple(record)), "name": _PERSON})
            if (named := record.get("id")) is not None:
                self._learn((Known(Entity.PERSON, str(named), is_whole=True),))
        except Exception:  # noqa: BLE001  # what is not understood is not known
            self._report.add({}, failures=1)

    def leaf(self, rule: Rule, value: str | float) -> Value:
        """What one leaf of a document becomes under a rule."""
        return self._value(rule, value, 1)

    def _is_unchanged(self, key: str, value: str) -> bool:
        if (key, value) not in self._scanner.unchanged:
            return False
        if self._vault is None or self._scanner.rule_of_attribute(key).action is not Action.SCAN:
            return True
        return not self._vault.may_mention(value)

    def _add(self, result: dict[str, Value], key: str, value: Value) -> None:
        name, redacted = self._text(key), self.attribute(key, value)
        result[_unused(name, result)] = redacted
        if name is key and redacted is value and isinstance(value, str):
            self._scanner.unchanged.add((key, value), length=len(value))

    def _value(self, rule: Rule, value: Value, depth: int) -> Value:
        if rule.action is Action.CAPTURE:
            return value
        if rule.action is Action.DROP:
            return DROPPED
        if isinstance(value, str):
            return self._string(rule, value, depth)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return self._number(rule, value)
        if depth >= _MAX_DEPTH:
            raise TooDeepError
        if isinstance(value, Mapping):
            return self._mapping(value, depth + 1, sibling_rules(tuple(value)))
        if isinstance(value, bytes | bytearray):
            return self._bytes(rule, bytes(value), depth)
        # Anything else has no length or no items: the error makes the whole value fail closed.
        return self._sequence(rule, value, depth + 1)

    def _mapping(
        self, value: Mapping[str, Value], depth: int, siblings: Mapping[str, Rule]
    ) -> Mapping[str, Value]:
        self._names_read += len(value)
        result: dict[str, Value] = {}
        names: list[str] = []
        is_changed = False
        for name, part in value.items():
            new_name = self._text(name)
            rule = self._scanner.rule_of_field(name, siblings)
            new_part = self._value(rule, part, depth)
            is_changed = is_changed or new_part is not part or new_name is not name
            result[_unused(new_name, result)] = new_part
            if rule.entity is Entity.PERSON and isinstance(part, str):
                names.append(part)
            elif self._scanner.policy.remembers(name) and isinstance(part, str):
                self._learn((Known(Entity.PERSON, part.strip()),))
        if len(names) > 1:
            # First and last name, in this order: together they are looked for as one.
            self._learn((Known(Entity.PERSON, " ".join(names[:2])),))
        return result if is_changed else value

    def _sequence(self, rule: Rule, value: Sequence[Value], depth: int) -> Sequence[Value]:
        if rule.action is Action.SCAN and _is_vector(value):
            return value
        result: list[Value] = []
        for index, part in enumerate(value):
            own = _rule_of_flag(value[index - 1]) if index else None
            result.append(self._value(own or rule, part, depth))
        if all(new is old for new, old in zip(result, value, strict=True)):
            return value
        return tuple(result) if isinstance(value, tuple) else result

    def _string(self, rule: Rule, text: str, depth: int) -> str:
        if rule.action is Action.SCAN:
            return self._document(text, depth) if looks_like_json(text) else self._text(text)
        if rule.action is Action.REPLACE:
            return self._replaced(rule, text, depth)
        if depth and rule.action is Action.IDENTIFIER and self._names_customer(text):
            return self._named(text)
        kept = self._kept(rule, text)
        # A sentence is no identifier, whatever its key promised.
        return self._text(text) if kept is text and _SPACE.search(text) else kept

    def _text(self, text: str) -> str:
        entry = self._scanner.redacted(text, self._vault)
        return text if entry is None else self._taken(text, entry)

    def _taken(self, text: str, entry: Redacted) -> str:
        """What a text became, with what was found in it counted and learned."""
        if entry.counts or entry.failures:
            self._report.add(entry.counts, entry.failures)
        if entry.seeds:
            self._learn(entry.seeds)
        return text if entry.text is None else entry.text

    def _learn(self, seeds: Sequence[Known]) -> None:
        if self._vault is None:
            self.seeds += seeds
        else:
            self._vault.learn(seeds)

    def _replaced(self, rule: Rule, text: str, depth: int) -> str:
        if not text.strip() or TOKEN.fullmatch(text.strip()):
            return text
        if not is_worth_replacing(rule, text):
            return self._string(_SCAN, text, depth)
        match = _match_of(rule, text)
        if not rule.stand_in and self._scanner.keeps(match, text):
            return text
        self._learn((Known(rule.entity, text.strip()),))
        return self._stand_in(match, EntityAction(rule.stand_in) if rule.stand_in else None)

    def _stand_in(self, match: Match, action: EntityAction | None = None) -> str:
        self._report.add({kind_of_match(match): 1})
        return self._scanner.token(_canonical(match), action)

    def _names_customer(self, identifier: str) -> bool:
        """Whether an identifier, such as ``ada_lovelace_1815``, has a known name in it."""
        vault = self._vault
        if vault is None or TOKEN.search(identifier) or not vault.may_mention(identifier):
            return False
        return any(match.entity is Entity.PERSON for match in vault.mentions(identifier))

    def _named(self, identifier: str) -> str:
        self._learn((Known(Entity.PERSON, identifier, is_whole=True),))
        match = Match(start=0, end=len(identifier), entity=Entity.PERSON, value=identifier)
        return self._stand_in(match)

    def _kept(self, rule: Rule, text: str) -> str:
        """Structure as it is, unless it is a way to reach somebody: then none of it."""
        if not _HOLDS_A_PERSON.search(text) or TOKEN.fullmatch(text):
            return text
        if rule.action is Action.IDENTIFIER and is_bare_phone(text):
            match = Match(start=0, end=len(text), entity=Entity.PHONE, value="+" + text)
            return self._stand_in(match)
        contact = next(_contacts(text), None)
        if contact is None or self._scanner.keeps(contact, text):
            return text
        return self._stand_in(contact)

    def _number(self, rule: Rule, number: float) -> int | float | str:
        if isinstance(number, float) and not number.is_integer():
            return number
        digits = str(abs(int(number)))
        if rule.action is Action.REPLACE and is_worth_replacing(rule, digits):
            return self._stand_in(_match_of(rule, digits))
        if rule.action is Action.SCAN and 13 <= len(digits) <= 19 and is_card_number(digits):
            return self._stand_in(Match(start=0, end=0, entity=Entity.CARD, value=digits))
        return number

    def _bytes(self, rule: Rule, raw: bytes, depth: int) -> bytes:
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            match = Match(start=0, end=len(raw), entity=Entity.BLOB, value=raw.hex())
            return self._stand_in(match).encode()
        redacted = self._string(rule, text, depth)
        return raw if redacted is text else redacted.encode("utf-8", "replace")

    def _document(self, text: str, depth: int) -> str:
        """A JSON document; the very text it was given when nothing in it had to change."""
        if depth >= _MAX_DEPTH or len(text) > _MAX_DOCUMENT:
            raise TooDeepError
        if len(text) not in _WORTH_REMEMBERING or depth:
            return self._parsed(text, depth)
        return self._messages(text) or self._whole(text)

    def _messages(self, text: str) -> str | None:
        """A history, message by message: all but the newest were seen with an earlier call.

        A list that can be cut into complete objects is cut where its items end, so each part may
        be redacted, and remembered, by itself. ``None`` when the list is of another shape.
        """
        parts = split_messages(text)
        entries = self._entries(parts) if parts else None
        if not entries:
            return None
        # A tool's answer says the name that the customer told some messages before it.
        self._learn([seed for entry in entries for seed in entry.seeds])
        redacted = [
            self._taken(part, self._known("message", part) or entry)
            for part, entry in zip(parts, entries, strict=True)
        ]
        if all(new is old for new, old in zip(redacted, parts, strict=True)):
            return text
        return f"[{','.join(redacted)}]"

    def _entries(self, parts: list[str]) -> list[Redacted] | None:
        """What each part becomes by itself; ``None`` if one of them is no complete object."""
        cache, tenant = self._scanner.cache, self._scanner.tenant
        keys = [RedactionCache.key(tenant, "message", part) for part in parts]
        entries = [cache.get(key) for key in keys]
        # What is known was a complete object when it was first seen.
        trees = [
            None if entry else parse_object(part)
            for entry, part in zip(entries, parts, strict=True)
        ]
        if any(not entry and tree is None for entry, tree in zip(entries, trees, strict=True)):
            return None
        known: list[Redacted] = []
        for key, part, entry, tree in zip(keys, parts, entries, trees, strict=True):
            known.append(entry or self._computed(part, tree, None))
            if entry is None:
                cache.put(key, known[-1])
        return known

    def _whole(self, text: str) -> str:
        cache = self._scanner.cache
        key = RedactionCache.key(self._scanner.tenant, "document", text)
        entry = cache.get(key)
        if entry is None:
            entry = self._computed(text, None, None)
            cache.put(key, entry)
        self._learn(entry.seeds)
        return self._taken(text, self._known("document", text) or entry)

    def _known(self, purpose: str, text: str) -> Redacted | None:
        """What a document becomes that may mention what is known; ``None`` when it may not."""
        vault = self._vault
        if vault is None or not vault.may_be_mentioned_in_json(text):
            return None
        key = RedactionCache.key(self._scanner.tenant, purpose, text, vault.fingerprint)
        entry = self._scanner.cache.get(key)
        if entry is None:
            entry = self._computed(text, None, vault)
            self._scanner.cache.put(key, entry)
        return entry

    def _computed(self, text: str, tree: Value, vault: Vault | None) -> Redacted:
        own = Report()
        walk = Walk(self._scanner, vault, own)
        redacted = walk._parsed(text, 0) if tree is None else walk._rewritten(text, tree, 0)
        return Redacted(
            text=None if redacted is text else redacted,
            counts=own.counts,
            failures=own.failures,
            seeds=tuple(dict.fromkeys(walk.seeds)),
        )

    def _parsed(self, text: str, depth: int) -> str:
        try:
            tree = parse(text)
        except NotJsonError:
            return self._text(text)
        return self._rewritten(text, tree, depth)

    def _rewritten(self, text: str, tree: Value, depth: int) -> str:
        """The text of a document whose parsed value is ``tree``."""
        outer, self._names_read = self._names_read, 0
        redacted = self._value(_SCAN, tree, depth + 1)
        names, self._names_read = self._names_read, outer
        if redacted is tree and not has_duplicate_names(text, names):
            return text
        return dump(redacted)


def _rule_of_flag(part: Value) -> Rule | None:
    """What a command-line flag, such as ``--api-key``, says about the argument after it."""
    if not isinstance(part, str) or not part.startswith("-") or len(part) > _LONGEST_FLAG:
        return None
    rule = field_rule(part)
    return rule if rule.action is Action.REPLACE else None


def _contacts(text: str) -> Iterator[Match]:
    """What in an identifier reaches somebody, or pays for or opens something of theirs."""
    form = plain(text)
    yield from emails(form)
    for match in (*lettered_ids(form), *national_ids(form), *secrets(form)):
        is_all = not _SPACE.search(text) or match.end - match.start == len(form.text)
        if is_all and match.entity in _UNMISTAKABLE and match.score == _EXACT:
            yield match
    for match in numbers(form):
        written = form.text[match.start : match.end]
        if match.entity is Entity.PHONE and match.score >= _SURE and not written.isdigit():
            yield match


def _is_vector(value: Sequence[Value]) -> bool:
    """Whether a list is an embedding or the numbers of tokens: long, and no number is a card's."""
    if (
        len(value) < _LEAST_VECTOR
        or isinstance(value, str)
        or not _NUMBERS.issuperset(map(type, value))
    ):
        return False
    return all(-_LARGEST < cast("float", number) < _LARGEST for number in value)


def _match_of(rule: Rule, text: str) -> Match:
    """All of a value, as what its key says it is."""
    if not rule.kind:
        return Match(start=0, end=len(text), entity=rule.entity, value=text)
    return CustomMatch(start=0, end=len(text), entity=rule.entity, value=text, kind=rule.kind)


def _canonical(match: Match) -> Match:
    """One spelling for what a key named, the same a detector would give it."""
    value = match.value.strip()
    if match.entity is Entity.PHONE:
        value = canonical_phone(value)
    elif match.entity is Entity.ADDRESS:
        value = " ".join(value.casefold().replace(",", " ").split())
    elif match.entity is not Entity.BLOB:
        value = " ".join(value.casefold().split())
    return replace(match, value=value)


def _unused(name: str, taken: Mapping[str, Value]) -> str:
    """The name, or one beside it: two redacted names may be equal, and no value is lost."""
    if name not in taken:
        return name
    return next(
        candidate
        for candidate in (f"{name}_{number}" for number in range(2, len(taken) + 3))
        if candidate not in taken
    )
