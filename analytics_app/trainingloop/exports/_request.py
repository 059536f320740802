"""What a model was asked and answered, as a chat request and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.exports._chat import call_ids, chat_messages, check_calls, system_message
from trainingloop.exports._json import JsonObject, an_object, objects, parsed
from trainingloop.exports._skips import Skip, UnfitError

if TYPE_CHECKING:
    from trainingloop.exports._judged import Judged

_DROPPED: Final = "<DROPPED>"
_FAILED: Final = "<REDACTION_FAILED>"
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
    tools: list[JsonObject]
    params: JsonObject
    """The parameters of the request that no convention names, without its tools."""

    def as_input(self) -> JsonObject:
        """Return it as fine-tuning files have it."""
        if not self.tools:
            return {"messages": self.messages}
        parallel = self.params.get("parallel_tool_calls")
        return {
            "messages": self.messages,
            "tools": self.tools,
            **({"parallel_tool_calls": parallel} if isinstance(parallel, bool) else {}),
        }


def request_of(judged: Judged) -> Request:
    """Return what the model of a decision knew.

    Raises:
        UnfitError: it cannot be said as a chat request.
    """
    if not judged.text("output_messages") and not judged.text("input_messages"):
        raise UnfitError(Skip.NO_ANSWER)
    content = [judged.text(column) for column in _CONTENT]
    if any(_FAILED in text for text in content):
        raise UnfitError(Skip.REDACTION_INCOMPLETE)
    if any(_DROPPED in text for text in content):
        raise UnfitError(Skip.CONTENT_DROPPED)
    params = an_object(parsed(judged.text("request_params")) or {})
    if any(params.get(name) for name in _ELSEWHERE):
        raise UnfitError(Skip.HISTORY_ELSEWHERE)
    messages = chat_messages(judged.text("input_messages"))
    if not messages:
        raise UnfitError(Skip.NO_INPUT)
    check_calls(messages)
    return Request(
        messages=[*system_message(judged.text("system_instructions")), *messages],
        tools=_tools(params.pop("tools", None) or parsed(judged.text("tool_definitions"))),
        params=params,
    )


def answer_of(judged: Judged, request: Request) -> JsonObject:
    """Return what the model of a decision answered.

    Raises:
        UnfitError: it gave no whole answer, or several.
    """
    if judged.text("status") != "ok":
        raise UnfitError(Skip.FAILED)
    several = request.params.get("n")
    if isinstance(several, int) and several > 1:
        raise UnfitError(Skip.SEVERAL_ANSWERS)
    if _CUT_OFF & set(judged.text("finish_reasons").split(",")):
        raise UnfitError(Skip.CUT_OFF)
    answers = chat_messages(judged.text("output_messages"))
    if not answers or not answers[0].get("content", "calls"):
        raise UnfitError(Skip.NO_ANSWER)
    if len(answers) > 1:
        raise UnfitError(Skip.SEVERAL_ANSWERS)
    if answers[0]["role"] != "assistant":
        raise UnfitError(Skip.UNREADABLE)
    call_ids(answers[0])
    return answers[0]


def corrected_answer(judged: Judged) -> JsonObject:
    """Return the answer a reviewer would have given; there must be one."""
    return {"role": "assistant", "content": judged.correction}


def _tools(definitions: object) -> list[JsonObject]:
    return [_tool(definition) for definition in objects(definitions or [])]


def _tool(definition: JsonObject) -> JsonObject:
    """Return a function as the chat API has it; conventions and other APIs do not nest it."""
    if definition.get("type", "function") != "function":
        raise UnfitError(Skip.TOOL_IS_NO_FUNCTION)
    function = an_object(definition.get("function", definition))
    if not isinstance(function.get("name"), str) or not function["name"]:
        raise UnfitError(Skip.UNREADABLE)
    said = {name: value for name, value in function.items() if name != "type" and value is not None}
    return {"type": "function", "function": said}
