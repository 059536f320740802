"""Which version of the agent's code is running."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from trainingloop.instrumentation import environment, semconv

_GIT_COMMAND: Final = ("git", "status", "--porcelain=v2", "--branch", "--untracked-files=no")
_GIT_TIMEOUT_S: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeVersion:
    """The version of the agent's code, as far as it can be told."""

    revision: str | None = None
    """A commit, or whatever the deployment calls its version."""
    branch: str | None = None
    is_dirty: bool = False
    """The working tree had changes that are in no commit."""

    @property
    def tag(self) -> str | None:
        """The revision, short enough for a list."""
        return short_revision(self.revision) if self.revision else None


def short_revision(revision: str) -> str:
    """A commit cut to twelve digits; anything else as it is."""
    is_commit = len(revision) >= 40 and all(c in "0123456789abcdef" for c in revision.lower())
    return revision[:12] if is_commit else revision


def code_version() -> CodeVersion:
    """The agent's code version: from the environment, else from git in the working directory."""
    attributes = declared_attributes()
    named = environment.read(environment.CODE_VERSION) or attributes.get(semconv.VCS_REVISION)
    if named:
        return CodeVersion(revision=named, branch=attributes.get(semconv.VCS_BRANCH))
    from_git = _git_version(_working_directory())
    if from_git.revision:
        return from_git
    return CodeVersion(revision=attributes.get(semconv.SERVICE_VERSION))


def declared_attributes() -> dict[str, str]:
    """What ``OTEL_RESOURCE_ATTRIBUTES`` says about this process."""
    text = environment.read(environment.OTEL_RESOURCE_ATTRIBUTES) or ""
    pairs = (pair.partition("=") for pair in text.split(","))
    return {key.strip(): unquote(value.strip()) for key, _, value in pairs if key.strip()}


def _working_directory() -> Path | None:
    try:
        return Path.cwd()
    except OSError:
        return None


@lru_cache(maxsize=8)
def _git_version(directory: Path | None) -> CodeVersion:
    """One git call; without git, outside a repository or after two seconds: unknown."""
    if directory is None:
        return CodeVersion()
    try:
        finished = subprocess.run(  # noqa: S603  # a fixed command, no shell
            _GIT_COMMAND,
            cwd=directory,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_GIT_TIMEOUT_S,
            check=True,
            text=True,
        )
    except (OSError, subprocess.SubprocessError, UnicodeError):
        return CodeVersion()
    return parse_status(finished.stdout)


def parse_status(status: str) -> CodeVersion:
    """The answer of ``git status --porcelain=v2 --branch``."""
    lines = status.splitlines()
    headers = {
        name: value
        for line in lines
        if line.startswith("# ")
        for name, _, value in (line[2:].partition(" "),)
    }
    revision = headers.get("branch.oid")
    branch = headers.get("branch.head")
    return CodeVersion(
        revision=None if revision == "(initial)" else revision,
        branch=None if branch == "(detached)" else branch,
        is_dirty=any(line and not line.startswith("#") for line in lines),
    )
