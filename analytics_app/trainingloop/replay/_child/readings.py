"""What an endpoint's JSON says, whatever its types: nothing of it is trusted to be there."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from trainingloop.replay.answers import Answer, AnswerState, ToolCall, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_NAME: Final = 200
_CUT_OFF: Final = frozenset({"length", "content_filter"})
_INCOMPLETE: Final = {"max_output_tokens": "length", "content_filter": "content_filter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one body says."""

    state: AnswerState
    answer: Answer = field(default_factory=Answer)
    usage: Usage = field(default_factory=Usage)
    reason: str = ""
    model: str = ""
    system_fingerprint: str = ""
    response_id: str = ""


def read_chat(body: object) -> Reading:
    """Return what a chat completion says."""
    top = _object(body)
    choices = _list(top.get("choices"))
    message = _object(_object(choices[0]).get("message")) if choices else {}
    if not message:
        return _garbled("the answer has no message")
    finish = _name(_object(choices[0]).get("finish_reason"))
    if not finish:
        return _garbled("the answer does not say how it ended")
    answer = Answer(
        text=_text(message.get("content")),
        tool_calls=tuple(_chat_calls(message)),
        refusal=_text(message.get("refusal")),
        finish_reason=finish,
    )
    return _reading(top, answer, _chat_usage(_object(top.get("usage"))))


def read_response(body: object) -> Reading:
    """Return what a response of the Responses API says."""
    top = _object(body)
    status = _name(top.get("status"))
    if status == "failed":
        return Reading(state=AnswerState.SERVER_ERROR, reason="the endpoint says that it failed")
    if status not in {"completed", "incomplete"} or not isinstance(top.get("output"), list):
        return _garbled("the answer does not say how it ended")
    calls = tuple(_response_calls(top))
    cut = _object(top.get("incomplete_details")).get("reason")
    finish = "tool_calls" if calls else "stop"
    answer = Answer(
        text="".join(_response_texts(top, "output_text", "text")),
        tool_calls=calls,
        refusal="".join(_response_texts(top, "refusal", "refusal")),
        finish_reason=_INCOMPLETE.get(_name(cut), "length") if status == "incomplete" else finish,
    )
    return _reading(top, answer, _response_usage(_object(top.get("usage"))))


def read_moderation(body: object) -> Reading:
    """Return which categories a moderation flagged, as a JSON list in the answer's text."""
    top = _object(body)
    results = [_object(each) for each in _list(top.get("results"))]
    if not results or not all(isinstance(each.get("categories"), dict) for each in results):
        return _garbled("the moderation names no categories")
    flagged = {
        _name(category)
        for each in results
        for category, is_flagged in _object(each.get("categories")).items()
        if is_flagged is True
    }
    answer = Answer(text=json.dumps(sorted(flagged)), finish_reason="stop")
    return _reading(top, answer)


def _reading(top: dict[str, Any], answer: Answer, usage: Usage | None = None) -> Reading:
    return Reading(
        state=_state(answer),
        answer=answer,
        usage=usage or Usage(),
        model=_name(top.get("model")),
        system_fingerprint=_name(top.get("system_fingerprint")),
        response_id=_name(top.get("id")),
    )


def _state(answer: Answer) -> AnswerState:
    if answer.finish_reason in _CUT_OFF:
        return AnswerState.TRUNCATED
    if answer.refusal:
        return AnswerState.REFUSED
    if not answer.text.strip() and not answer.tool_calls:
        return AnswerState.EMPTY
    return AnswerState.OK


def _chat_calls(message: dict[str, Any]) -> Iterator[ToolCall]:
    for each in map(_object, _list(message.get("tool_calls"))):
        yield _call(each.get("function") or each.get("custom"), each.get("id"))
    if message.get("function_call"):
        yield _call(message["function_call"], "")


def _response_calls(top: dict[str, Any]) -> Iterator[ToolCall]:
    for item in map(_object, _list(top.get("output"))):
        if _name(item.get("type")) in {"function_call", "custom_tool_call"}:
            yield _call(item, item.get("call_id"))


def _call(what: object, call_id: object) -> ToolCall:
    function = _object(what)
    arguments = function.get("arguments", function.get("input", ""))
    return ToolCall(
        name=_name(function.get("name")),
        # Some endpoints send the object itself.
        arguments=_clean(arguments if isinstance(arguments, str) else json.dumps(arguments)),
        call_id=_name(call_id),
    )


def _response_texts(top: dict[str, Any], part_type: str, key: str) -> Iterator[str]:
    for item in map(_object, _list(top.get("output"))):
        if item.get("type") == "message":
            for part in map(_object, _list(item.get("content"))):
                if part.get("type") == part_type:
                    yield _text(part.get(key))


def _chat_usage(usage: dict[str, Any]) -> Usage:
    return Usage(
        input_tokens=_count(usage, "prompt_tokens"),
        output_tokens=_count(usage, "completion_tokens"),
        cached_input_tokens=_count(_object(usage.get("prompt_tokens_details")), "cached_tokens"),
        reasoning_tokens=_count(
            _object(usage.get("completion_tokens_details")), "reasoning_tokens"
        ),
    )


def _response_usage(usage: dict[str, Any]) -> Usage:
    return Usage(
        input_tokens=_count(usage, "input_tokens"),
        output_tokens=_count(usage, "output_tokens"),
        cached_input_tokens=_count(_object(usage.get("input_tokens_details")), "cached_tokens"),
        reasoning_tokens=_count(_object(usage.get("output_tokens_details")), "reasoning_tokens"),
    )


def _garbled(reason: str) -> Reading:
    return Reading(state=AnswerState.GARBLED, reason=reason)


def _object(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        return []
    return cast("list[Any]", value)  # type: ignore[redundant-cast]  # pyright does not know it


def _text(value: object) -> str:
    if isinstance(value, str):
        return _clean(value)
    return "".join(_text(_object(part).get("text")) for part in _list(value))


def _name(value: object) -> str:
    return _clean(value)[:_LONGEST_NAME] if isinstance(value, str) else ""


def _clean(value: str) -> str:
    """Replace half characters, which JSON can hold and no store can."""
    return value.encode("utf-8", "replace").decode()


def _count(usage: dict[str, Any], key: str) -> int:
    value = usage.get(key)
    # Above that it is no count, and no column holds it.
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40:
        return value
    return 0
