"""Recognizers in Presidio's YAML format find what Presidio finds, without Presidio."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from trainingloop.instrumentation.errors import TrainingLoopError
from trainingloop.processor import _normalise
from trainingloop.processor.policy import (
    EntityAction,
    Policy,
    PolicyError,
    kind_of_match,
    load_policy,
)

if TYPE_CHECKING:
    from trainingloop.processor._entities import Match

MASK = "\ufffc"


class Find(Protocol):
    """Runs the recognizers of a list that is given as YAML over a text."""

    def __call__(self, recognizers: str, text: str, /) -> list[Match]:
        """What they find."""
        ...


class LoadFile(Protocol):
    """Loads a policy that names a file of recognizers."""

    def __call__(self, recognizers: str, /, *, engine: str = "fast") -> Policy:
        """The policy."""
        ...


@pytest.fixture
def load_file(tmp_path: Path) -> LoadFile:
    """Recognizers in a file of their own, beside the policy."""

    def load(recognizers: str, /, *, engine: str = "fast") -> Policy:
        (tmp_path / "own.yaml").write_text(recognizers, encoding="utf-8")
        path = tmp_path / "redaction.yaml"
        path.write_text(f"version: 1\nengine: {engine}\nrecognizers: own.yaml\n")
        return load_policy(path)

    return load


@pytest.fixture
def find(load_file: LoadFile) -> Find:
    """Every find of every recognizer."""

    def run(recognizers: str, text: str, /) -> list[Match]:
        form = _normalise.plain(text)
        policy = load_file(f"recognizers:\n  - {recognizers}\n")
        return [match for detector in policy.detectors().values() for match in detector(form)]

    return run


def _spans(matches: list[Match], text: str) -> list[str]:
    return [text[match.start : match.end] for match in matches]


@pytest.mark.parametrize(
    ("recognizer", "text", "found"),
    [
        (r"{supported_entity: AB, patterns: [{regex: 'AB-\d+', score: 1}]}", "x AB-12 ab-3", 2),
        (r"{supported_entity: AB, patterns: [{regex: '^x$', score: 1}]}", "x\ny\nx", 2),
        (r"{supported_entity: AB, patterns: [{regex: 'a.b', score: 1}]}", "a\nb", 1),
        (r"{supported_entity: AB, patterns: [{regex: 'a*', score: 1}]}", "b a b", 1),
        (r"{supported_entity: AB, patterns: [{regex: 'a', score: 0}]}", "a", 0),
        (
            r"{supported_entity: AB, global_regex_flags: 0, patterns: [{regex: a, score: 1}]}",
            "a A",
            1,
        ),
        ("{supported_entity: AB, deny_list: [Dr., Mr]}", "Dr. Mr Mrs dr.x mr", 3),
        ("{supported_entity: AB, deny_list: [a+b]}", "a+b aab", 1),
        ("{supported_entity: AB, enabled: false, deny_list: [a]}", "a", 0),
        ("{supported_entity: AB, enabled: off, deny_list: [a]}", "a", 0),
        ("{supported_entity: AB, enabled: yes, deny_list: [a]}", "a", 1),
        ("{type: custom, supported_entities: [AB], deny_list: [a]}", "a", 1),
        ("{supported_entity: AB, supported_language: de, deny_list: [a]}", "a", 1),
    ],
)
def test_a_recognizer_finds_what_its_settings_say(
    recognizer: str, text: str, found: int, find: Find
) -> None:
    """Flags, word borders and switches mean what they mean to Presidio."""
    assert len(find(recognizer, text)) == found


@pytest.mark.parametrize(
    ("entity", "kind"),
    [
        ("EMAIL_ADDRESS", "EMAIL"),
        ("PHONE_NUMBER", "PHONE"),
        ("CREDIT_CARD", "CARD"),
        ("IBAN_CODE", "IBAN"),
        ("US_SSN", "SSN"),
        ("UK_NHS", "NATIONAL_ID"),
        ("LOCATION", "ADDRESS"),
        ("IP_ADDRESS", "IP"),
        ("PERSON", "PERSON"),
        ("LOYALTY_NUMBER", "LOYALTY_NUMBER"),
        ("Loyalty number 2", "LOYALTY_NUMBER"),
    ],
)
def test_a_find_has_our_name_for_its_kind(entity: str, kind: str, find: Find) -> None:
    """Presidio's names are ours where both know the kind; a new kind keeps its name."""
    (match,) = find(f"{{supported_entity: {entity}, deny_list: [foo]}}", "a foo")

    assert kind_of_match(match) == kind


