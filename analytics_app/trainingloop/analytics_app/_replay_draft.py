"""What was filled in about a candidate, as the document that ``replay/runs`` takes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from trainingloop.processor.documents import enumerated, read_tree
from trainingloop.replay.errors import CandidateError

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_YAML_CHARACTERS = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A candidate as the form has it: what is empty is as it was recorded."""

    name: str = ""
    is_local: bool = False
    base_url: str = ""
    api: str = "chat"
    key_variable: str = "OPENAI_API_KEY"
    model: str = ""
    params: str = ""
    """A JSON object, or nothing."""
    prompt: str = ""
    recorded_prompt: str = ""
    """What the prompt was before somebody edited it."""
    playbook_version: str = ""
    removed_tools: tuple[str, ...] = ()
    added_tools: str = ""
    """A JSON list of tools, or one tool, or nothing."""
    is_whole: bool = True
    """False for a candidate that says more than the form has fields for."""

    def document(self) -> dict[str, object]:
        """Return the candidate.

        Raises:
            CandidateError: the parameters or the tools are no JSON.
        """
        document: dict[str, object] = {
            "name": self.name.strip(),
            **self._place(),
            "model": self.model.strip(),
            "params": _parameters(self.params),
            "system": self._system(),
            "playbook": _present({"version": self.playbook_version.strip()}),
            "tools": _present({"remove": list(self.removed_tools), "add": self._added()}),
        }
        return {**_present(document), **({} if self.is_local else self._key())}

    def _place(self) -> dict[str, object]:
        if self.is_local:
            return {"endpoint": "local"}
        return {"base_url": self.base_url.strip(), "api": self.api}

    def _key(self) -> dict[str, object]:
        return {"key_variable": self.key_variable.strip()}

    def _system(self) -> dict[str, object]:
        is_edited = self.prompt.strip() != self.recorded_prompt.strip()
        return {"replace": self.prompt} if is_edited else {}

    def _added(self) -> list[object]:
        given = _json("the tools to add", self.added_tools)
        if given is None:
            return []
        return cast("list[object]", given) if isinstance(given, list) else [given]


def draft_of(document: Mapping[str, object]) -> Draft:
    """Return the draft of a candidate that was asked before, as far as the form can say it."""
    system = _object(document.get("system"))
    tools = _object(document.get("tools"))
    params, added = document.get("params"), tools.get("add")
    return Draft(
        name=str(document.get("name", "")),
        is_local=document.get("endpoint") == "local",
        base_url=str(document.get("base_url", "")),
        api=str(document.get("api", "chat")),
        key_variable=str(document.get("key_variable", "")),
        model=str(document.get("model", "")),
        params=json.dumps(params) if params else "",
        prompt=str(system.get("replace", "")),
        playbook_version=str(_object(document.get("playbook")).get("version", "")),
        removed_tools=tuple(map(str, cast("list[object]", tools.get("remove") or []))),
        added_tools=json.dumps(added, indent=2) if added else "",
        is_whole=system.keys() <= {"replace"}
        and tools.keys() <= {"add", "remove"}
        and "settings" not in _object(document.get("playbook")),
    )


def candidate_of_yaml(text: str) -> dict[str, object]:
    """Return the candidate that somebody pasted.

    Raises:
        CandidateError: it is no YAML, or no map.
    """
    if len(text) > _MOST_YAML_CHARACTERS:
        raise CandidateError(
            f"the candidate has {len(text):,} characters: {_MOST_YAML_CHARACTERS:,} are allowed"
        )
    document = read_tree(text, "the candidate")
    if document.problems:
        raise CandidateError(enumerated("the candidate", document.problems))
    value: object = document.value
    if not isinstance(value, dict):
        raise CandidateError("the candidate must be a map of settings, as docs/replay.md shows it")
    return cast("dict[str, object]", value)


def _parameters(text: str) -> dict[str, object]:
    given = _json("the parameters", text)
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise CandidateError('the parameters must be a JSON object such as {"temperature": 0}')
    return cast("dict[str, object]", given)


def _json(what: str, text: str) -> object:
    if not text.strip():
        return None
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError) as error:
        line = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise CandidateError(f"{what} are no JSON{line}: write them as JSON, or nothing") from error


def _object(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _present(document: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in document.items() if value not in ("", {}, [])}
