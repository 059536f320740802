"""A wrong policy is refused as a whole, with every fault, its line and what to do."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, TypeAlias

import pytest

from trainingloop.instrumentation.errors import ConfigurationError
from trainingloop.processor import environment
from trainingloop.processor.policy import PolicyError, load_policy, policy_from_environment

if TYPE_CHECKING:
    from pathlib import Path

Fault: TypeAlias = tuple[int, str]


def _faults(raw: str | bytes, folder: Path) -> list[Fault]:
    """The line and message of everything that is wrong with a policy."""
    path = folder / "redaction.yaml"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    return [(problem.line, problem.message) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("entities: {IP: keep}\n", 1, ["'version' is missing", "'version: 1'"]),
        ("version: 2\n", 1, ["version", "2", "allowed: 1"]),
        ("version: 1\nengin: fast\n", 2, ["engin", "no such setting", "Did you mean 'engine'"]),
        ("version: 1\nengine: fats\n", 2, ["'fats'", "fast, presidio", "Did you mean 'fast'"]),
        ("version: 1\nnames: maybe\n", 2, ["'maybe'", "'off'", "spacy:NAME_OR_PATH"]),
        ("version: 1\nnames: 'spacy:'\n", 2, ["'spacy:'", "spacy:NAME_OR_PATH"]),
        ("version: 1\nnames: false\n", 2, ["False", "'off'"]),
        ("version: 1\ncontent: {inptu: drop}\n", 2, ["content.inptu", "Did you mean 'input'"]),
        ("version: 1\ncontent:\n  input: redakt\n", 3, ["'redakt'", "Did you mean 'redact'"]),
        ("version: 1\ncontent: drop\n", 2, ["content", "'drop'", "a map"]),
        ("version: 1\nentities:\n\n  IPP: keep\n", 4, ["'IPP'", "EMAIL", "Did you mean 'IP'"]),
        ("version: 1\nentities: {phone: keep}\n", 2, ["'phone'", "write PHONE"]),
        ("version: 1\nentities: {US_SSN: keep}\n", 2, ["'US_SSN' is called SSN", "write SSN"]),
        ("version: 1\nentities: {IP: kep}\n", 2, ["'kep'", "token, mask, drop, keep"]),
        ("version: 1\nentities: {IP: [keep]}\n", 2, ["a list", "token, mask, drop, keep"]),
        ("version: 1\nkeys: {a: PERSN}\n", 2, ["'PERSN'", "Did you mean 'PERSON'"]),
        ("version: 1\nkeys: {a: 1}\n", 2, ["keys.a", "1 is given", "capture, redact, drop"]),
        ("version: 1\nkeys: {'*': drop}\n", 2, ["keys.*", "not allowed"]),
        ("version: 1\nkeys:\n  a: drop\n  A: capture\n", 4, ["keys.A", "line 3", "keep one"]),
        ("version: 1\nallow: [/(/]\n", 2, ["allow[0]", "regular expression"]),
        ("version: 1\nallow: [/.*/]\n", 2, ["allow[0]", "everything"]),
        ("version: 1\nallow: [a, 12]\n", 2, ["allow[1]", "quotes"]),
        ("version: 1\ncanary: [short]\n", 2, ["canary[0]", "8 characters"]),
        ("version: 1\ntenants: {a b: {}}\n", 2, ["a b", "1 to 64 letters"]),
        ("version: 1\ntenants:\n  a:\n    names: off\n", 4, ["tenants.a.names", "no such"]),
        ("version: 1\ntenants:\n  a:\n    entities: {X: keep}\n", 4, ["'X'", "EMAIL"]),
        ("version: 1\ntenants: {a: {allow: [/(/]}}\n", 2, ["tenants.a.allow[0]"]),
        ("- version\n", 1, ["a list is given", "a map of settings"]),
        ("nothing\n", 1, ["'nothing'", "a map of settings"]),
    ],
)
def test_a_fault_says_what_is_allowed(
    text: str, line: int, words: list[str], tmp_path: Path
) -> None:
    """The line, what was given, what is allowed, and what was probably meant."""
    ((given_line, message),) = _faults(text, tmp_path)

    assert given_line == line
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        ("version: 1\nentities:\n\tIP: keep\n", 3, "tab"),
        ("version: 1\nentities: {IP: keep\n", 3, "not YAML"),
        ("version: 1\nentities: [\n", 3, "not YAML"),
        ("version: 1\nversion: 1\n", 2, "version stands twice, first in line 1"),
        ("version: 1\nkeys:\n  a: drop\n  b: drop\n  a: redact\n", 5, "first in line 3"),
        ("version: 1\nkeys: *x\n", 2, "alias 'x' stands for nothing"),
        ("version: 1\nkeys: &x {a: *x}\n", 2, "alias 'x' stands for nothing"),
        ("version: 1\nallow: !!set {a}\n", 2, "tag"),
        ("version: 1\n? [a]\n: b\n", 2, "plain text"),
        ("version: 1\n---\nversion: 1\n", 3, "second document"),
        ("version: 1\nallow: ['a\x00b']\n", 2, "control character"),
        ("version: 1\nallow: " + "[" * 500 + "]" * 500, 2, "levels deep"),
        (b"version: 1\nallow: [caf\xe9]\n", 2, "UTF-8"),
        (b"version: 1\n# " + b"x" * 1024 * 1024, 0, "1 MiB"),
    ],
)
def test_a_file_that_is_no_good_yaml_is_refused(
    raw: str | bytes, line: int, words: str, tmp_path: Path
) -> None:
    """Whatever is in the file, the answer is a line and a remedy."""
    ((given_line, message),) = _faults(raw, tmp_path)

    assert given_line == line
    assert words in message


def test_a_small_file_cannot_unfold_into_a_huge_one(tmp_path: Path) -> None:
    """Nine lines that stand for a billion values are refused before anything is made of them."""
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]

    ((line, message),) = _faults("a0: &a0 [x]\n" + "\n".join(levels), tmp_path)

    assert (line, "100,000 values" in message) == (6, True)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    """Who corrects a file does not find the next fault by trying again."""
    text = (
        "version: 3\nengin: fast\ncontent: {input: redakt}\nentities: {IPP: keep}\n"
        "allow: [/(/, 1]\ntenants:\n  a b: {}\n  c: {keys: {x: NOBODY}}\n"
        "recognizers:\n  - {supported_entity: AB, patterns: [{regex: '(', score: 1}]}\n"
    )

    faults = _faults(text, tmp_path)

    assert [line for line, _ in faults] == [1, 2, 3, 4, 5, 5, 7, 8, 10]


def test_the_error_reads_as_lines_of_a_file(tmp_path: Path) -> None:
    """As compilers write it, so that editors jump there."""
    path = tmp_path / "redaction.yaml"
    path.write_text("version: 1\nentities: {IP: kep}\n")

    with pytest.raises(PolicyError) as caught:
        load_policy(path)

    assert str(caught.value) == (
        "the redaction policy cannot be used, for one reason:\n"
        "  redaction.yaml:2: entities.IP: 'kep' is given; allowed: token, mask, drop, keep. "
        "Did you mean 'keep'?"
    )


def test_many_faults_are_counted(tmp_path: Path) -> None:
    """A page of them is enough to see what is wrong."""
    path = tmp_path / "redaction.yaml"
    path.write_text("version: 1\nentities:\n" + "".join(f"  X{n}: keep\n" for n in range(70)))

    with pytest.raises(PolicyError) as caught:
        load_policy(path)

    assert len(caught.value.problems) == 70
    assert str(caught.value).endswith("… and 20 more")


@pytest.mark.parametrize(
    "text",
    [
        "version: 1\nallow: ['/ada@example.com(/']\n",
        "version: 1\ncanary: ['ada@e']\n",
        "version: 1\nrecognizers: [{supported_entity: AB, deny_list: [[ada@example.com]]}]\n",
    ],
)
def test_an_error_quotes_no_value_that_may_be_personal(text: str, tmp_path: Path) -> None:
    """Errors end in logs, and lists of values name people."""
    messages = " ".join(message for _, message in _faults(text, tmp_path))

    assert "ada@e" not in messages


@pytest.mark.parametrize("name", ["missing.yaml", ""])
def test_a_file_that_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    """A missing file, or a folder, is no default policy."""
    with pytest.raises(PolicyError) as caught:
        load_policy(tmp_path / name)

    assert str(tmp_path / name) in str(caught.value)
    assert "name a file that this user can read" in str(caught.value)


def test_a_variable_that_names_no_file_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever wrote a policy does not run without it."""
    monkeypatch.setenv(environment.REDACTION_POLICY, str(tmp_path / "missing.yaml"))

    with pytest.raises(ConfigurationError, match="No such file"):
        policy_from_environment()


