"""Whatever goes wrong, the value does not go out, and it is counted."""

from __future__ import annotations

import json
import logging
import sys
from typing import cast

import pytest

from trainingloop.instrumentation.errors import ConfigurationError, TrainingLoopError
from trainingloop.instrumentation.keys import Keyring
from trainingloop.instrumentation.semconv import RedactionStatus
from trainingloop.processor import REDACTION_VERSION, Redactor, Report, Value, environment
from trainingloop.processor._detectors import DETECTORS
from trainingloop.processor.policy import DEFAULT_POLICY

FAILED = "<REDACTION_FAILED>"
KEY = b"a key that only tests use, 32+ bytes"
SECRET = "a card 4111 1111 1111 1111"


@pytest.fixture
def broken(redactor: Redactor, monkeypatch: pytest.MonkeyPatch) -> Redactor:
    """An engine whose detector raises, with the text in the message of the error."""

    def raising(plain: object, /) -> list[object]:
        raise RuntimeError(SECRET)

    monkeypatch.setitem(cast("dict[str, object]", DETECTORS), "numbers", raising)
    return redactor


@pytest.mark.parametrize(
    "value",
    [SECRET, [SECRET], {"a": SECRET}, json.dumps({"a": SECRET}), SECRET.encode()],
    ids=["text", "list", "map", "json", "bytes"],
)
def test_a_detector_that_raises_costs_the_value(
    broken: Redactor, value: Value, caplog: pytest.LogCaptureFixture
) -> None:
    """The value is replaced, counted, and neither raised nor logged."""
    report = Report()

    with caplog.at_level(logging.DEBUG):
        redacted = broken.attribute("x", value, report=report)

    shown = redacted.decode() if isinstance(redacted, bytes) else repr(redacted)
    assert "1111" not in shown
    assert FAILED in shown
    assert report.failures == 1
    assert report.status is RedactionStatus.PARTIAL
    assert caplog.text == ""


def test_other_values_survive_one_that_fails(redactor: Redactor) -> None:
    """Failing closed is per value."""
    report = Report()

    redacted = redactor.attributes({"bad": object(), "good": "fine"}, report=report)  # type: ignore[dict-item]

    assert redacted == {"bad": FAILED, "good": "fine"}
    assert report.failures == 1


def test_failures_are_counted_again_when_a_text_is_known(broken: Redactor) -> None:
    """A remembered failure is still a failure."""
    report = Report()

    broken.text(SECRET, report=report)
    broken.text(SECRET, report=report)

    assert report.failures == 2


@pytest.mark.parametrize("word", ["word 1 ", "words, "])
def test_a_text_that_is_too_large_is_replaced(redactor: Redactor, word: str) -> None:
    """Four megabytes in one string are no message, whatever they say."""
    report = Report()

    redacted = redactor.text(word * 700_000, report=report)

    assert redacted == FAILED
    assert report.failures == 1


def test_nesting_without_end_is_replaced(redactor: Redactor) -> None:
    """A value may be nested as deeply as anybody nests on purpose, not deeper."""
    value: Value = SECRET
    for _ in range(100):
        value = [value]
    report = Report()

    redacted = redactor.attribute("x", value, report=report)

    assert redacted == FAILED
    assert report.failures == 1


def test_json_nested_without_end_is_replaced(redactor: Redactor) -> None:
    """The same for JSON, also where a parser gives up on it."""
    for depth in (100, 100_000):
        redacted = redactor.attribute("x", "[" * depth + json.dumps(SECRET) + "]" * depth)

        assert "1111" not in str(redacted)


def test_half_a_surrogate_pair_is_no_obstacle(redactor: Redactor) -> None:
    """Models cut emoji in two; the rest of the text is still redacted."""
    redacted = redactor.attribute("x", f"\ud83d {SECRET}")
    in_json = redactor.attribute("x", '{"a": "\\ud83d ' + SECRET + '"}')

    assert redacted == "\ud83d a card <CARD>"
    assert "1111" not in str(in_json)


def test_the_proof_says_what_happened(redactor: Redactor) -> None:
    """Counts by kind, failures and status travel with the span."""
    report = Report()
    redactor.text("ada@example.com, bob@example.com, 203.0.113.7", report=report)

    attributes = report.as_attributes()

    assert attributes == {
        "trainingloop.redaction.version": REDACTION_VERSION,
        "trainingloop.redaction.status": "ok",
        "trainingloop.redaction.count": 3,
        "trainingloop.redaction.entities": '{"EMAIL": 2, "IP": 1}',
        "trainingloop.redaction.failures": 0,
        "trainingloop.redaction.key_id": Keyring.of(KEY).for_tenant("default").id,
        "trainingloop.redaction.policy": DEFAULT_POLICY.fingerprint,
    }


