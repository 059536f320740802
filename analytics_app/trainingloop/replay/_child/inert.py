"""Which requests would let the endpoint itself act: they are never sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEMAS_ONLY: Final = frozenset({"function", "custom"})
"""Tools the model can ask for and nobody runs; all others the endpoint runs by itself."""
_ACTING: Final = {
    "background": "goes on at the endpoint by itself",
    "conversation": "writes into a conversation the endpoint keeps",
    "extra_headers": "can hold anything",
    "extra_query": "can hold anything",
    "prompt": "can bring tools the endpoint runs",
    "previous_response_id": "goes on with what the endpoint keeps",
    "store": "has the endpoint keep it",
    "stream": "cannot be compared before it has ended",
    "web_search_options": "lets the endpoint search the web",
}
_SEARCHING: Final = (":online", "-search-preview", "-search-api", "-deep-research")
"""What names of models hold that search the web by themselves."""


def sent_body(body: Mapping[str, Any], *, is_kept: bool) -> dict[str, Any]:
    """Return what goes over the wire for the arguments of the openai client's call.

    Args:
        body: keyword arguments; ``extra_body`` is what the client would merge into it.
        is_kept: whether the interface keeps answers unless it is told not to.
    """
    merged = {name: value for name, value in body.items() if name != "extra_body"}
    merged.update(body.get("extra_body") or {})
    return {"store": False, **merged} if is_kept else merged


def acting_part(body: Mapping[str, Any]) -> str:
    """Return which part of a request could do more than bring an answer; "" if none.

    Args:
        body: as it goes over the wire.
    """
    for name, why in _ACTING.items():
        if body.get(name):
            return f"{name} {why}"
    if any(each in str(body.get("model")) for each in _SEARCHING):
        return "a model of this name searches the web by itself"
    tools: object = body.get("tools") or []
    if isinstance(tools, (list, tuple)) and all(map(_is_schema, cast("list[object]", tools))):
        return ""
    return "a tool of another type than function would be run by the endpoint"


def _is_schema(tool: object) -> bool:
    if not isinstance(tool, dict):
        return False
    said = cast("dict[str, object]", tool)
    kind = said.get("type", "function")
    return isinstance(kind, str) and kind in _SCHEMAS_ONLY
