"""The tools a candidate is offered: schemas, which nothing ever calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainingloop.replay._json import object_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainingloop.chat import JsonObject
    from trainingloop.replay._candidate import ToolsChange


def offered(recorded: Iterable[JsonObject], change: ToolsChange) -> list[JsonObject]:
    """Return the tools in the form of the chat API, changed as the candidate says.

    A change or a removal of a tool that a decision was not offered leaves that decision as it is.
    """
    tools = _before(recorded, change)
    for name, said in change.change.items():
        if name in tools:
            function = {**object_of(tools[name].get("function")), **said}
            tools[name] = {**tools[name], "function": function}
    return [tool for name, tool in tools.items() if name not in change.remove]


def known_names(recorded: Iterable[JsonObject], change: ToolsChange) -> frozenset[str]:
    """Return the names of the tools that ``change`` can remove or change."""
    return frozenset(_before(recorded, change))


def _before(recorded: Iterable[JsonObject], change: ToolsChange) -> dict[str, JsonObject]:
    """Return the tools by name before any of them is changed or removed."""
    tools = recorded if change.replace is None else change.replace
    return {tool_name(tool): tool for tool in (*tools, *change.add)}


def tool_name(tool: JsonObject) -> str:
    """Return what a tool is called."""
    return str(object_of(tool.get("function")).get("name", ""))


def chat_tool(said: JsonObject) -> JsonObject:
    """Return a tool in the form of the chat API; people also write it without the nesting."""
    function = object_of(said.get("function")) or said
    named = {name: value for name, value in function.items() if name != "type"}
    return {"type": "function", "function": named}
