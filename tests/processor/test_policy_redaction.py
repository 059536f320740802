"""What a policy file says is what the redaction does."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Protocol

import pytest

from trainingloop.processor import Redactor, Report
from trainingloop.processor.policy import load_policy

if TYPE_CHECKING:
    from collections.abc import Mapping
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


def test_booking_numbers_go_where_the_policy_asks_for_it(under: Under) -> None:
    """By default they stay: they tell conversations apart, and outcomes are joined by them."""
    text = "my booking reference is HX4Q2P, order number 48392210"

    redacted = under("entities: {ID: token}").text(text)

    assert under("").text(text) == text
    assert "HX4Q2P" not in redacted
    assert "48392210" not in redacted


MESSAGES = [
    {"role": "system", "content": "Ask Ada at ada@example.com first."},
    {"role": "user", "parts": [{"type": "text", "content": "i am bob@example.com"}]},
    {
        "role": "assistant",
        "parts": [
            {
                "type": "tool_call",
                "id": "c1",
                "name": "find",
                "arguments": {"m": "c@example.com"},
            }
        ],
    },
    {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": "d@e.com"}]},
]


def test_content_is_captured_dropped_and_redacted_by_category(under: Under) -> None:
    """Also where one history holds several categories; the structure stays."""
    redactor = under("content: {system_prompt: capture, tool_arguments: drop, tool_results: drop}")

    redacted = redactor.attribute("gen_ai.input.messages", json.dumps(MESSAGES))

    system, user, call, result = json.loads(str(redacted))
    assert system == MESSAGES[0]
    assert user["parts"][0]["content"].startswith("i am <EMAIL_")
    (part,) = call["parts"]
    assert part == {"type": "tool_call", "id": "c1", "name": "find", "content": "<DROPPED>"}
    assert result["parts"][0]["content"] == "<DROPPED>"
    assert "@" not in json.dumps([user, call, result])


@pytest.mark.parametrize(
    ("category", "key"),
    [
        ("system_prompt", "gen_ai.system_instructions"),
        ("input", "gen_ai.input.messages"),
        ("input", "gen_ai.prompt.0.content"),
        ("output", "output.value"),
        ("tool_arguments", "gen_ai.tool.call.arguments"),
        ("tool_results", "gen_ai.tool.call.result"),
        ("feedback_notes", "trainingloop.feedback.note"),
    ],
)
def test_every_category_can_be_dropped(under: Under, category: str, key: str) -> None:
    """Whatever its attribute is called and whatever shape it has."""
    redactor = under(f"content: {{{category}: drop}}")

    assert redactor.attribute(key, "any text") == "<DROPPED>"
    assert redactor.attribute("another.key", "any text") == "any text"


def test_keys_are_captured_dropped_and_named_by_the_policy(under: Under) -> None:
    """At any depth; a key with a kind goes as a whole, also where that kind is kept."""
    redactor = under("keys: {sku: capture, note: drop, loyalty_no: ID, email: redact}\n")
    given = {"sku": "4111111111111111", "note": "x", "a": [{"loyalty_no": "L-77", "email": "none"}]}

    redacted = json.loads(str(redactor.attribute("x", json.dumps(given))))

    assert redacted["sku"] == "4111111111111111"
    assert redacted["note"] == "<DROPPED>"
    (inner,) = redacted["a"]
    assert inner["loyalty_no"].startswith("<ID_")
    assert inner["email"] == "none"


def test_known_values_of_further_fields_are_found_again(under: Under) -> None:
    """A field nobody would take for a name."""
    redactor = under("known_values: [guest_label]\n")
    document = json.dumps({"say": "hello grizelda", "guest_label": "Grizelda"})

    redacted = json.loads(str(redactor.attribute("x", document)))

    assert "grizelda" not in redacted["say"]


FLAT: Mapping[str, str] = {
    "gen_ai.prompt.0.role": "system",
    "gen_ai.prompt.0.content": "system ada@example.com",
    "gen_ai.prompt.1.role": "user",
    "gen_ai.prompt.1.content": "user ada@example.com",
    "llm.input_messages.2.message.role": "tool",
    "llm.input_messages.2.message.content": "tool ada@example.com",
    "gen_ai.completion.0.tool_calls.0.arguments": "arguments ada@example.com",
    "llm.input_messages.3.message.role": "assistant",
    "llm.input_messages.3.message.content": "assistant ada@example.com",
}


@pytest.mark.parametrize(
    ("category", "words"),
    [
        ("system_prompt", {"system"}),
        ("input", {"user", "assistant"}),
        ("tool_results", {"tool"}),
        ("tool_arguments", {"arguments"}),
        ("output", {"assistant"}),
    ],
)
def test_messages_written_as_attributes_have_the_category_of_their_role(
    under: Under, category: str, words: set[str]
) -> None:
    """Of a role in another attribute; an answer in a history is input, and still an output."""
    redactor = under(f"content: {{{category}: drop}}")

    redacted = redactor.attributes(FLAT)

    changed = {FLAT[key].split()[0] for key, value in redacted.items() if value == "<DROPPED>"}
    assert changed == words


def test_what_is_captured_in_one_role_is_not_in_another(under: Under) -> None:
    """Although the very same text stayed as it was before."""
    redactor = under("content: {input: capture}")
    content = {"gen_ai.prompt.0.content": "ada@example.com"}

    captured = redactor.attributes({"gen_ai.prompt.0.role": "user", **content})
    searched = redactor.attributes({"gen_ai.prompt.0.role": "tool", **content})

    assert captured["gen_ai.prompt.0.content"] == "ada@example.com"
    assert "ada@" not in str(searched["gen_ai.prompt.0.content"])


def test_an_answer_in_a_history_is_captured_only_with_both_of_its_categories(under: Under) -> None:
    """Whoever captures the input has not asked for the output."""
    history = json.dumps([{"role": "assistant", "content": "ada@example.com"}])

    one = under("content: {input: capture}").attribute("gen_ai.input.messages", history)
    both = under("content: {input: capture, output: capture}").attribute(
        "gen_ai.input.messages", history
    )

    assert "ada@" not in str(one)
    assert "ada@" in str(both)