def test_a_new_kind_is_replaced_by_tokens(load_file: LoadFile) -> None:
    """Whoever writes a recognizer wants its finds gone; a policy may say how."""
    policy = load_file("recognizers: [{supported_entity: LOYALTY, deny_list: [foo]}]\n")

    ((match,),) = [
        list(detector(_normalise.plain("foo"))) for detector in policy.detectors().values()
    ]

    assert policy.action_on(match) is EntityAction.TOKEN
    assert policy.custom_kinds == {"LOYALTY"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12345", 0),
        ("the zip code is 12345", 1),
        ("zip_12345", 1),
        ("zip " + "w " * 9 + "12345", 0),
    ],
)
def test_context_makes_a_weak_pattern_count(text: str, found: int, find: Find) -> None:
    """With a threshold, a weak pattern counts only close to a word that supports it."""
    recognizer = (
        r"{supported_entity: ZIP, patterns: [{regex: '\d{5}', score: 0.01}], context: [Zip],"
        " score_thresholds: {default: 0.4}}"
    )

    assert len(find(recognizer, text)) == found


def test_context_can_be_given_per_language(find: Find) -> None:
    """Nobody knows the language of a chat: the words of all of them count."""
    recognizer = (
        r"{supported_entity: ZIP, patterns: [{regex: '\d{5}', score: 0.2}],"
        " supported_languages: [{language: en, context: [zip]}, {language: de, context: [plz]}]}"
    )

    scores = [match.score for text in ("plz 12345", "12345") for match in find(recognizer, text)]

    assert scores == [pytest.approx(0.55), pytest.approx(0.2)]


def test_without_a_threshold_every_find_counts(find: Find) -> None:
    """As in Presidio, whose usual threshold is zero."""
    recognizer = r"{supported_entity: ZIP, patterns: [{regex: '\d{5}', score: 0.01}]}"

    assert len(find(recognizer, "12345")) == 1


def test_a_pattern_that_runs_out_of_time_raises(find: Find) -> None:
    """Presidio lets the text through; here the value fails closed."""
    recognizer = "{supported_entity: AB, patterns: [{regex: '(a|aa)+$', score: 1}]}"

    with pytest.raises(TimeoutError):
        find(recognizer, "a" * 90 + "!")


def test_an_earlier_token_is_not_part_of_a_find(find: Find) -> None:
    """What is masked was redacted before: the parts beside it are found, it stays."""
    text = f"note: ada {MASK * 5} and bob."

    matches = find("{supported_entity: AB, patterns: [{regex: 'note.*', score: 1}]}", text)

    assert _spans(matches, text) == ["note: ada ", " and bob."]


def test_nothing_but_a_token_is_no_find(find: Find) -> None:
    """A second pass over redacted text changes nothing."""
    text = f"{MASK * 5} {MASK * 5}."

    assert find("{supported_entity: AB, patterns: [{regex: '.+', score: 1}]}", text) == []


@pytest.mark.parametrize(
    ("entity", "spellings"),
    [
        ("PHONE_NUMBER", ["+1 415 555 0100", "(415) 555-0100"]),
        ("LOYALTY", ["ly-123 456", "LY 123456"]),
        ("PERSON", ["Ada  Lovelace", "ADA LOVELACE"]),
        ("IBAN_CODE", ["DE89 3704", "de893704"]),
    ],
)
def test_spellings_of_a_value_have_one_form(entity: str, spellings: list[str], find: Find) -> None:
    """Tokens are made of that form, so they can be joined."""
    recognizer = f"{{supported_entity: {entity}, patterns: [{{regex: '.+', score: 1}}]}}"

    assert len({match.value for text in spellings for match in find(recognizer, text)}) == 1


