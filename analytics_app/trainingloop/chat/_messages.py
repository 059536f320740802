"""Recorded messages as the chat API takes them.

What is recorded follows OpenTelemetry's GenAI conventions: messages of parts. Reasoning has no
place in a chat request and is left out; anything else that does not fit makes the decision unfit,
because what is asked again must be what was asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.chat._json import JsonObject, an_object, as_text, objects, parsed
from trainingloop.chat._unfit import Unfit
from trainingloop.chat.errors import UnfitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ROLES: Final = frozenset({"system", "developer", "user", "assistant"})
_TEXTS: Final = frozenset({"text", "input_text", "output_text", "refusal"})
_CALLS: Final = frozenset({"tool_call", "function_call"})
_RESULTS: Final = frozenset({"tool_call_response", "tool_result"})


def chat_messages(recorded: str) -> list[JsonObject]:
    """Return ``gen_ai.input.messages`` or ``gen_ai.output.messages`` as chat messages.

    Raises:
        UnfitError: they cannot be said in chat messages.
    """
    value = parsed(recorded)
    messages = [] if value is None else objects(value)
    return _joined(part for message in messages for part in _messages(message))


def system_message(recorded: str) -> list[JsonObject]:
    """Return ``gen_ai.system_instructions`` as one message, or none.

    Raises:
        UnfitError: they are no text.
    """
    if recorded.strip()[:1] not in ("[", '"'):
        return [{"role": "system", "content": recorded}] if recorded.strip() else []
    value = parsed(recorded)
    if isinstance(value, str):
        return [{"role": "system", "content": value}]
    texts = [_text(part) for part in objects(value)]
    return [{"role": "system", "content": _content(texts)}] if texts else []


def check_calls(messages: Iterable[JsonObject]) -> None:
    """Let pass what the API accepts: each call answered at once, each result an answer.

    Raises:
        UnfitError: it would be refused.
    """
    open_calls: set[str] = set()
    for message in messages:
        if message["role"] == "tool":
            answered = str(message["tool_call_id"])
            if answered not in open_calls:
                raise UnfitError(Unfit.RESULT_WITHOUT_CALL)
            open_calls.remove(answered)
        elif open_calls:
            raise UnfitError(Unfit.CALL_NOT_ANSWERED)
        else:
            open_calls = call_ids(message)
    if open_calls:
        raise UnfitError(Unfit.CALL_NOT_ANSWERED)


def call_ids(message: JsonObject) -> set[str]:
    """Return the ids of the calls a message asks for.

    Raises:
        UnfitError: one has none of its own.
    """
    calls = objects(message.get("tool_calls", []))
    ids = {str(call["id"]) for call in calls if call["id"]}
    if len(ids) < len(calls):
        raise UnfitError(Unfit.CALL_WITHOUT_ID)
    return ids


def _messages(recorded: JsonObject) -> Iterator[JsonObject]:
    """Yield the chat messages one recorded message stands for."""
    role = recorded.get("role")
    texts: list[str] = []
    calls: list[JsonObject] = []
    parts = _parts(recorded)
    for part in parts:
        match part.get("type"):
            case "reasoning":
                continue
            case kind if kind in _CALLS:
                calls.append(_call(part))
            case kind if kind in _RESULTS:
                yield _result(part)
            case _:
                texts.append(_text(part))
    if not texts and not calls and parts:
        return
    if role not in _ROLES or (calls and role != "assistant"):
        raise UnfitError(Unfit.RESULT_WITHOUT_CALL if role == "tool" else Unfit.UNREADABLE)
    yield {
        "role": role,
        **({} if calls and not texts else {"content": _content(texts)}),
        **({"tool_calls": calls} if calls else {}),
    }


def _parts(recorded: JsonObject) -> list[JsonObject]:
    content = recorded.get("content")
    if "parts" not in recorded and isinstance(content, str):
        return [{"type": "text", "content": content}]
    return objects(recorded.get("parts"))


def _text(part: JsonObject) -> str:
    if part.get("type") == "compaction":  # earlier messages were left out
        raise UnfitError(Unfit.CONTENT_OMITTED)
    text = part.get("content", part.get("text"))
    if part.get("type", "text") not in _TEXTS or not isinstance(text, str):
        raise UnfitError(Unfit.NOT_TEXT)
    return text


def _content(texts: list[str]) -> object:
    if len(texts) < 2:  # several parts stay several
        return texts[0] if texts else ""
    return [{"type": "text", "text": text} for text in texts]


def _call(part: JsonObject) -> JsonObject:
    name, arguments = part.get("name"), part.get("arguments")
    if not isinstance(name, str) or not name:
        raise UnfitError(Unfit.UNREADABLE)
    # The API takes arguments as the text of a JSON object, also where there are none.
    text = "{}" if arguments in (None, "") else as_text(arguments)
    return {
        "id": str(part.get("id") or ""),
        "type": "function",
        "function": {"name": name, "arguments": text},
    }


def _result(part: JsonObject) -> JsonObject:
    result = part.get("response", part.get("result"))
    return {
        "role": "tool",
        "tool_call_id": str(part.get("id") or part.get("tool_call_id") or ""),
        "content": "" if result is None else as_text(result),
    }


def _joined(messages: Iterable[JsonObject]) -> list[JsonObject]:
    """Return the messages with those of the assistant that belong together as one.

    The Responses API gives each of several calls as an item of its own; in a chat they are one
    message, and a result may only follow all of them.
    """
    joined: list[JsonObject] = []
    for message in messages:
        last = joined[-1] if joined else {}
        is_more = message["role"] == last.get("role") == "assistant"
        if is_more and ("tool_calls" in last or "tool_calls" in message):
            joined[-1] = _merged(last, message)
        else:
            joined.append(message)
    return joined


def _merged(first: JsonObject, second: JsonObject) -> JsonObject:
    texts = [text for message in (first, second) for text in _texts(message)]
    calls = [call for message in (first, second) for call in objects(message.get("tool_calls", []))]
    return {
        "role": "assistant",
        **({"content": _content(texts)} if texts else {}),
        "tool_calls": calls,
    }


def _texts(message: JsonObject) -> list[str]:
    content = message.get("content", [])
    if isinstance(content, str):
        return [content]
    return [str(an_object(part)["text"]) for part in objects(content)]
