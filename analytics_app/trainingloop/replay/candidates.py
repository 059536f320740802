"""Candidates: who is asked instead, what is said to it, and how that differs from the record."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from difflib import unified_diff
from typing import TYPE_CHECKING

from trainingloop.replay._asking_instead import asked
from trainingloop.replay._candidate import (
    LOCAL,
    LOCAL_MODEL,
    Candidate,
    Patch,
    PlaybookChange,
    SystemChange,
    ToolsChange,
)
from trainingloop.replay._candidate_prompt import system_prompt
from trainingloop.replay._candidate_redaction import redacted
from trainingloop.replay._candidate_tools import tool_name
from trainingloop.replay._candidate_yaml import candidate_of_document, candidate_of_file
from trainingloop.replay._json import canonical, object_of, text_of
from trainingloop.replay._params import merged_params

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from trainingloop.chat import JsonObject
    from trainingloop.replay.cases import Case
    from trainingloop.replay.runs import Arm

__all__ = [
    "LOCAL",
    "LOCAL_MODEL",
    "Candidate",
    "Change",
    "Patch",
    "PlaybookChange",
    "SystemChange",
    "ToolsChange",
    "body_for",
    "cache_key",
    "candidate_from",
    "differences",
    "load_candidate",
    "redacted",
    "unchanged",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that a candidate is asked otherwise than was recorded."""

    part: str
    """``model``, ``system``, ``playbook_version``, ``settings.NAME``, ``params.NAME`` or
    ``tools.NAME``."""
    recorded: str
    """As text, or as JSON where it is none; "" where there was nothing."""
    candidate: str
    note: str = ""
    """Why something that was recorded is not said to the candidate."""

    @property
    def diff(self) -> str:
        """The lines that differ, as ``diff -u`` shows them, without its head."""
        lines = unified_diff(self.recorded.splitlines(), self.candidate.splitlines(), lineterm="")
        return "\n".join(list(lines)[2:])


def load_candidate(path: Path) -> Candidate:
    """Return the candidate of a YAML file.

    Raises:
        CandidateError: it cannot be used: every fault with its line.
    """
    return candidate_of_file(path)


def candidate_from(document: Mapping[str, object]) -> Candidate:
    """Return the candidate a document describes, in the form of the YAML file.

    Raises:
        CandidateError: it cannot be used: every fault with its place.
    """
    return candidate_of_document(document)


def unchanged(candidate: Candidate) -> Candidate:
    """Return what asks the recorded version again, where the candidate is asked."""
    return Candidate(name="the recorded version", endpoint=candidate.endpoint)


def body_for(
    candidate: Candidate, case: Case, more_messages: Sequence[JsonObject] = ()
) -> JsonObject:
    """Return the arguments of ``chat.completions.create`` or ``responses.create``, by the API.

    Args:
        candidate: who is asked.
        case: what is asked.
        more_messages: what came after the prefix of ``case``, as chat messages.

    Raises:
        CandidateError: the candidate cannot be asked this case; the message says why, and holds
            nothing of the case.
    """
    return asked(candidate, case).body(more_messages)


def cache_key(candidate: Candidate, body: Mapping[str, object], arm: Arm) -> str:
    """Return the name of a question: the same for the same question to the same endpoint.

    The arm is part of it: the second answer to a question must not be the first one, read again.
    """
    endpoint = candidate.endpoint
    said = canonical([endpoint.base_url, endpoint.api, arm.value, body])
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()


def differences(candidate: Candidate, case: Case) -> tuple[Change, ...]:
    """Return what ``candidate`` is asked otherwise than the model of ``case`` was.

    Raises:
        CandidateError: as `body_for`.
    """
    given = asked(candidate, case)
    versions, request = case.versions, case.request
    settings = object_of(versions.playbook_settings)
    changes = [
        Change(
            part="model",
            recorded=versions.request_model or versions.model,
            candidate=given.model,
        ),
        Change(
            part="system",
            recorded=system_prompt(request.messages),
            candidate=system_prompt(given.messages),
        ),
        Change(
            part="playbook_version",
            recorded=versions.playbook_version,
            candidate=candidate.playbook.version or versions.playbook_version,
        ),
        *_changed("settings", settings, {**settings, **candidate.playbook.settings}),
        *_changed("params", merged_params(request.params, {}), given.params),
        *_changed("tools", _by_name(request.tools), _by_name(given.tools)),
    ]
    notes = [
        Change(
            part=f"params.{name}",
            recorded=_text(given.params.get(name)),
            candidate="",
            note=why,
        )
        for name, why in sorted(given.left_out.items())
    ]
    return (*(change for change in changes if change.recorded != change.candidate), *notes)


def _changed(
    part: str, recorded: Mapping[str, object], candidate: Mapping[str, object]
) -> Iterator[Change]:
    for name in sorted(recorded.keys() | candidate.keys()):
        yield Change(
            part=f"{part}.{name}",
            recorded=_text(recorded.get(name)),
            candidate=_text(candidate.get(name)),
        )


def _by_name(tools: Sequence[JsonObject]) -> dict[str, object]:
    return {tool_name(tool): tool for tool in tools}


def _text(value: object) -> str:
    return "" if value is None else text_of(value)
