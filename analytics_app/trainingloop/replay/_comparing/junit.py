"""A comparison as JUnit's XML, which build servers show test by test.

The shape is that of Jenkins' junit-10.xsd, which GitLab, GitHub's actions and others read too.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.replay.gate import check_gate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trainingloop.replay._comparing.flips import Flip
    from trainingloop.replay._comparing.report import RunComparison
    from trainingloop.replay.gate import Condition, Failure

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to say, not even escaped: §2.2 of the specification."""
_SPACE: Final[Mapping[str, str]] = {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
"""In an attribute these would be read as a space: §3.3.3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    group: str
    name: str
    tag: str = ""
    """``failure`` or ``skipped``; "" for what passes."""
    message: str = ""


def as_junit(comparison: RunComparison, conditions: Sequence[Condition]) -> str:
    """Return a test for each condition and for each decision that is newly unsafe.

    A condition that is true fails, and so does one that nobody can tell. A newly unsafe decision
    fails where a condition on ``newly_unsafe`` does; where the gate lets it pass it is skipped.
    """
    failures = check_gate(comparison, conditions)
    cases = [*_conditions(conditions, failures), *_unsafe(comparison, failures)]
    counts = {
        "tests": len(cases),
        "failures": sum(case.tag == "failure" for case in cases),
        "errors": 0,
        "skipped": sum(case.tag == "skipped" for case in cases),
    }
    name = comparison.name or comparison.run_id or "comparison"
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites{_attributes(counts)}>",
        f"  <testsuite{_attributes({'name': f'replay: {name}', **counts, 'time': 0})}>",
        *(line for case in cases for line in _written(case)),
        "  </testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _conditions(conditions: Sequence[Condition], failures: Sequence[Failure]) -> Iterator[_Case]:
    whole = [failure.reason for failure in failures if failure.condition is None]
    yield _Case(
        group="replay.gate",
        name="the run is complete",
        tag="failure" if whole else "",
        message="; ".join(whole),
    )
    reasons = {failure.condition: failure.reason for failure in failures}
    for condition in conditions:
        yield _Case(
            group="replay.gate",
            name=str(condition),
            tag="failure" if condition in reasons else "",
            message=reasons.get(condition, ""),
        )


def _unsafe(comparison: RunComparison, failures: Sequence[Failure]) -> Iterator[_Case]:
    about = {failure.condition.metric for failure in failures if failure.condition is not None}
    tag = "failure" if "newly_unsafe" in about else "skipped"
    for flip in comparison.safety.gained:
        yield _Case(group="replay.newly_unsafe", name=_place(flip), tag=tag, message=_said(flip))


def _place(flip: Flip) -> str:
    step = f" step {flip.step}" if flip.step else ""
    return f"{flip.decision_id}{step}: {', '.join(flip.names)}"


def _said(flip: Flip) -> str:
    return flip.evidence or ", ".join(flip.names)


def _written(case: _Case) -> Iterator[str]:
    head = f"    <testcase{_attributes({'classname': case.group, 'name': case.name, 'time': 0})}"
    if not case.tag:
        yield f"{head}/>"
        return
    typed = {"type": case.group} if case.tag == "failure" else {}
    yield f"{head}>"
    yield f"      <{case.tag}{_attributes({'message': case.message, **typed})}/>"
    yield "    </testcase>"


def _attributes(values: Mapping[str, object]) -> str:
    return "".join(f' {name}="{_escaped(str(value))}"' for name, value in values.items())


def _escaped(text: str) -> str:
    escaped = html.escape(_FORBIDDEN.sub("\ufffd", text))
    return "".join(_SPACE.get(character, character) for character in escaped)
