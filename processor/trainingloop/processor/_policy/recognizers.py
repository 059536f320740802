"""Recognizers of the user's own, in the YAML format of Presidio, as plain facts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias, cast

import regex

from trainingloop.processor._policy.kinds import is_kind, kind_of
from trainingloop.processor._policy.problems import quoted
from trainingloop.processor._policy.recognizer import Pattern, Recognizer
from trainingloop.processor._policy.terms import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.processor._policy.tree import Path, Tree

_Fields: TypeAlias = "Mapping[str, object]"

_USUAL_FLAGS: Final = int(regex.DOTALL | regex.MULTILINE | regex.IGNORECASE)
# What YAML 1.1, which Presidio reads, takes for a truth value.
_NO: Final = frozenset({"no", "off", "n"})
_MATCHERS: Final = ("patterns", "deny_list")
_REMEDY: Final = (
    "is one of Presidio's own recognizers, and those need Presidio: write 'engine: presidio' at "
    "the top of the policy, or remove it (or set 'enabled: false')"
)


@dataclass(slots=True, kw_only=True)
class Recognizers:
    """What a list of recognizers holds."""

    custom: list[Recognizer] = field(default_factory=list[Recognizer])
    predefined: list[str] = field(default_factory=list[str])
    """Presidio's own, each as the JSON text of its settings."""
    predefined_kinds: frozenset[str] = frozenset()

    @property
    def kinds(self) -> frozenset[str]:
        """What they find."""
        return self.predefined_kinds | {each.kind for each in self.custom if is_kind(each.kind)}

    def over(self, base: Recognizers) -> Recognizers:
        """These beside those of everybody."""
        return Recognizers(
            custom=base.custom + self.custom,
            predefined=base.predefined + self.predefined,
            predefined_kinds=base.predefined_kinds | self.predefined_kinds,
        )


def read_recognizers(tree: Tree, path: Path, *, has_presidio: bool) -> Recognizers:
    """The recognizers of the list at ``path``, or of the file that ``tree`` is."""
    given = _at(tree.value, path)
    whole = cast("_Fields", given) if isinstance(given, dict) else {"recognizers": given}
    if isinstance(given, dict):
        path = (*path, "recognizers")
    flags = cast("int", whole.get("global_regex_flags", _USUAL_FLAGS))
    items = cast("list[object]", whole.get("recognizers") or [])
    result = Recognizers()
    for index, item in enumerate(items):
        if tree.is_faulty((*path, index)):
            continue
        fields = cast("_Fields", {"name": item} if isinstance(item, str) else item)
        _read_one(tree, (*path, index), fields, flags, result, has_presidio=has_presidio)
    return result


def _read_one(
    tree: Tree,
    path: Path,
    fields: _Fields,
    flags: int,
    result: Recognizers,
    *,
    has_presidio: bool,
) -> None:
    enabled = fields.get("enabled", True)
    if not enabled or (isinstance(enabled, str) and enabled.casefold() in _NO):
        return
    if _is_custom(fields):
        result.custom.append(_custom(tree, path, fields, flags))
    elif has_presidio:
        _read_predefined(tree, path, json.dumps(fields, sort_keys=True), result)
    else:
        tree.object_to(path, f"{quoted(fields.get('name'))} {_REMEDY}")


def _read_predefined(tree: Tree, path: Path, settings: str, result: Recognizers) -> None:
    # Presidio takes seconds and a hundred megabytes: only who asks for it pays.
    from trainingloop.processor._policy import presidio

    if fault := presidio.fault_of(settings):
        tree.object_to(path, fault)
        return
    result.predefined.append(settings)
    result.predefined_kinds |= presidio.kinds_of(settings)


def _is_custom(fields: _Fields) -> bool:
    """Whether the settings make a new recognizer, not one that Presidio brings."""
    if kind := fields.get("type"):
        return kind == "custom"
    return any(fields.get(name) for name in (*_MATCHERS, "supported_entity"))


def _custom(tree: Tree, path: Path, fields: _Fields, flags: int) -> Recognizer:
    own_flags = cast("int", fields.get("global_regex_flags", flags))
    entity = _entity(fields)
    _check_entity(tree, path, entity)
    if not any(fields.get(name) for name in _MATCHERS):
        tree.object_to(path, "neither patterns nor deny_list are given: add one of them")
    thresholds = cast("Mapping[str, float]", fields.get("score_thresholds") or {})
    return Recognizer(
        name=str(fields.get("name", entity)),
        kind=kind_of(entity),
        patterns=_patterns(tree, path, fields, own_flags),
        flags=own_flags,
        context=_context(fields),
        least_score=float(thresholds.get(entity, thresholds.get("default", 0.0))),
    )


def _entity(fields: _Fields) -> str:
    several = cast("list[str]", fields.get("supported_entities") or [""])
    return str(fields.get("supported_entity") or several[0])


def _check_entity(tree: Tree, path: Path, entity: str) -> None:
    if is_kind(kind_of(entity)):
        return
    if not entity:
        tree.object_to(path, "'supported_entity' is missing: write 'supported_entity: …'")
        return
    tree.object_to(
        (*path, "supported_entity"),
        f"{quoted(entity)} cannot be the first word of a token; allowed: a name of 2 to 30 letters "
        "such as LOYALTY_NUMBER",
    )


def _patterns(tree: Tree, path: Path, fields: _Fields, flags: int) -> tuple[Pattern, ...]:
    result: list[Pattern] = []
    for index, item in enumerate(cast("list[_Fields]", fields.get("patterns") or [])):
        pattern = str(item["regex"])
        _check_pattern(tree, (*path, "patterns", index, "regex"), pattern, flags)
        result.append(Pattern(regex=pattern, score=cast("float", item["score"])))
    if terms := cast("list[str]", fields.get("deny_list") or []):
        score = cast("float", fields.get("deny_list_score", 1.0))
        result.append(Pattern(regex=words_of(terms, flags), score=score))
    return tuple(result)


def _check_pattern(tree: Tree, path: Path, pattern: str, flags: int) -> None:
    try:
        regex.compile(pattern, flags)
    except (regex.error, ValueError, RecursionError) as error:
        reason = getattr(error, "msg", None) or "too deep, or its flags do not go together"
        tree.object_to(path, f"this is no regular expression ({reason}): correct it")


def _context(fields: _Fields) -> tuple[str, ...]:
    words = list(cast("list[str]", fields.get("context") or []))
    for language in cast("list[object]", fields.get("supported_languages") or []):
        if isinstance(language, dict):
            words += cast("dict[str, list[str]]", language).get("context") or []
    return tuple(dict.fromkeys(word.casefold() for word in words))


def _at(value: object, path: Path) -> object:
    for part in path:
        value = cast("dict[str | int, object]", value)[part]
    return value
