"""What a model was asked and answered, as a chat request and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.chat._json import JsonObject, an_object, objects, parsed
from trainingloop.chat._messages import call_ids, chat_messages, check_calls, system_message
from trainingloop.chat._unfit import Unfit
from trainingloop.chat.errors import UnfitError
from trainingloop.instrumentation.semconv import RedactionStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

_DROPPED: Final = "<DROPPED>"
_FAILED: Final = "<REDACTION_FAILED>"
_OMITTED_TEXT: Final = '"[omitted: a text of '
_OMITTED_ALL: Final = '{"omitted":'
"""What recording and importing write instead of what is too large."""
_ELSEWHERE: Final = ("previous_response_id", "conversation", "prompt")
"""Parameters with which the provider adds messages that are not recorded."""
_CUT_OFF: Final = frozenset({"length", "content_filter", "max_output_tokens"})
_CONTENT: Final = (
    "input_messages",
    "system_instructions",
    "tool_definitions",
    "request_params",
    "output_messages",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a model knew."""

    messages: list[JsonObject]
    """Chat messages, the system's first."""
    tools: list[JsonObject]
    params: JsonObject
    """The parameters of the request that no convention names, without its tools."""


def check_redaction(row: Mapping[str, object]) -> None:
    """Let only decisions pass that were redacted as a whole.

    Args:
        row: the columns of ``decisions``.

    Raises:
        UnfitError: there is no such proof.
    """
    if not row["redaction_version"]:
        raise UnfitError(Unfit.NOT_REDACTED)
    if row["redaction_status"] != RedactionStatus.OK or row["redaction_failures"]:
        raise UnfitError(Unfit.REDACTION_INCOMPLETE)


def request_of(row: Mapping[str, object]) -> Request:
    """Return what the model of a decision knew.

    Args:
        row: the columns of ``decisions``.

    Raises:
        UnfitError: it cannot be said as a chat request.
    """
    content = {column: str(row[column]) for column in _CONTENT}
    if not content["output_messages"] and not content["input_messages"]:
        raise UnfitError(Unfit.NO_ANSWER)
    _check_content(content)
    params = an_object(parsed(content["request_params"]) or {})
    if any(params.get(name) for name in _ELSEWHERE):
        raise UnfitError(Unfit.HISTORY_ELSEWHERE)
    messages = chat_messages(content["input_messages"])
    if not messages:
        raise UnfitError(Unfit.NO_INPUT)
    check_calls(messages)
    return Request(
        messages=[*system_message(content["system_instructions"]), *messages],
        tools=_tools(params.pop("tools", None) or parsed(content["tool_definitions"])),
        params=params,
    )


def answer_message_of(
    row: Mapping[str, object], request: Request, *, may_be_cut_off: bool = False
) -> JsonObject:
    """Return what the model of a decision answered, as a message of the assistant.

    Args:
        row: the columns of ``decisions``.
        request: what `request_of` returned for it.
        may_be_cut_off: whether a part of an answer is one, too.

    Raises:
        UnfitError: it gave no whole answer, or several.
    """
    if row["status"] != "ok":
        raise UnfitError(Unfit.FAILED)
    several = request.params.get("n")
    if isinstance(several, int) and several > 1:
        raise UnfitError(Unfit.SEVERAL_ANSWERS)
    if not may_be_cut_off and _CUT_OFF & set(str(row["finish_reasons"]).split(",")):
        raise UnfitError(Unfit.CUT_OFF)
    answers = chat_messages(str(row["output_messages"]))
    if not answers or not answers[0].get("content", "calls"):
        raise UnfitError(Unfit.NO_ANSWER)
    if len(answers) > 1:
        raise UnfitError(Unfit.SEVERAL_ANSWERS)
    if answers[0]["role"] != "assistant":
        raise UnfitError(Unfit.UNREADABLE)
    call_ids(answers[0])
    return answers[0]


def _check_content(content: Mapping[str, str]) -> None:
    """Refuse what is not all there."""
    if any(_FAILED in text for text in content.values()):
        raise UnfitError(Unfit.REDACTION_INCOMPLETE)
    if any(_DROPPED in text for text in content.values()):
        raise UnfitError(Unfit.CONTENT_DROPPED)
    if any(_OMITTED_TEXT in text or text.startswith(_OMITTED_ALL) for text in content.values()):
        raise UnfitError(Unfit.CONTENT_OMITTED)


def _tools(definitions: object) -> list[JsonObject]:
    return [_tool(definition) for definition in objects(definitions or [])]


def _tool(definition: JsonObject) -> JsonObject:
    """Return a function as the chat API has it; conventions and other APIs do not nest it."""
    if definition.get("type", "function") != "function":
        raise UnfitError(Unfit.TOOL_IS_NO_FUNCTION)
    function = an_object(definition.get("function", definition))
    if not isinstance(function.get("name"), str) or not function["name"]:
        raise UnfitError(Unfit.UNREADABLE)
    said = {name: value for name, value in function.items() if name != "type" and value is not None}
    return {"type": "function", "function": said}
