"""From the tree of a policy file to the policy: what no schema can check is checked here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias, cast

import regex

from trainingloop.processor._policy.allowed import Allowed, compiled
from trainingloop.processor._policy.fingerprint import fingerprint
from trainingloop.processor._policy.kinds import KINDS, kind_of
from trainingloop.processor._policy.model import (
    USUAL_ACTIONS,
    Category,
    ContentAction,
    EntityAction,
    KeyRule,
    KeyRules,
    Policy,
)
from trainingloop.processor._policy.problems import choices, quoted
from trainingloop.processor._policy.recognizers import Recognizers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.processor._policy.tree import Path, Tree

    Recognize: TypeAlias = Callable[[Tree, Path, bool], Recognizers]

_CONTENT_ACTIONS: Final = frozenset(action.value for action in ContentAction)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one level of a policy says, before the levels are put together."""

    canary: tuple[str, ...] = ()
    content: Mapping[str, str] = field(default_factory=dict[str, str])
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    entities: Mapping[str, str] = field(default_factory=dict[str, str])
    allow: tuple[str, ...] = ()
    known_values: tuple[str, ...] = ()
    recognizers: Recognizers = field(default_factory=Recognizers)

    def over(self, base: Rules) -> Rules:
        """These rules on top of those of everybody: maps key by key, lists added."""
        return Rules(
            canary=base.canary + self.canary,
            content={**base.content, **self.content},
            keys={**base.keys, **self.keys},
            entities={**base.entities, **self.entities},
            allow=base.allow + self.allow,
            known_values=base.known_values + self.known_values,
            recognizers=self.recognizers.over(base.recognizers),
        )


def build(tree: Tree, recognize: Recognize) -> Policy:
    """The policy a tree describes; worth something only if the tree has no problems after it."""
    top = _fields(tree.value)
    engine = cast("str | None", top.get("engine"))
    base = _rules(tree, (), top, recognize, engine)
    own = {
        tenant: _rules(tree, ("tenants", tenant), _fields(fields), recognize, engine).over(base)
        for tenant, fields in _fields(top.get("tenants")).items()
    }
    _check_kinds(tree, (), top, base)
    for tenant, rules in own.items():
        _check_kinds(tree, ("tenants", tenant), _fields(_fields(top["tenants"])[tenant]), rules)
    if tree.problems:
        return Policy()
    names = str(top.get("names", "off"))
    policies = {tenant: _policy(rules, engine, names) for tenant, rules in own.items()}
    return replace(_policy(base, engine, names), tenants=policies)


def _rules(
    tree: Tree,
    path: Path,
    fields: Mapping[str, object],
    recognize: Recognize,
    engine: str | None,
) -> Rules:
    def given(name: str) -> object:
        return None if (*path, name) in tree.faulty else fields.get(name)

    def texts(name: str) -> tuple[str, ...]:
        items = cast("list[object]", given(name) or [])
        return tuple(
            item
            for index, item in enumerate(items)
            if isinstance(item, str) and not tree.is_faulty((*path, name, index))
        )

    def folded(name: str) -> dict[str, str]:
        return {key.casefold(): str(value) for key, value in _fields(given(name)).items()}

    _check_names(tree, (*path, "keys"), _fields(given("keys")))
    _check_allowed(tree, (*path, "allow"), given("allow"))
    return Rules(
        canary=texts("canary"),
        content={key: str(value) for key, value in _fields(given("content")).items()},
        keys=folded("keys"),
        entities={key: str(value) for key, value in _fields(given("entities")).items()},
        allow=texts("allow"),
        known_values=texts("known_values"),
        recognizers=recognize(tree, (*path, "recognizers"), engine == "presidio")
        if given("recognizers")
        else Recognizers(),
    )


def _check_names(tree: Tree, path: Path, fields: Mapping[str, object]) -> None:
    """Names are compared without regard to case: two that differ in it only are one."""
    seen: dict[str, str] = {}
    for name in fields:
        earlier = seen.setdefault(name.casefold(), name)
        if earlier != name:
            line = tree.line((*path, earlier))
            tree.object_to((*path, name), f"is the name of line {line} in other case: keep one")