_SIZE = 64 * 1024
HOSTILE = {
    "dots before at": "a." * (_SIZE // 2) + "@ ",
    "ats": "@" * _SIZE,
    "a@": "a@" * (_SIZE // 2),
    "a@a.": "a@a." * (_SIZE // 4),
    "domain": "a@" + "a." * (_SIZE // 2),
    "digits": "1" * _SIZE,
    "digit pairs": "12 " * (_SIZE // 3),
    "digits and dashes": "4-" * (_SIZE // 2),
    "fours": "4111 " * (_SIZE // 5),
    "plus": "+1 " * (_SIZE // 3),
    "brackets": "(1" * (_SIZE // 2),
    "dotted": "1.1." * (_SIZE // 4),
    "colons": "a:" * (_SIZE // 2),
    "double colons": "1::" * (_SIZE // 3),
    "hex": "0x" + "ab12" * (_SIZE // 4),
    "letters": "a" * _SIZE + "1",
    "capitals": "DE12" * (_SIZE // 4),
    "iban": "DE12 AB34 " * (_SIZE // 10),
    "streets": "1 a b c d e " * (_SIZE // 12) + "street",
    "calle": "calle a b c d " * (_SIZE // 14),
    "rue": "1 rue de la " * (_SIZE // 12),
    "born": "born " * (_SIZE // 5) + "1",
    "phones": "phone call tel " * (_SIZE // 15) + "12345",
    "pass": "password:" * (_SIZE // 9),
    "password is": "password is " * (_SIZE // 12),
    "eyJ": "eyJ" * (_SIZE // 3),
    "eyJ dots": "eyJabcdefgh." * (_SIZE // 12),
    "sk": "sk-" * (_SIZE // 3),
    "begin": "-----BEGIN PRIVATE KEY-----" * (_SIZE // 27),
    "urls": "://a:" * (_SIZE // 5) + "@1",
    "percent": "%40" * (_SIZE // 3),
    "entities": "&#64;" * (_SIZE // 5),
    "escapes": "\\" * _SIZE + "u0040 1",
    "zero width": "1\u200b" * (_SIZE // 2),
    "quotes": "'a':'" * (_SIZE // 5),
    "equals": '=" ' * (_SIZE // 3),
    "passport": "passport number is " * (_SIZE // 19) + "1",
    "tokens": "<PHONE_" * (_SIZE // 7) + "1",
    "spelled": "a at b dot " * (_SIZE // 11),
    "json": "[{" * (_SIZE // 2),
    "uuid": "12345678-" * (_SIZE // 9),
    "spaces": " " * _SIZE + "1",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_hides_nothing_behind_it(redactor: Redactor, text: str) -> None:
    """What takes other engines minutes is read to its end: a canary behind it is found."""
    redacted = redactor.attribute("x", text + " \n; mail ada@example.com")

    assert "ada@example" not in str(redacted)
    assert redacted != FAILED


def test_long_text_is_read_in_windows_without_a_seam(redactor: Redactor) -> None:
    """A find on the border of two windows is found, and found once."""
    report = Report()
    for shift in range(0, 1200, 59):
        text = "x " * ((64_900 + shift) // 2) + " ada@example.com " + "y " * 300

        redacted = redactor.text(text, report=report)

        assert "example" not in redacted
    assert report.counts == {"EMAIL": len(range(0, 1200, 59))}


def test_the_engine_can_be_chosen_by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown engine is refused with the names of those there are."""
    monkeypatch.setenv(environment.REDACTION_ENGINE, "magic")

    with pytest.raises(ConfigurationError, match=r"'magic'.*fast, presidio"):
        Redactor(key=b"k" * 32)


def test_a_missing_presidio_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for Presidio without it is told what to install."""
    monkeypatch.setitem(sys.modules, "presidio_analyzer", None)
    monkeypatch.delitem(sys.modules, "trainingloop.processor._presidio", raising=False)

    with pytest.raises(TrainingLoopError, match=r"trainingloop\[server\]"):
        Redactor(key=b"k" * 32, engine="presidio")
