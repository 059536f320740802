"""The statements of a sweep: files of ``sql/``, with the parts that follow from the rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from trainingloop.outcomes._rule import REPORTED_WINDOW
from trainingloop.outcomes.rules import columns_of, deadline_sql, sql_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trainingloop.outcomes.rules import Rule, Rules

_PART: Final = re.compile(r"^ *\{\{(\w+)\}\}|\{\{(\w+)\}\}", re.MULTILINE)
_QUOTED_OR_SECONDS: Final = re.compile(r"'[^']*'|happened\.seconds_after")
_SECONDS_AFTER: Final = "((happened.at_ns - decision.end_ns) / 1e9)"
_CLOSINGS: Final[Mapping[str, str]] = {
    "timed_out": r"tim(e|ed|ing)[ _-]?out|inactiv|\bidle|expired|no[ _-]re(ply|sponse)|\bauto",
    "customer_left": r"\bleft\b|abandon|disconnect|h[au]ng[ _-]?up|walked away|\bgone",
    "by_human": r"human|operator|\bstaff|representative|manual|live[ _-]agent",
    "not_resolved": r"\bnot\b|\bun(re)?solved|incomplete|unsuccess|unanswered|fail",
    "resolved": r"solved|resolution|\bdone|complete|answered|success|finished|satisf",
}
"""What the reason or target of a close contains, by how the conversation ended."""


@cache
def _text(name: str) -> str:
    return (files("trainingloop.outcomes") / "sql" / f"{name}.sql").read_text()


def _fragment(name: str) -> str:
    """Return a file without the comment that explains it."""
    lines = _text(name).splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))


def statement(name: str, parts: Mapping[str, str]) -> str:
    """Return ``sql/<name>.sql`` with its parts in place.

    Args:
        name: the file's name without ``.sql``.
        parts: what stands for ``{{name}}``, besides the files that begin with ``_``.
    """
    text = _text(name)
    while found := _PART.search(text):
        part = found[1] or found[2]
        text = text.replace(found[0], parts[part] if part in parts else _fragment(f"_{part}"))
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleParts:
    """What `judge.sql` holds of the rules: its parts by name, and its parameters."""

    parts: Mapping[str, str]
    parameters: Mapping[str, object]


def rule_parts(loaded: Rules) -> RuleParts:
    """Return what follows from the rules.

    A predicate over events alone is answered once for all rules that share it, on one line of
    time; one that looks at the decision too needs every pair of the two.
    """
    rules = loaded.rules
    looks = _Looks()
    found = [looks.add(rule) for rule in rules]
    return RuleParts(
        parts={
            "matches": _columns(f"{sql} AS match_{at}" for at, sql in enumerate(looks.alone)),
            "no_matches": _columns(f"0 AS match_{at}" for at in range(len(looks.alone))),
            "findings": _columns(
                f"anyLastIf({value}, match_{at}) OVER later AS {name}_{at}"
                for at in range(len(looks.alone))
                for value, name in (("at_ns", "found_ns"), ("id", "found_id"))
            ),
            "pairs": "".join(f"\n{_pair(at, rule)}," for at, rule in enumerate(looks.paired)),
            "paired": ", ".join(f"pair_{at}.found" for at in range(len(looks.paired))),
            "pair_joins": "".join(_join(at) for at in range(len(looks.paired))),
            "deadlines": ", ".join(
                deadline_sql(rule, end="ended_at", channel="channel") for rule in rules
            ),
            "found_ns": ", ".join(each.at_ns for each in found),
            "found_ids": ", ".join(each.event_id for each in found),
        },
        parameters={
            "rule_ids": [rule.id for rule in rules],
            "rule_versions": [rule.version for rule in rules],
            "directions": [rule.direction for rule in rules],
            "units": [rule.unit for rule in rules],
            "absences": [int(rule.is_absence) for rule in rules],
            "reported_ids": [rule.id for rule in loaded.reported_rules],
            "reported_directions": [rule.direction for rule in loaded.reported_rules],
            "reported_windows_s": [
                int(rule.window.total_seconds()) for rule in loaded.reported_rules
            ],
            "reported_window_s": int(REPORTED_WINDOW.total_seconds()),
            "escalation_tools": _names(loaded.escalation_tools),
            **_CLOSINGS,
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Where the first event of a rule is, as SQL expressions."""

    at_ns: str
    event_id: str


class _Looks:
    """The predicates of rules, each once."""

    def __init__(self) -> None:
        self.alone: list[str] = []
        self.paired: list[Rule] = []

    def add(self, rule: Rule) -> _Found:
        """Return where the first event of ``rule`` will be found."""
        if any(_needs_pair(column) for column in columns_of(rule)):
            self.paired.append(rule)
            at = len(self.paired)
            return _Found(at_ns=f"paired[{at}].1", event_id=f"paired[{at}].2")
        sql = sql_of(rule)
        if sql not in self.alone:
            self.alone.append(sql)
        at = self.alone.index(sql)
        return _Found(at_ns=f"found_ns_{at}", event_id=f"found_id_{at}")


def _names(patterns: tuple[str, ...]) -> str:
    """Return a regular expression for names in which ``*`` stands for any characters."""
    each = (".*".join(map(re.escape, pattern.split("*"))) for pattern in patterns)
    return f"^({'|'.join(each)})$"


def _needs_pair(column: str) -> bool:
    return column.startswith("decision.") or column == "event.seconds_after"


def _columns(each: Iterable[str]) -> str:
    return "".join(f",\n            {column}" for column in each)


def _pair(number: int, rule: Rule) -> str:
    """Return the CTE of one rule that needs pairs."""
    # A window ends with its millisecond.
    longest_ns = int(rule.longest_window.total_seconds()) * 1_000_000_000 + 1_000_000
    given = {
        "number": str(number),
        "longest_ns": str(longest_ns),
        "when": _QUOTED_OR_SECONDS.sub(
            lambda part: part[0] if part[0].startswith("'") else _SECONDS_AFTER,
            sql_of(rule, event="happened"),
        ),
    }
    return _PART.sub(lambda part: given[part[1] or part[2]], _fragment("_pair"))


def _join(number: int) -> str:
    return f"\n        LEFT JOIN pair_{number} USING (tenant_id, thread_id, decision_id, start_ns)"
