"""An explanation says exactly what redaction replaces, in offsets of what was given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainingloop.processor import Redactor
from trainingloop.processor.policy import load_policy

if TYPE_CHECKING:
    from pathlib import Path

    from trainingloop.processor import Finding

KEY = b"a key that only tests use, 32+ bytes"
PIECES = st.sampled_from(
    [
        "ada@example.com", "+1 415 555 0100", "4111 1111 1111 1111", "my name is Grizelda Quux",
        "grizelda", "password=abcDEF123", "742 Evergreen Terrace", "born on 1984-03-17", "😀",
        "\uff0b1 415 555 0100", "ada%40example.com", "\u200b", "<EMAIL_abcdefgh>", "hello", "\n",
        "219-09-9999", "203.0.113.77",
    ]
)  # fmt: skip


def _shapes(findings: list[Finding], text: str) -> list[tuple[str, str]]:
    return [(found.type, text[found.start : found.end]) for found in findings]


def _replaced(text: str, findings: list[Finding]) -> str:
    """The text with only the kind in the place of each finding."""
    for found in reversed(findings):
        text = f"{text[: found.start]}<{found.type}>{text[found.end :]}"
    return text


@settings(deadline=None, max_examples=100)
@given(pieces=st.lists(PIECES, min_size=1, max_size=6), gap=st.sampled_from([" ", ", ", "", " - "]))
def test_what_is_explained_is_what_is_replaced(
    policy_of_masks: Redactor, pieces: list[str], gap: str
) -> None:
    """With a mask in the place of each finding, a text is what redaction makes of it."""
    text = gap.join(pieces)

    findings = policy_of_masks.explain(text)

    assert _replaced(text, findings) == policy_of_masks.attribute("value", text)


@settings(deadline=None, max_examples=60)
@given(
    pieces=st.lists(PIECES, min_size=1, max_size=3),
    depth=st.integers(min_value=0, max_value=3),
    is_ascii=st.booleans(),
)
def test_findings_in_a_document_are_where_it_changes(
    policy_of_masks: Redactor, pieces: list[str], depth: int, is_ascii: bool
) -> None:
    """However often JSON stands in a string: with masks in their places it says the same."""
    value: object = {"note": " ".join(pieces), "n": 4111111111111111, "first_name": "Zoë"}
    for _ in range(depth):
        value = {"inner": json.dumps(value, ensure_ascii=is_ascii), "list": [1, 2.5, None, True]}
    text = json.dumps(value, ensure_ascii=is_ascii)

    findings = policy_of_masks.explain(text)

    # A number becomes a text: its mask needs quotes, as many escapes before them as around it.
    masked = _replaced(text, findings).replace(": <CARD>", ': "<CARD>"')
    redacted = str(policy_of_masks.attribute("value", text))
    if depth == 0:
        assert json.loads(masked) == json.loads(redacted)
    assert masked.count("<") == redacted.count("<")


@pytest.fixture(scope="module", name="policy_of_masks")
def fixture_policy_of_masks(tmp_path_factory: pytest.TempPathFactory) -> Redactor:
    """A redactor whose tokens are nothing but kinds."""
    kinds = ("EMAIL", "PHONE", "ADDRESS", "DOB", "PERSON", "IP")
    path = tmp_path_factory.mktemp("policy") / "redaction.yaml"
    masks = ", ".join(f"{kind}: mask" for kind in kinds)
    path.write_text(f"version: 1\nentities: {{{masks}}}\n")
    return Redactor(key=KEY, engine="fast", policy=load_policy(path))


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ('{"n": NaN, "m": 4111111111111111}', [("CARD", "4111111111111111")]),
        ('["--api-key", "sk-abcdefghijk"]', [("SECRET", "sk-abcdefghijk")]),
        ('{"big": 123456789012345678901234567890}', []),
        ('{"x": "\\ud83d\\ude00 ada@example.com"}', [("EMAIL", "ada@example.com")]),
        ('{"x": "\\ud83d ada@example.com"}', [("EMAIL", "ada@example.com")]),
        ('\ufeff{"a": "ada@example.com"}', [("EMAIL", "ada@example.com")]),
        (
            '{"first_name": "Zo\\u00eb", "first_name": "x"}',
            [("PERSON", "Zo\\u00eb"), ("PERSON", "x")],
        ),
        ('{"a": "{half ada@example.com"}', [("EMAIL", "ada@example.com")]),
    ],
)  # fmt: skip
def test_odd_documents_are_explained(text: str, shapes: list[tuple[str, str]]) -> None:
    """Numbers that are none, flags, halves of characters, marks at the beginning, names twice."""
    redactor = Redactor(key=KEY, engine="fast")

    assert _shapes(redactor.explain(text), text) == shapes


def test_what_the_policy_drops_or_captures_is_explained_as_such(tmp_path: Path) -> None:
    """A dropped object is one finding, a captured one none."""
    path = tmp_path / "redaction.yaml"
    path.write_text("version: 1\nkeys: {secret_part: drop, open_part: capture}\n")
    redactor = Redactor(key=KEY, engine="fast", policy=load_policy(path))
    text = '{"secret_part": {"a": [1]}, "open_part": {"mail": "ada@example.com"}}'

    findings = redactor.explain(text)

    assert _shapes(findings, text) == [("DROPPED", '{"a": [1]}')]


def test_a_kind_of_the_policys_own_is_named(tmp_path: Path) -> None:
    """As its token names it."""
    path = tmp_path / "redaction.yaml"
    path.write_text(
        "version: 1\nrecognizers:\n  - name: Codes\n    supported_entity: BOOKING\n"
        "    patterns: [{name: code, regex: 'BK-\\d{6}', score: 0.6}]\n"
    )
    redactor = Redactor(key=KEY, engine="fast", policy=load_policy(path))

    (found,) = redactor.explain("it is BK-123456")

    assert found.type == "BOOKING"