def test_two_recognizers_of_one_name_both_run(load_file: LoadFile) -> None:
    """Presidio allows it, so nothing may get lost."""
    policy = load_file(
        "recognizers:\n"
        "  - {name: same, supported_entity: AB, deny_list: [a]}\n"
        "  - {name: same, supported_entity: AB, deny_list: [b]}\n"
    )

    assert list(policy.detectors()) == ["same", "same 2"]


def test_the_engine_presidio_takes_recognizers_of_presidio(load_file: LoadFile) -> None:
    """They find what they know, those that are off do not."""
    pytest.importorskip("presidio_analyzer")
    policy = load_file(
        "recognizers:\n"
        "  - UrlRecognizer\n"
        "  - {name: UkNinoRecognizer, type: predefined, supported_languages: [en]}\n"
        "  - {name: UuidRecognizer, type: predefined, enabled: false}\n",
        engine="presidio",
    )
    text = "AB 12 34 56 C is at https://example.com/x, 123e4567-e89b-12d3-a456-426614174000"

    matches = policy.detectors()["presidio"](_normalise.Plain(text))

    assert {(kind_of_match(match), text[match.start : match.end]) for match in matches} == {
        ("NATIONAL_ID", "AB 12 34 56 C"),
        ("URL", "https://example.com/x,"),
    }


def test_kinds_of_presidio_can_be_named(load_file: LoadFile, tmp_path: Path) -> None:
    """What a recognizer that Presidio brings finds is a kind like any other."""
    pytest.importorskip("presidio_analyzer")
    path = tmp_path / "kinds.yaml"
    path.write_text(
        "version: 1\nengine: presidio\nrecognizers: [UrlRecognizer]\nentities: {URL: mask}\n"
    )

    policy = load_policy(path)

    assert policy.entity_action("URL") is EntityAction.MASK
    assert policy.custom_kinds == {"URL"}


@pytest.mark.parametrize(
    ("recognizer", "words"),
    [
        ("UrlRecogniser", "Did you mean 'UrlRecognizer'?"),
        ("SpacyRecognizer", "choose one with 'names'"),
        ("{name: UrlRecognizer, type: predefined, colour: red}", "does not take these settings"),
    ],
)
def test_what_presidio_cannot_make_is_refused(
    recognizer: str, words: str, load_file: LoadFile
) -> None:
    """At start, with its line, not at the first text."""
    pytest.importorskip("presidio_analyzer")

    with pytest.raises(PolicyError) as caught:
        load_file(f"recognizers:\n  - {recognizer}\n", engine="presidio")

    assert [problem.line for problem in caught.value.problems] == [2]
    assert words in str(caught.value)


def test_a_pattern_of_presidio_that_runs_out_of_time_raises(load_file: LoadFile) -> None:
    """It would wait a minute and let the text through; here the value fails closed."""
    pytest.importorskip("presidio_analyzer")
    policy = load_file("recognizers: [EmailRecognizer]\n", engine="presidio")
    text = "a." * 16_000 + "@ my email is bob@example.com"

    with pytest.raises(TrainingLoopError, match="ran out of time"):
        list(policy.detectors()["presidio"](_normalise.Plain(text)))


def test_presidios_own_example_loads_unchanged(load_file: LoadFile) -> None:
    """The file that Presidio ships is in its format for sure."""
    presidio = pytest.importorskip("presidio_analyzer")
    path = Path(presidio.__path__[0]) / "conf" / "example_recognizers.yaml"

    policy = load_file(path.read_text(encoding="utf-8"))

    assert policy.custom_kinds == {"ZIP", "TITLE"}


def test_presidios_default_file_needs_presidio(load_file: LoadFile) -> None:
    """Each of its recognizers is named, with the remedy."""
    with pytest.raises(PolicyError, match="write 'engine: presidio'"):
        load_file("recognizers: [CryptoRecognizer, {name: IbanRecognizer, type: predefined}]\n")


def test_custom_recognizers_do_not_import_presidio(load_file: LoadFile, tmp_path: Path) -> None:
    """Base installations have none."""
    load_file("recognizers: [{supported_entity: AB, deny_list: [a]}]\n")
    code = (
        "import sys, pathlib; from trainingloop.processor.policy import load_policy;"
        f"load_policy(pathlib.Path({str(tmp_path / 'redaction.yaml')!r}));"
        "print('presidio_analyzer' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert done.stdout.strip() == "False"