def test_an_error_travels_to_another_process(tmp_path: Path) -> None:
    """A worker that cannot start can say why."""
    with pytest.raises(PolicyError) as caught:
        load_policy(tmp_path / "missing.yaml")

    copy: PolicyError = pickle.loads(pickle.dumps(caught.value))

    assert str(copy) == str(caught.value)


@pytest.mark.parametrize(
    ("recognizer", "words"),
    [
        ("{supported_entity: AB}", "neither patterns nor deny_list"),
        ("{type: custom, supported_entity: AB}", "neither patterns nor deny_list"),
        ("{deny_list: [a]}", "'supported_entity' is missing"),
        ("{supported_entity: '4711', deny_list: [a]}", "'4711' cannot be the first word"),
        ("{supported_entity: X, deny_list: [a]}", "'X' cannot be the first word"),
        ("{supported_entity: REDACTION_FAILED, deny_list: [a]}", "cannot be the first word"),
        ("{supported_entity: AB, deny_list: [a], contxt: [b]}", "Did you mean 'context'?"),
        ("{supported_entity: AB, patterns: [{regex: '(', score: 1}]}", "regular expression"),
        ("{supported_entity: AB, patterns: [{regex: 'a', score: 2}]}", "from 0 to 1"),
        ("{supported_entity: AB, patterns: [{regex: 'a'}]}", "'score' is missing"),
        ("{supported_entity: AB, patterns: [{score: 1}]}", "'regex' is missing"),
        ("{supported_entity: AB, deny_list: [1]}", "quotes"),
        ("{supported_entity: AB, deny_list: [a], score_thresholds: {AB: 2}}", "from 0 to 1"),
        ("{name: CreditCardRecognizer, type: predefined}", "write 'engine: presidio'"),
        ("CreditCardRecognizer", "write 'engine: presidio'"),
        ("{type: predefind, name: A}", "Did you mean 'predefined'?"),
        ("12", "12 is given"),
    ],
)
def test_a_wrong_recognizer_is_refused(recognizer: str, words: str, tmp_path: Path) -> None:
    """In a file of its own too, the fault is found in its line."""
    policy = tmp_path / "redaction.yaml"
    policy.write_text("version: 1\nrecognizers: own.yaml\n")
    (tmp_path / "own.yaml").write_text(f"recognizers:\n  - {recognizer}\n")

    with pytest.raises(PolicyError) as caught:
        load_policy(policy)

    (problem,) = caught.value.problems
    assert (problem.source, problem.line) == ("own.yaml", 2)
    assert words in problem.message


def test_a_file_of_recognizers_that_is_missing_is_named(tmp_path: Path) -> None:
    """The line to correct is the one of the policy."""
    ((line, message),) = _faults("version: 1\nrecognizers: own.yaml\n", tmp_path)

    assert line == 2
    assert "own.yaml" in message


def test_a_fault_of_a_shared_file_is_told_once(tmp_path: Path) -> None:
    """Also where two tenants name the same file."""
    (tmp_path / "own.yaml").write_text("recognizers: [{supported_entity: AB, deny_list: [1]}]\n")

    faults = _faults(
        "version: 1\ntenants:\n  a: {recognizers: own.yaml}\n  b: {recognizers: own.yaml}\n",
        tmp_path,
    )

    assert len(faults) == 1
