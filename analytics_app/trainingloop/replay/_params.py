"""Request parameters: what was recorded, as the candidate's API takes it.

Chat Completions and the Responses API say the same things by different names, so all are read into
the words of the chat API first. What decides nothing about the answer is left out in silence, such
as streaming; what decides something and cannot be said is left out with a note.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from trainingloop.replay._json import object_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from trainingloop.chat import JsonObject
    from trainingloop.replay.endpoints import Endpoint

LIMITS: Final = ("max_completion_tokens", "max_output_tokens", "max_tokens")
"""Words for how long an answer may be."""
_LIMIT, _LIMIT_OF_RESPONSES, _OLD_LIMIT = LIMITS
_SILENT: Final = frozenset(
    {
        "background",
        "include",
        "logprobs",
        "n",
        "prediction",
        "service_tier",
        "store",
        "stream",
        "stream_options",
        "top_logprobs",
    }
)
"""They change when and how an answer comes and what it costs, not what it says."""
_BOTH: Final = frozenset({"parallel_tool_calls", "temperature", "top_p"})
_OF_CHAT: Final = frozenset(
    {
        "frequency_penalty",
        "logit_bias",
        "presence_penalty",
        "reasoning_effort",
        "response_format",
        "seed",
        "stop",
        "verbosity",
    }
)
_ACTING: Final = frozenset({"max_tool_calls", "web_search_options"})
"""Of tools that the provider itself would run."""
_COULD_ACT: Final = "the provider could act on it"
_OF_RESPONSES: Final = frozenset({"truncation"})
_SAMPLING: Final = frozenset(
    {
        "chat_template_kwargs",
        "enable_thinking",
        "min_p",
        "repetition_penalty",
        "thinking",
        "top_k",
    }
)
"""What other providers' bodies may say: anything else could search the web or stream."""
_CHOICES: Final = ("function", "allowed_tools")
_OF_TOOLS: Final = ("tool_choice", "parallel_tool_calls")
_OPENAI: Final = ("openai.com", "openai.azure.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Parameters in the words of one API, and what could not be said in them."""

    said: JsonObject
    left_out: Mapping[str, str]
    """Why, by the name of the parameter."""


def merged_params(
    recorded: Mapping[str, object], candidate: Mapping[str, object]
) -> dict[str, object]:
    """Return the recorded parameters under the candidate's, in the words of the chat API."""
    said, own = _read(recorded), _read(candidate)
    replaced = LIMITS if own.keys() & set(LIMITS) else ()
    kept = {name: value for name, value in said.items() if name not in replaced}
    return {name: value for name, value in {**kept, **own}.items() if value is not None}


def written_params(
    said: Mapping[str, object], endpoint: Endpoint, tools: Collection[str]
) -> Params:
    """Return parameters in the words of the endpoint's API.

    Args:
        said: in the words of the chat API, as `merged_params` returns them.
        endpoint: where they go.
        tools: the names of those that are offered.
    """
    kept = {name: value for name, value in said.items() if name not in _SILENT}
    left_out: dict[str, str] = {}
    if not tools:
        for name in _OF_TOOLS:
            if kept.pop(name, "auto") not in ("auto", "none", True, False):
                left_out[name] = "no tools are offered"
    elif (named := _named_tool(kept.get("tool_choice"))) and named not in tools:
        del kept["tool_choice"]
        left_out["tool_choice"] = "the tool it names is not offered"
    write = _chat if endpoint.api == "chat" else _responses
    written = write(kept, left_out, endpoint)
    return Params(said=written, left_out=left_out)


def _read(params: Mapping[str, object]) -> dict[str, object]:
    """Return parameters in the words of the chat API."""
    said: dict[str, object] = {}
    for name, value in params.items():
        if name == _LIMIT_OF_RESPONSES:
            said[_OLD_LIMIT] = value
        elif name == "reasoning":
            said["reasoning_effort"] = object_of(value).get("effort")
        elif name == "text":
            said.update(_read_text(object_of(value)))
        elif name == "text_format":
            said["response_format"] = value
        elif name == "function_call":
            said["tool_choice"] = _read_choice(value)
        elif name == "tool_choice":
            said[name] = _read_choice(value)
        elif name != "modalities" or value != ["text"]:
            said[name] = value
    return said


def _read_text(text: JsonObject) -> JsonObject:
    """Return what ``text`` of the Responses API says."""
    said: JsonObject = {"verbosity": text["verbosity"]} if "verbosity" in text else {}
    if form := object_of(text.get("format")):
        said["response_format"] = (
            {
                "type": "json_schema",
                "json_schema": {key: value for key, value in form.items() if key != "type"},
            }
            if form.get("type") == "json_schema"
            else form
        )
    return said


def _read_choice(value: object) -> object:
    choice = object_of(value)
    if choice.get("type", "function") == "function" and "name" in choice:
        return {"type": "function", "function": {"name": choice["name"]}}
    if choice.get("type") == "allowed_tools" and "tools" in choice:
        allowed = {key: part for key, part in choice.items() if key != "type"}
        return {"type": "allowed_tools", "allowed_tools": allowed}
    return value


def _named_tool(choice: object) -> str:
    return str(object_of(object_of(choice).get("function")).get("name", ""))


def _chat(said: Mapping[str, object], left_out: dict[str, str], endpoint: Endpoint) -> JsonObject:
    written: JsonObject = {}
    for name, value in said.items():
        if name in LIMITS:
            written[_LIMIT if _is_openai(endpoint) else name] = value
        elif name == "tool_choice":
            _write_choice(value, value, written, left_out)
        elif name == "extra_body":
            _write_extra_body(value, written, left_out)
        elif name in _BOTH | _OF_CHAT:
            written[name] = value
        else:
            left_out[name] = _COULD_ACT if name in _ACTING else "the chat API has no such parameter"
    return written


def _is_openai(endpoint: Endpoint) -> bool:
    """Whether it is one of OpenAI's, whose newer models refuse the older word for the limit.

    Other servers often know the older one only.
    """
    host = urlsplit(endpoint.base_url).hostname or ""
    return any(host == name or host.endswith(f".{name}") for name in _OPENAI)


def _responses(said: Mapping[str, object], left_out: dict[str, str], _: Endpoint) -> JsonObject:
    written: JsonObject = {}
    for name, value in said.items():
        if name in _BOTH | _OF_RESPONSES:
            written[name] = value
        elif name in LIMITS:
            written[_LIMIT_OF_RESPONSES] = value
        elif name == "reasoning_effort":
            written["reasoning"] = {"effort": value}
        elif name in ("response_format", "verbosity"):
            written["text"] = {**object_of(written.get("text")), **_written_text(name, value)}
        elif name == "tool_choice":
            _write_choice(value, _flat_choice(value), written, left_out)
        elif name == "extra_body":
            _write_extra_body(value, written, left_out)
        else:
            no_word = "the Responses API has no such parameter"
            left_out[name] = _COULD_ACT if name in _ACTING else no_word
    return written


def _written_text(name: str, value: object) -> JsonObject:
    if name == "verbosity":
        return {name: value}
    form = object_of(value)
    return {"format": {"type": form.get("type"), **object_of(form.get("json_schema"))}}


def _write_choice(
    value: object, said: object, written: JsonObject, left_out: dict[str, str]
) -> None:
    if not isinstance(value, str) and object_of(value).get("type") not in _CHOICES:
        left_out["tool_choice"] = "it names a tool that is no function"
    else:
        written["tool_choice"] = said


def _flat_choice(value: object) -> object:
    """Return a choice of the chat API without its nesting."""
    choice = object_of(value)
    if not choice:
        return value
    kind = str(choice.get("type"))
    allowed = object_of(choice.get(kind))
    if "tools" in allowed:
        tools = [
            {"type": "function", **object_of(object_of(tool).get("function", tool))}
            for tool in cast("list[object]", allowed["tools"])
        ]
        allowed = {**allowed, "tools": tools}
    return {"type": kind, **allowed}


def _write_extra_body(value: object, written: JsonObject, left_out: dict[str, str]) -> None:
    extra = object_of(value)
    kept = {name: part for name, part in extra.items() if name in _SAMPLING}
    left_out.update({f"extra_body.{name}": _COULD_ACT for name in extra.keys() - kept.keys()})
    if kept:
        written["extra_body"] = kept
