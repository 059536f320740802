"""One pass over a value of any shape: which rule holds where, and what each leaf becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from trainingloop.processor._cache import NOTHING_REPLACED, Redacted
from trainingloop.processor._content import categories_of, governed
from trainingloop.processor._documents import Documents
from trainingloop.processor._entities import DROPPED, FAILED, Entity
from trainingloop.processor._json import (
    NotJsonError,
    Value,
    dump,
    has_duplicate_names,
    looks_like_json,
    parse,
)
from trainingloop.processor._key_rules import (
    Action,
    Rule,
    field_rule,
    is_worth_replacing,
    sibling_rules,
)
from trainingloop.processor._leaves import Leaves
from trainingloop.processor._report import Report
from trainingloop.processor._vault import Knowledge, Known, Notes, Vault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainingloop.processor._scanner import Scanner
    from trainingloop.processor.policy import Category

_MAX_DEPTH: Final = 32
_MAX_DOCUMENT: Final = 64 * 1024 * 1024
_WORTH_REMEMBERING: Final = range(200, 1024 * 1024)
_NO_ATTRIBUTES: Final[Mapping[str, Value]] = {}
_LONGEST_FLAG: Final = 64
_LEAST_VECTOR: Final = 32
_LARGEST: Final = 10**7
_NUMBERS: Final = frozenset((int, float))
_SCAN: Final = Rule(action=Action.SCAN)
_PERSON: Final = Rule(action=Action.REPLACE, entity=Entity.PERSON)


class TooDeepError(ValueError):
    """A value is nested more deeply than anybody nests on purpose."""


class Walk:
    """Redacts values for one conversation into one report.

    What did not change is returned as the very same object, so that "did anything change" is a
    comparison of identities.
    """

    def __init__(self, scanner: Scanner, vault: Vault, report: Report) -> None:
        """Look at values.

        Args:
            scanner: What the texts of this tenant become.
            vault: What is known of the conversation; it learns what the values say.
            report: Counts what is found.
        """
        self._scanner = scanner
        self._vault = vault
        self._report = report
        self._leaves = Leaves(scanner, vault, report)
        self._names_read = 0

    def text(self, text: str) -> str:
        """One text, JSON or not; whatever goes wrong, it does not go out."""
        try:
            return self._leaves.text(text)
        except Exception:  # noqa: BLE001  # fails closed: the cause may quote the text
            self._report.add({}, failures=1)
            return FAILED

    def attribute(
        self, key: str, value: Value, beside: Mapping[str, Value] = _NO_ATTRIBUTES
    ) -> Value:
        """One attribute value; whatever goes wrong, the value does not go out.

        Args:
            key: Its name.
            value: The value.
            beside: All attributes of the same span.
        """
        try:
            rule = self._scanner.rule_of_attribute(key)
            categories = self._categories(key, beside)
            if not categories or rule.action is not Action.SCAN:
                return self._value(rule, value, 0)
            return governed(self._scanner.policy, categories, value, self._field)
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
                self._add(result, key, attributes)
        return result

    def record(self, record: Mapping[str, object]) -> None:
        """Learn what a customer's record says, whose ``name`` is a person's."""
        try:
            fields = {str(name): _simple(value, 0) for name, value in record.items()}
            self._mapping(fields, 0, {**sibling_rules(tuple(fields)), "name": _PERSON})
            if (named := fields.get("id")) is not None:
                self._vault.learn((Known(Entity.PERSON, str(named), is_whole=True),))
        except Exception:  # noqa: BLE001  # what is not understood is not known
            self._report.add({}, failures=1)

    def leaf(self, rule: Rule, value: str | float) -> Value:
        """What one leaf of a document becomes under a rule."""
        return self._value(rule, value, 1)

    def _field(self, name: str, value: Value) -> Value:
        return self._value(self._scanner.rule_of_field(name, {}), value, 1)

    def _is_unchanged(self, key: str, value: str) -> bool:
        is_unchanged = (key, value) in self._scanner.unchanged
        return is_unchanged and not self._vault.knowledge.may_mention(value)

    def _add(self, result: dict[str, Value], key: str, attributes: Mapping[str, Value]) -> None:
        value = attributes[key]
        name, redacted = self.text(key), self.attribute(key, value, attributes)
        result[_unused(name, result)] = redacted
        if name is not key or redacted is not value or not isinstance(value, str):
            return
        # What becomes of content may depend on the attributes beside it.
        if not self._categories(key, attributes):
            self._scanner.unchanged.add((key, value), length=len(value))

    def _categories(self, key: str, beside: Mapping[str, Value]) -> tuple[Category, ...]:
        return categories_of(key, beside) if self._scanner.policy.content else ()

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
            return self._leaves.number(rule, value)
        if depth >= _MAX_DEPTH:
            raise TooDeepError
        # Asked for first, because the answer to the other question takes ten times as long.
        if isinstance(value, (dict, Mapping)):
            return self._mapping(value, depth + 1, sibling_rules(tuple(value), rule.inside))
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
            new_name = self._leaves.text(name)
            rule = self._scanner.rule_of_field(name, siblings)
            new_part = self._value(rule, part, depth)
            is_changed = is_changed or new_part is not part or new_name is not name
            result[_unused(new_name, result)] = new_part
            if not isinstance(part, str):
                continue
            if rule.entity is Entity.PERSON and new_part is not part:
                if is_worth_replacing(rule, part):
                    names.append(part)
            elif self._scanner.policy.remembers(name):
                self._vault.learn((Known(Entity.PERSON, part.strip()),))
        if len(names) > 1:
            # First and last name, in this order: together they are looked for as one.
            self._vault.learn((Known(Entity.PERSON, " ".join(names[:2])),))
        return result if is_changed else value

    def _sequence(self, rule: Rule, value: Sequence[Value], depth: int) -> Sequence[Value]:
        if rule.action is Action.SCAN and _is_vector(value):
            return value
        result: list[Value] = []
        for index, part in enumerate(value):
            own = rule_of_flag(value[index - 1]) if index else None
            result.append(self._value(own or rule, part, depth))
        if all(new is old for new, old in zip(result, value, strict=True)):
            return value
        return tuple(result) if isinstance(value, tuple) else result

    def _string(self, rule: Rule, text: str, depth: int) -> str:
        if rule.action is Action.REPLACE:
            replaced = self._leaves.replaced(rule, text)
            if replaced is not None:
                return replaced
        elif rule.action is not Action.SCAN:
            return self._leaves.kept(rule, text, is_field=depth > 0)
        return self._document(text, depth) if looks_like_json(text) else self._leaves.text(text)

    def _bytes(self, rule: Rule, raw: bytes, depth: int) -> bytes:
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            return self._leaves.blob(raw)
        redacted = self._string(rule, text, depth)
        return raw if redacted is text else redacted.encode("utf-8", "replace")

    def _document(self, text: str, depth: int) -> str:
        """A JSON document; the very text it was given when nothing in it had to change."""
        if depth >= _MAX_DEPTH or len(text) > _MAX_DOCUMENT:
            raise TooDeepError
        if len(text) not in _WORTH_REMEMBERING or depth:
            return self._parsed(text, depth)
        documents = Documents(self._scanner, self._vault, self._report, self._computed)
        return documents.redacted(text)

    def _computed(self, text: str, tree: Value, knowledge: Knowledge) -> Redacted:
        own, notes = Report(), Notes(knowledge)
        walk = Walk(self._scanner, notes, own)
        redacted = walk._parsed(text, 0) if tree is None else walk._rewritten(text, tree, 0)
        if redacted is text and not (own.counts or own.failures or notes.learned):
            return NOTHING_REPLACED
        return Redacted(
            text=None if redacted is text else redacted,
            counts=own.counts,
            failures=own.failures,
            seeds=tuple(notes.learned),
        )

    def _parsed(self, text: str, depth: int) -> str:
        try:
            tree = parse(text)
        except NotJsonError:
            return self._leaves.text(text)
        return self._rewritten(text, tree, depth)

    def _rewritten(self, text: str, tree: Value, depth: int) -> str:
        """The text of a document whose parsed value is ``tree``."""
        outer, self._names_read = self._names_read, 0
        redacted = self._value(_SCAN, tree, depth + 1)
        names, self._names_read = self._names_read, outer
        if redacted is tree and not has_duplicate_names(text, names):
            return text
        return dump(redacted)


def rule_of_flag(part: object) -> Rule | None:
    """What a command-line flag, such as ``--api-key``, says about the argument after it."""
    if not isinstance(part, str) or not part.startswith("-") or len(part) > _LONGEST_FLAG:
        return None
    rule = field_rule(part)
    return rule if rule.action is Action.REPLACE else None


def _simple(value: object, depth: int) -> Value:
    """A value of an application's record as one of JSON: dates and the like become texts."""
    if depth < _MAX_DEPTH and isinstance(value, Mapping):
        fields = cast("Mapping[object, object]", value)
        return {str(name): _simple(part, depth + 1) for name, part in fields.items()}
    if depth < _MAX_DEPTH and isinstance(value, list | tuple | set | frozenset):
        return [_simple(part, depth + 1) for part in cast("Iterable[object]", value)]
    is_simple = value is None or isinstance(value, str | bool | int | float)
    return cast("Value", value) if is_simple else str(value)


def _is_vector(value: Sequence[Value]) -> bool:
    """Whether a list is an embedding or the numbers of tokens: long, and no number is a card's."""
    if (
        len(value) < _LEAST_VECTOR
        or isinstance(value, str)
        or not _NUMBERS.issuperset(map(type, value))
    ):
        return False
    return all(-_LARGEST < cast("float", number) < _LARGEST for number in value)


def _unused(name: str, taken: Mapping[str, Value]) -> str:
    """The name, or one beside it: two redacted names may be equal, and no value is lost."""
    if name not in taken:
        return name
    return next(
        candidate
        for candidate in (f"{name}_{number}" for number in range(2, len(taken) + 3))
        if candidate not in taken
    )
