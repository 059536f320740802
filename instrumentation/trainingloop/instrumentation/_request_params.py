"""The request parameters of a model call that a replay needs and the conventions do not name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, cast

from trainingloop.instrumentation import _payload

RECORDED: Final = frozenset(
    {
        "audio",
        "background",
        "context_management",
        "conversation",
        "extra_body",
        "frequency_penalty",
        "function_call",
        "functions",
        "include",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_output_tokens",
        "max_tokens",
        "max_tool_calls",
        "modalities",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "previous_response_id",
        "prompt",
        "reasoning",
        "reasoning_effort",
        "response_format",
        "seed",
        "service_tier",
        "stop",
        "store",
        "stream",
        "stream_options",
        "temperature",
        "text",
        "text_format",
        "tool_choice",
        "top_logprobs",
        "top_p",
        "truncation",
        "verbosity",
        "web_search_options",
    }
)
"""An allow-list: headers may hold secrets, and ``user`` or ``metadata`` change no answer."""

_CONTENT: Final = frozenset({"extra_body", "prediction", "prompt"})
"""Those that may hold what people wrote."""
_UNSET: Final = frozenset({"NotGiven", "Omit"})
_CONVENTIONAL: Final = frozenset({"type", "name", "description", "parameters"})
_TOOLS: Final = "tools"


def request_params(kwargs: Mapping[str, object], *, with_content: bool = True) -> str | None:
    """The parameters as a JSON object; ``None`` when the call used none of them.

    Tools are among them only if they say more than ``gen_ai.tool.definitions`` can hold, such as
    ``strict``: a replay without it would not be the same request.
    """
    recorded = RECORDED if with_content else RECORDED - _CONTENT
    found = {
        key: _jsonable(value)
        for key, value in kwargs.items()
        if key in recorded and value is not None and type(value).__name__ not in _UNSET
    }
    tools = kwargs.get(_TOOLS)
    if isinstance(tools, list) and _says_more(cast("list[object]", tools)):
        found[_TOOLS] = cast("list[object]", tools)
    return _payload.json_of(found) if found else None


def _jsonable(value: object) -> object:
    return _schema_of(value) if isinstance(value, type) else value


@lru_cache(maxsize=64)
def _schema_of(model: type) -> object:
    """The schema of a Pydantic model given as a response format; making it takes milliseconds."""
    make = getattr(model, "model_json_schema", None)
    schema: object = make() if callable(make) else {}
    return {"type": "json_schema", "json_schema": {"name": model.__name__, "schema": schema}}


def _says_more(tools: Iterable[object]) -> bool:
    for item in tools:
        if not isinstance(item, Mapping):
            return True
        definition = cast("Mapping[str, object]", item)
        function = definition.get("function")
        if isinstance(function, Mapping):
            definition = cast("Mapping[str, object]", function)
        if not definition.keys() <= _CONVENTIONAL:
            return True
    return False
