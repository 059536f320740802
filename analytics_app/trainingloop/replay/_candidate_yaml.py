"""A candidate out of YAML or a document, checked as a whole before anything of it is believed."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from trainingloop.processor.documents import (
    Document,
    check,
    choices,
    enumerated,
    quoted,
    read_file,
)
from trainingloop.replay._candidate import (
    LOCAL,
    LOCAL_MODEL,
    Candidate,
    Patch,
    PlaybookChange,
    SystemChange,
    ToolsChange,
)
from trainingloop.replay._candidate_prompt import NAMES, PLACEHOLDER, is_placeholder
from trainingloop.replay._candidate_tools import chat_tool
from trainingloop.replay._json import object_of
from trainingloop.replay.endpoints import Endpoint
from trainingloop.replay.environment import base_url
from trainingloop.replay.errors import CandidateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path as FilePath

    from trainingloop.chat import JsonObject
    from trainingloop.processor.documents import Path

_LARGEST_PROMPT_BYTES: Final = 1024 * 1024
_KEY: Final = Endpoint(base_url="").key_variable


def candidate_of_file(path: FilePath) -> Candidate:
    """The candidate of a YAML file; see `trainingloop.replay.candidates.load_candidate`."""
    return _built(read_file(path), path.parent, path.stem)


def candidate_of_document(document: Mapping[str, object]) -> Candidate:
    """The candidate of a document; see `trainingloop.replay.candidates.candidate_from`."""
    return _built(Document(source="the candidate", value=dict(document)), None, "")


def _built(document: Document, folder: FilePath | None, name: str) -> Candidate:
    if document.is_whole:
        check(document, _validator())
    if document.is_whole and not document.problems:
        builder = _Builder(document, folder)
        candidate = builder.candidate(name)
        if not document.problems:
            return candidate
    raise CandidateError(enumerated("the candidate", document.problems))


@cache
def _validator() -> Draft202012Validator:
    text = files("trainingloop.replay").joinpath("candidate.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return Draft202012Validator(schema)


class _Builder:
    """Makes a candidate of what the schema has let pass, and objects to what it cannot see."""

    def __init__(self, document: Document, folder: FilePath | None) -> None:
        self._document = document
        self._folder = folder
        self._top = object_of(document.value)

    def candidate(self, name: str) -> Candidate:
        """What the document says; worth something only if it has no problems after it."""
        endpoint, model = self._endpoint(), self._top.get("model")
        playbook = object_of(self._top.get("playbook"))
        if endpoint.base_url == LOCAL:
            model = LOCAL_MODEL
        return Candidate(
            name=str(self._top.get("name") or name or model or "the recorded version"),
            endpoint=endpoint,
            model=str(model) if model else None,
            params=object_of(self._top.get("params")),
            system=self._system(),
            playbook=PlaybookChange(
                version=str(playbook.get("version", "")),
                settings=object_of(playbook.get("settings")),
            ),
            tools=self._tools(),
        )

    def _endpoint(self) -> Endpoint:
        if self._top.get("endpoint") != LOCAL:
            return Endpoint(
                base_url=str(self._top.get("base_url") or base_url()).rstrip("/"),
                api=cast("Literal['chat', 'responses']", self._top.get("api", "chat")),
                key_variable=str(self._top.get("key_variable", _KEY)),
            )
        for name in ("base_url", "model"):
            if self._top.get(name) not in (None, LOCAL_MODEL):
                message = "the local endpoint has its own: leave this out, or leave out endpoint"
                self._document.object_to((name,), message)
        if self._top.get("api", "chat") != "chat":
            self._document.object_to(("api",), "the local endpoint has the chat API only: use chat")
        return Endpoint(base_url=LOCAL, key_variable="")

    def _system(self) -> SystemChange:
        given = self._top.get("system")
        if isinstance(given, str):
            return SystemChange(replace=given)
        said = object_of(given)
        if "replace_file" in said:
            return SystemChange(replace=self._file(("system", "replace_file"), said))
        if "template_file" in said:
            template = self._file(("system", "template_file"), said)
            return self._template(("system", "template_file"), template)
        if "template" in said:
            return self._template(("system", "template"), str(said["template"]))
        if "replace" in said:
            return SystemChange(replace=str(said["replace"]))
        steps = [object_of(step) for step in cast("list[object]", said.get("patch", []))]
        return SystemChange(
            patches=tuple(
                Patch(find=str(step["find"]), replace=str(step["replace"]))
                for step in steps
                if "find" in step
            ),
            prepend="\n\n".join(str(step["prepend"]) for step in steps if "prepend" in step),
            append="\n\n".join(str(step["append"]) for step in steps if "append" in step),
        )

    def _template(self, path: Path, text: str) -> SystemChange:
        for found in PLACEHOLDER.finditer(text):
            if not is_placeholder(found[1]):
                message = f"{quoted(found[1])} is no placeholder; {choices(found[1], NAMES)}"
                self._document.object_to(path, message)
        return SystemChange(template=text)

    def _file(self, path: Path, said: Mapping[str, object]) -> str:
        """The text of a file that stands beside the candidate's."""
        if self._folder is None:
            self._document.object_to(path, "only a candidate that is a file can name one")
            return ""
        folder, named = self._folder.resolve(), str(said[str(path[-1])])
        try:
            # Whoever wrote the file need not be who may read those of the user that runs it.
            if not (place := (folder / named).resolve()).is_relative_to(folder):
                message = "it is outside the candidate's folder: name a file in it"
                self._document.object_to(path, message)
                return ""
            with place.open("rb") as file:
                raw = file.read(_LARGEST_PROMPT_BYTES + 1)
            if len(raw) > _LARGEST_PROMPT_BYTES:
                self._document.object_to(path, "the file is larger than 1 MiB: no prompt is")
                return ""
            return raw.decode("utf-8-sig").rstrip("\n")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            message = f"{reason}: name a file of text that this user can read"
            self._document.object_to(path, message)
            return ""

    def _tools(self) -> ToolsChange:
        said = object_of(self._top.get("tools"))
        for path, parameters in _schemas(said):
            try:
                Draft202012Validator.check_schema(parameters)
            except SchemaError:
                self._document.object_to(path, "this is no JSON schema: write one, type: object")
        replace = said.get("replace")
        change = object_of(said.get("change"))
        return ToolsChange(
            replace=None if replace is None else _chat_tools(replace),
            add=_chat_tools(said.get("add", [])),
            remove=tuple(map(str, cast("list[object]", said.get("remove", [])))),
            change={name: object_of(value) for name, value in change.items()},
        )


def _chat_tools(given: object) -> tuple[JsonObject, ...]:
    return tuple(chat_tool(object_of(tool)) for tool in cast("list[object]", given))


def _schemas(tools: Mapping[str, object]) -> Iterator[tuple[Path, JsonObject]]:
    """Every schema of parameters, and where it stands."""
    for part in ("replace", "add"):
        for index, tool in enumerate(cast("list[object]", tools.get(part) or [])):
            inner: Path = ("function",) if "function" in object_of(tool) else ()
            function = object_of(chat_tool(object_of(tool)).get("function"))
            if "parameters" in function:
                path = ("tools", part, index, *inner, "parameters")
                yield path, object_of(function["parameters"])
    for name, said in object_of(tools.get("change")).items():
        if "parameters" in object_of(said):
            path = ("tools", "change", name, "parameters")
            yield path, object_of(object_of(said)["parameters"])
