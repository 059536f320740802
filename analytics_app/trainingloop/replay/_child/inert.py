"""Which requests would let the endpoint itself act: they are never sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEMAS_ONLY: Final = frozenset({"function", "custom"})
"""Tools the model can ask for and nobody runs; all others the endpoint runs by itself."""
_ACTING: Final = {
    "background": "goes on at the endpoint by itself",
    "conversation": "writes into a conversation the endpoint keeps",
    "extra_body": "can hold anything",
    "extra_headers": "can hold anything",
    "extra_query": "can hold anything",
    "prompt": "can bring tools the endpoint runs",
    "stream": "cannot be compared before it has ended",
    "web_search_options": "lets the endpoint search the web",
}


def acting_part(body: Mapping[str, Any]) -> str:
    """Return which part of a request could do more than bring an answer; "" if none.

    Args:
        body: keyword arguments of the openai client's call.
    """
    for name, why in _ACTING.items():
        if body.get(name):
            return f"{name} {why}"
    for tool in body.get("tools") or ():
        kind = tool.get("type", "function") if isinstance(tool, dict) else "?"
        if kind not in _SCHEMAS_ONLY:
            return "a tool of another type than function would be run by the endpoint"
    return ""
