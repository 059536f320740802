"""The version fingerprint: hashes that move with the version and with nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingloop.instrumentation import fingerprint, semconv
from trainingloop.instrumentation._code_version import parse_status

if TYPE_CHECKING:
    from pathlib import Path

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Today is Sunday, 22 November 2026.", "Today is Monday, November 3rd, 2025."),
        ("It is 2026-11-22T08:00:00Z.", "It is 2025-01-01 23:59."),
        ("Call +1 415 555 0100 now", "Call <PHONE_7f3k2q4d> now"),
        ("Write to kim@example.com", "Write to <EMAIL_aaaabbbb>"),
        ("See https://example.com/a?b=1", "See https://example.com/other"),
        ("id 123e4567-e89b-12d3-a456-426614174000", "id 00000000-e89b-12d3-a456-426614174000"),
        ("two  spaces\n and a line", "two spaces and a line"),
    ],
)
def test_prompt_hash_ignores_what_changes_by_itself(one: str, other: str) -> None:
    """Dates, numbers, people and layout do not make another version of a prompt."""
    hashes = {fingerprint.prompt_hash(text) for text in (one, other)}

    assert len(hashes) == 1


def test_prompt_hash_moves_with_the_words() -> None:
    """Another wording is another version."""
    kind, strict = "Be kind to customers.", "Be strict with customers."

    assert fingerprint.prompt_hash(kind) != fingerprint.prompt_hash(strict)


@given(st.text())
def test_prompt_hash_takes_any_text(text: str) -> None:
    """Whatever a prompt holds, it has a hash of sixteen hex digits."""
    digest = fingerprint.prompt_hash(text)

    assert len(digest) == 16
    assert set(digest) <= set("0123456789abcdef")


@given(st.dictionaries(st.text(), _JSON))
def test_arguments_hash_is_one_for_object_and_text(arguments: dict[str, object]) -> None:
    """A tool's arguments hash alike as a mapping, as its JSON and in any order of keys."""
    reordered = dict(reversed(arguments.items()))

    hashes = {
        fingerprint.arguments_hash(arguments),
        fingerprint.arguments_hash(reordered),
        fingerprint.arguments_hash(json.dumps(arguments, ensure_ascii=False)),
    }

    assert len(hashes) == 1


@pytest.mark.parametrize("nothing", [None, "", "{}", {}])
def test_no_arguments_hash_like_an_empty_object(nothing: object) -> None:
    """Models spell a call without arguments in four ways; they are one call."""
    assert fingerprint.arguments_hash(nothing) == fingerprint.arguments_hash({})


def test_tools_hash_moves_with_a_schema() -> None:
    """A changed tool schema is another version of the tools."""
    before = [{"name": "book", "parameters": {"day": "string"}}]
    after = [{"name": "book", "parameters": {"day": "date"}}]

    assert fingerprint.tools_hash(before) == fingerprint.tools_hash(json.dumps(before))
    assert fingerprint.tools_hash(before) != fingerprint.tools_hash(after)


@pytest.mark.parametrize(
    ("attributes", "tag"),
    [
        (
            {
                semconv.PLAYBOOK_ID: "booking",
                semconv.PLAYBOOK_VERSION: "3.2",
                semconv.EXPERIMENT_VARIANT: "experiment",
                semconv.REQUEST_MODEL: "gpt-4o",
            },
            "booking_v3.2_experiment",
        ),
        ({semconv.PROMPT_NAME: "greeter", semconv.PROMPT_VERSION: "v7"}, "greeter_v7"),
        ({semconv.PROMPT_HASH: "0123456789abcdef"}, "prompt_01234567"),
        ({semconv.REQUEST_MODEL: "gpt-4o"}, "gpt-4o"),
        ({semconv.EXPERIMENT_VARIANT: "control"}, ""),
        ({semconv.PLAYBOOK_ID: 7}, ""),
    ],
)
def test_cohort_names_the_most_telling_version(attributes: dict[str, object], tag: str) -> None:
    """The playbook, else the prompt, else the model; with the experiment's arm."""
    assert fingerprint.cohort(attributes) == tag


def test_code_version_prefers_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment that names its version is believed."""
    monkeypatch.setenv("TRAININGLOOP_CODE_VERSION", "release-12")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "vcs.ref.head.name=main")

    version = fingerprint.code_version()

    assert version == fingerprint.CodeVersion(revision="release-12", branch="main")


def test_code_version_is_unknown_outside_a_repository(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a name and without git there is no version, and no error either."""
    monkeypatch.delenv("TRAININGLOOP_CODE_VERSION", raising=False)
    monkeypatch.delenv("OTEL_RESOURCE_ATTRIBUTES", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)

    version = fingerprint.code_version()

    assert version == fingerprint.CodeVersion()


def test_code_version_comes_from_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a repository the commit and the branch are known, and whether there are changes."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    monkeypatch.delenv("TRAININGLOOP_CODE_VERSION", raising=False)
    who = ("-c", "user.name=Kim Example", "-c", "user.email=kim@example.com")
    (tmp_path / "agent.py").write_text("answer = 1\n")
    for command in (
        ("init", "--quiet", "--initial-branch", "trunk"),
        ("add", "agent.py"),
        (*who, "commit", "--quiet", "--message", "Begin"),
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True, timeout=60)
    (tmp_path / "agent.py").write_text("answer = 2\n")
    monkeypatch.chdir(tmp_path)

    version = fingerprint.code_version()

    assert (len(version.revision or ""), version.branch, version.is_dirty) == (40, "trunk", True)
    assert version.tag == (version.revision or "")[:12]


def test_git_status_tells_revision_branch_and_changes() -> None:
    """The answer of one git call is read in full."""
    status = f"# branch.oid {'a' * 40}\n# branch.head main\n1 .M N... 100644 agent.py\n"

    version = parse_status(status)

    assert version == fingerprint.CodeVersion(revision="a" * 40, branch="main", is_dirty=True)
    assert version.tag == "a" * 12
