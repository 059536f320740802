"""What a policy file says is what the redaction does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

import pytest

from trainingloop.processor import Redactor, Report
from trainingloop.processor.policy import load_policy

if TYPE_CHECKING:
    from pathlib import Path

KEY = b"a key that only tests use, 32+ bytes"


class Under(Protocol):
    """Makes a redactor under a policy that is given as text."""

    def __call__(self, policy: str, /) -> Redactor:
        """The redactor."""
        ...


@pytest.fixture
def under(tmp_path: Path) -> Under:
    """Redactors whose policy comes from a file, as everybody's does."""

    def make(policy: str, /) -> Redactor:
        path = tmp_path / "redaction.yaml"
        path.write_text(f"version: 1\n{policy}", encoding="utf-8")
        return Redactor(key=KEY, engine="fast", policy=load_policy(path))

    return make


BADGES = r"""
recognizers:
  - name: Badges
    supported_entity: BADGE
    patterns: [{name: badge, regex: 'BK-\d{6}', score: 0.5}]
    deny_list: [walk-in]
"""


def test_a_find_of_a_custom_recognizer_becomes_a_token_of_its_kind(under: Under) -> None:
    """The same value, in any spelling, is the same token."""
    redactor = under(BADGES)

    first, second = (redactor.text(text) for text in ("badge BK-123456", "is bk-123456?"))

    (token,) = set(re.findall("<BADGE_[a-z2-7]{8}>", first + second))
    assert (first, second) == (f"badge {token}", f"is {token}?")


def test_words_of_a_deny_list_need_no_digit(under: Under) -> None:
    """No short cut for texts that cannot hold what our own detectors look for."""
    assert under(BADGES).text("a walk-in guest").startswith("a <BADGE_")


def test_a_second_pass_leaves_custom_tokens_alone(under: Under) -> None:
    """Agent and recorder redact by the same policy."""
    redactor = under(BADGES)
    once = redactor.text("badge BK-123456, walk-in")
    report = Report()

    twice = redactor.text(once, report=report)

    assert (twice, report.total) == (once, 0)


def test_a_custom_pattern_that_is_too_slow_costs_the_value_only(under: Under) -> None:
    """The text does not go out, and the loss is counted."""
    redactor = under(
        "recognizers: [{supported_entity: SLOW, patterns: [{regex: '(z|zz)+$', score: 1}]}]\n"
    )
    report = Report()

    redacted = redactor.text("z" * 90 + "!", report=report)

    assert (redacted, report.failures) == ("<REDACTION_FAILED>", 1)


def test_an_allowed_value_stays_and_its_neighbour_goes(under: Under) -> None:
    """The list is about values, not about texts that hold them."""
    redactor = under("allow: [support@example.com]\n")

    redacted = redactor.text("Support@example.com or ada@example.com")

    assert redacted.startswith("Support@example.com or <EMAIL_")


@pytest.mark.parametrize(
    ("action", "expected"),
    [("keep", "at 203.0.113.7 now"), ("mask", "at <IP> now"), ("drop", "at  now")],
)
def test_an_entity_action_decides_what_stands_there(
    action: str, expected: str, under: Under
) -> None:
    """The value, its kind alone, or nothing."""
    redactor = under(f"entities: {{IP: {action}}}\n")

    assert redactor.text("at 203.0.113.7 now") == expected


def test_a_policy_of_one_tenant_is_not_that_of_another(under: Under) -> None:
    """Each tenant's texts follow its own rules."""
    redactor = under("tenants: {acme: {entities: {IP: mask}}}\n")

    acme, other = (redactor.text("at 203.0.113.7", tenant=name) for name in ("acme", "globex"))

    assert acme == "at <IP>"
    assert other.startswith("at <IP_")
