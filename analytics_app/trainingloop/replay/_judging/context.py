"""What a model knew when it answered, as the checks of an answer ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay._judging.tools import Effect
from trainingloop.replay._judging.wording import wording_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.chat import Request
    from trainingloop.replay._judging.checks import Checks
    from trainingloop.replay._judging.wording import Wording

_LONGEST_RESULTS: Final = 100_000
_FAILURE_STARTS: Final = ("error", '{"error"', '{"status":"error"', "failed", "exception")


@dataclass(frozen=True, slots=True)
class Done:
    """A call of the context and what came of it."""

    tool: str
    effect: Effect
    result: str

    @property
    def is_done_write(self) -> bool:
        """Whether it changed something, as far as its result says."""
        return self.effect is Effect.WRITE and not self.has_failed

    @property
    def has_failed(self) -> bool:
        """Whether the tool says that it did not do it."""
        return "".join(self.result[:40].lower().split()).startswith(_FAILURE_STARTS)


class Context:
    """A request, read as far as it is asked about.

    Args:
        request: what a model was asked.
        checks: what the tools do.
        lacks_tools: whether there were tools that were not recorded.
    """

    def __init__(self, request: Request, checks: Checks, *, lacks_tools: bool = False) -> None:
        self._messages = request.messages
        self._tools = request.tools
        self._lacks_tools = lacks_tools
        self.checks = checks

    @cached_property
    def everything(self) -> str:
        """All its words: messages, arguments of calls and results, in lower case.

        A word at the beginning of a line is one in JSON too, where the line ends in two characters.
        """
        parts: list[str] = []
        for message in self._messages:
            parts.append(text_of(message))
            if message.get("tool_calls"):
                parts.extend(arguments for _, _, arguments in _calls(message))
        return "\n".join(parts).lower().replace("\\n", "\n")

    @cached_property
    def results(self) -> str:
        """What the tools returned that look something up, in lower case."""
        reads = (call.result for call in self.done if call.effect is Effect.READ)
        return "\n".join(reads)[-_LONGEST_RESULTS:].lower()

    @cached_property
    def offered(self) -> dict[str, Mapping[str, object]]:
        """The schema of the arguments of each tool that is offered."""
        functions = (_mapping(tool.get("function")) for tool in self._tools)
        return {
            str(function.get("name")): _mapping(function.get("parameters"))
            for function in functions
        }

    @property
    def tools_are_known(self) -> bool:
        """Whether the tools were recorded: calls without any tool say that they were not."""
        return bool(self._tools) or not (self._lacks_tools or self.done)

    @cached_property
    def done(self) -> tuple[Done, ...]:
        """The calls of the context, in their order."""
        results = {
            str(message.get("tool_call_id")): text_of(message)
            for message in self._messages
            if message.get("role") == "tool"
        }
        effect_of = self.checks.tools.effect_of
        return tuple(
            Done(name, effect_of(name), results.get(call_id, ""))
            for message in self._messages
            for call_id, name, _ in _calls(message)
        )

    @cached_property
    def last_say(self) -> tuple[Wording, ...]:
        """What the customer said since the assistant last said something without a call."""
        said: list[Wording] = []
        for message in reversed(self._messages):
            role = message.get("role")
            if role == "assistant" and not message.get("tool_calls"):
                break
            if role == "user":
                said.append(wording_of(text_of(message)))
        return tuple(said)


def text_of(message: Mapping[str, object]) -> str:
    """The words of a message."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = (_mapping(part) for part in cast("list[object]", content))
    return "\n".join(text for part in parts if isinstance(text := part.get("text"), str))


def _calls(message: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """The id, name and arguments of each call a message asks for."""
    calls = message.get("tool_calls")
    for item in cast("list[object]", calls) if isinstance(calls, list) else []:
        call = _mapping(item)
        function = _mapping(call.get("function"))
        yield (
            str(call.get("id", "")),
            str(function.get("name", "")),
            str(function.get("arguments", "")),
        )


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
