"""A file of rules, read and checked as a whole before anything of it is believed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast

from trainingloop.outcomes._predicate_parser import parse
from trainingloop.outcomes._rule import ChannelWindow, Direction, Rule, Rules, Unit, reported_rule
from trainingloop.outcomes._rules_schema import check
from trainingloop.outcomes._yaml_lines import read_document
from trainingloop.outcomes.errors import PredicateError, RulesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path as FilePath

    from trainingloop.outcomes._yaml_lines import Document, Path

    _Definition: TypeAlias = Literal["change", "reported", "rule"]

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST: Final = timedelta(days=365)
_OFF: Final = "off"


def load(given: FilePath | str, built_in: Rules) -> Rules:
    """The rules of a file, or of a text, over those built in.

    Raises:
        RulesError: It cannot be used; the error holds every reason.
    """
    document = read_document(given)
    rules = built_in
    if document.is_whole:
        check(document)
        rules = _Builder(document, built_in).rules()
    if document.problems:
        raise RulesError(tuple(document.problems))
    return rules


class _Builder:
    """Puts what a document says over the rules built in."""

    def __init__(self, document: Document, built_in: Rules) -> None:
        self._document = document
        self._built_in = built_in
        self._top = _fields(document.value)

    def rules(self) -> Rules:
        """All of them; worth something only if the document has no problems after it."""
        changed = _fields(self._top.get("rules"))
        known = {rule.id: rule for rule in self._built_in.rules}
        kept = [
            self._changed(rule, ("rules", rule.id), changed.get(rule.id), "change")
            for rule in known.values()
            if changed.get(rule.id) != _OFF
        ]
        added = [
            self._added(name, says)
            for name, says in changed.items()
            if name not in known and says != _OFF
        ]
        return Rules(
            rules=(*kept, *filter(None, added)),
            reported_rules=tuple(self._reported()),
            escalation_tools=self._escalation_tools(),
        )

    def _escalation_tools(self) -> tuple[str, ...]:
        given = self._top.get("escalation_tools")
        if not isinstance(given, list):
            return self._built_in.escalation_tools
        return tuple(dict.fromkeys(str(name).lower() for name in cast("list[object]", given)))

    def _reported(self) -> Iterator[Rule]:
        for name, says in sorted(_fields(self._top.get("reported")).items()):
            own = ("reported", name)
            if name in {*_fields(self._top.get("rules")), *self._built_in.ids}:
                self._document.object_to(own, "a rule has this name: report it under another one")
            yield self._changed(reported_rule(name), own, says, "reported")

    def _changed(self, rule: Rule, path: Path, says: object, definition: _Definition) -> Rule:
        if not self._is_sound(path, says, definition):
            return rule
        fields = _fields(says)
        changed = replace(
            rule,
            title=str(fields.get("title", rule.title)),
            direction=cast("Direction", fields.get("direction", rule.direction)),
            window=self._window(path, fields) or rule.window,
            channel_windows=self._windows(path, fields),
        )
        windows = (changed.window, changed.channel_windows)
        if windows == (rule.window, rule.channel_windows) or definition == "reported":
            return changed
        # What was found with other windows is told apart.
        return replace(changed, version=f"{rule.version}-{_short_hash(windows)}")

    def _added(self, name: str, says: object) -> Rule | None:
        path = ("rules", name)
        fields = _fields(says)
        # Each part is looked at, also where another one is wrong: all faults come at once.
        is_sound = self._is_sound(path, says, "rule")
        window, channel_windows = self._window(path, fields), self._windows(path, fields)
        when = fields.get("when")
        if not self._is_expression(path, when) or not is_sound or window is None:
            return None
        return Rule(
            id=name,
            version=str(fields.get("version", 1)),
            title=str(fields.get("title", name.replace("_", " ").capitalize())),
            direction=cast("Direction", fields.get("direction", "neutral")),
            unit=cast("Unit", fields.get("unit", "turn")),
            window=window,
            channel_windows=channel_windows,
            when=str(when),
            is_absence=bool(fields.get("absence")),
        )

    def _is_sound(self, path: Path, says: object, definition: _Definition) -> bool:
        before = len(self._document.problems)
        check(self._document, path, says, definition)
        return len(self._document.problems) == before

    def _is_expression(self, path: Path, when: object) -> bool:
        if not isinstance(when, str):
            return False
        try:
            parse(when)
        except PredicateError as error:
            self._document.object_to((*path, "when"), str(error))
            return False
        return True

    def _windows(self, path: Path, fields: Mapping[str, object]) -> tuple[ChannelWindow, ...]:
        own = (*path, "windows")
        given = _fields(fields.get("windows"))
        windows = ((channel, self._window(own, given, channel)) for channel in sorted(given))
        return tuple(
            ChannelWindow(channel=channel, window=window) for channel, window in windows if window
        )

    def _window(
        self, path: Path, fields: Mapping[str, object], name: str = "window"
    ) -> timedelta | None:
        text = fields.get(name)
        if not isinstance(text, str) or text[-1:] not in _UNITS or not text[:-1].isdecimal():
            return None
        window = timedelta(**{_UNITS[text[-1]]: int(text[:-1])})
        if window > _LONGEST:
            message = f"{text!r} is given; allowed: at most {_LONGEST.days}d"
            self._document.object_to((*path, name), message)
        return window


def _short_hash(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:6]


def _fields(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