def _check_allowed(tree: Tree, path: Path, values: object) -> None:
    for index, value in enumerate(cast("list[object]", values or [])):
        if not isinstance(value, str) or (pattern := _pattern_in(value)) is None:
            continue
        try:
            fits_all = bool(compiled(pattern).fullmatch("", timeout=1))
        except (regex.error, ValueError, RecursionError) as error:
            reason = getattr(error, "msg", None) or "nested too deeply"
            tree.object_to((*path, index), f"no regular expression ({reason}): correct it")
            continue
        if fits_all:
            tree.object_to(
                (*path, index), "this expression fits nothing at all, and so probably everything"
                ": write one that needs a character that only the allowed values have"
            )  # fmt: skip


def _pattern_in(value: str) -> str | None:
    is_pattern = len(value) > 1 and value.startswith("/") and value.endswith("/")
    return value[1:-1] if is_pattern else None


def _check_kinds(tree: Tree, path: Path, fields: Mapping[str, object], rules: Rules) -> None:
    """Every kind that is named is one of ours or of a recognizer that is there."""
    known = sorted(KINDS | rules.recognizers.kinds)
    for kind in _fields(fields.get("entities")):
        if kind not in known:
            _object_to_kind(tree, (*path, "entities", kind), kind, known)
    for key, said in _fields(fields.get("keys")).items():
        own = (*path, "keys", key)
        is_known = said in _CONTENT_ACTIONS or said in known
        if isinstance(said, str) and not is_known:
            _object_to_kind(tree, own, said, [*sorted(_CONTENT_ACTIONS), *known])


def _object_to_kind(tree: Tree, path: Path, given: str, known: list[str]) -> None:
    if (ours := kind_of(given)) in known:
        tree.object_to(path, f"{quoted(given)} is called {ours} here: write {ours}")
    else:
        tree.object_to(path, f"{quoted(given)} is given; {choices(given, known)}")


def _policy(rules: Rules, engine: str | None, names: str) -> Policy:
    custom = dict.fromkeys(rules.recognizers.kinds, EntityAction.TOKEN)
    said = {kind: EntityAction(action) for kind, action in rules.entities.items()}
    entities = {**custom, **USUAL_ACTIONS, **said}
    patterns = [_pattern_in(value) for value in rules.allow]
    policy = Policy(
        engine=cast("None", engine),
        names=names,
        canary=tuple(sorted(set(rules.canary))),
        content={Category(key): ContentAction(value) for key, value in rules.content.items()},
        entities=entities,
        keys=_key_rules(rules.keys, entities),
        allow=Allowed(
            values=frozenset(
                value.strip().casefold() for value in rules.allow if _pattern_in(value) is None
            ),
            patterns=tuple(sorted({pattern for pattern in patterns if pattern})),
        ),
        known_values=frozenset(name.casefold() for name in rules.known_values),
        recognizers=tuple(rules.recognizers.custom),
        predefined=tuple(rules.recognizers.predefined),
    )
    return replace(policy, fingerprint=fingerprint(policy))


def _key_rules(keys: Mapping[str, str], entities: Mapping[str, EntityAction]) -> KeyRules:
    rules = {name: _key_rule(said, entities) for name, said in keys.items()}
    wildcards = sorted((name for name in rules if "*" in name), key=_by_literal_characters)
    return KeyRules(
        exact={name: rule for name, rule in rules.items() if "*" not in name},
        wildcards=tuple((_wildcard(name), rules[name]) for name in wildcards),
    )


def _by_literal_characters(name: str) -> tuple[int, str]:
    return name.count("*") - len(name), name


def _key_rule(said: str, entities: Mapping[str, EntityAction]) -> KeyRule:
    if said in _CONTENT_ACTIONS:
        return KeyRule(action=ContentAction(said))
    action = entities[said]
    kind_action = EntityAction.TOKEN if action is EntityAction.KEEP else action
    return KeyRule(action=ContentAction.REDACT, kind=said, kind_action=kind_action)


def _wildcard(name: str) -> re.Pattern[str]:
    first, *middle, last = map(re.escape, name.split("*"))
    # Atomic groups: no name, however long, makes the search start over.
    inner = "".join(f"(?>.*?{part})" for part in middle)
    return re.compile(rf"{first}{inner}.*{last}", re.DOTALL)


def _fields(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
