"""What a row, or the header above it, says about the versions that were at work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from trainingloop.transcripts import _fields
from trainingloop.transcripts.conversation import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARAMETERS: Final = frozenset(
    {
        "temperature", "top_p", "top_k", "n", "seed", "stop", "max_tokens", "max_output_tokens",
        "max_completion_tokens", "frequency_penalty", "presence_penalty", "logit_bias",
        "tool_choice", "parallel_tool_calls", "response_format", "reasoning", "reasoning_effort",
        "verbosity", "service_tier", "thinking",
    }
)  # fmt: skip
"""An allow-list: recorded call parameters are known to hold API keys, headers and base URLs."""


_NAMES_OF_OTHER_THINGS: Final = frozenset({"n", "seed", "stop", "thinking"})
"""In a row itself these may say something of the conversation, such as a simulator's seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands once above all rows of a file."""

    model: str = ""
    instructions: str = ""
    code_version: str = ""
    tools: tuple[Mapping[str, object], ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])


def header_of(fields: Mapping[str, object], *, model: str) -> Header:
    """Return the header of a set of simulations; ``model`` where it names none."""
    header = _fields.mapping(fields.get("info"))
    agent = _fields.mapping(header.get("agent_info"))
    environment = _fields.mapping(header.get("environment_info"))
    return Header(
        model=_fields.text(agent.get("llm")) or model,
        instructions=_fields.text(environment.get("policy")),
        code_version=_fields.text(header.get("git_commit")),
        tools=_tools(environment.get("tool_defs")),
        parameters=_parameters(_fields.mapping(agent.get("llm_args"))),
    )


def facts_of(fields: Mapping[str, object], header: Header) -> Facts:
    """Return what holds for a row: what it says itself, else what the header says."""
    metadata = _fields.mapping(fields.get("metadata"))
    playbook = _named(metadata, "playbook")
    prompt = _named(metadata, "prompt")
    experiment = _named(metadata, "experiment")
    of_row = _parameters(fields)
    parameters = {name: of_row[name] for name in of_row.keys() - _NAMES_OF_OTHER_THINGS}
    return Facts(
        model=_fields.text(fields.get("model")) or header.model,
        instructions=_fields.first_text(fields, "system", "instructions") or header.instructions,
        tools=_tools(fields.get("tools")) or header.tools,
        parameters={
            **header.parameters,
            **parameters,
            **_parameters(_fields.mapping(fields.get("parameters"))),
        },
        customer=_customer(fields, metadata),
        channel=_either(fields, metadata, "channel"),
        agent=_either(fields, metadata, "agent"),
        code_version=_either(fields, metadata, "code_version") or header.code_version,
        playbook_id=playbook.name,
        playbook_version=playbook.version,
        prompt_name=prompt.name,
        prompt_version=prompt.version,
        experiment_id=experiment.name,
        experiment_variant=experiment.version,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    name: str
    version: str


def _named(metadata: Mapping[str, object], kind: str) -> _Named:
    """Read ``{"playbook": {"id": …, "version": …}}``, or ``playbook_id``, ``playbook_version``."""
    nested = _fields.mapping(metadata.get(kind))
    flat_names = (kind, f"{kind}_id", f"{kind}_name")
    flat_versions = (f"{kind}_version", f"{kind}_variant")
    return _Named(
        name=_fields.first_text(nested, "id", "name") or _fields.first_text(metadata, *flat_names),
        version=_fields.first_text(nested, "version", "variant")
        or _fields.first_text(metadata, *flat_versions),
    )


def _either(fields: Mapping[str, object], metadata: Mapping[str, object], name: str) -> str:
    return _fields.text(metadata.get(name)) or _fields.text(fields.get(name))


def _customer(fields: Mapping[str, object], metadata: Mapping[str, object]) -> str:
    names = ("customer", "customer_id", "user_id", "user")
    task = _fields.mapping(_fields.mapping(fields.get("info")).get("task"))
    return (
        _fields.first_text(metadata, *names)
        or _fields.first_text(fields, *names)
        or _fields.text(task.get("user_id"))
    )


def _parameters(source: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value for name, value in source.items() if name in _PARAMETERS and value is not None
    }


def _tools(definitions: object) -> tuple[Mapping[str, object], ...]:
    """Return tool definitions in the flat form of the GenAI conventions."""
    found: list[Mapping[str, object]] = []
    for definition in _fields.mappings(definitions):
        function = _fields.mapping(definition.get("function")) or definition
        parameters = function.get("parameters", function.get("input_schema"))
        tool = {
            "type": "function",
            "name": _fields.text(function.get("name")),
            "description": _fields.text(function.get("description")),
            "parameters": parameters,
        }
        if tool["name"]:
            found.append({name: value for name, value in tool.items() if value})
    return tuple(found)
