"""A recorded decision as a candidate is asked it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingloop.replay._bodies import chat_body, responses_body
from trainingloop.replay._candidate_prompt import prompted
from trainingloop.replay._candidate_tools import offered, tool_name
from trainingloop.replay._params import merged_params, written_params
from trainingloop.replay.errors import CandidateError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.chat import JsonObject
    from trainingloop.replay._candidate import Candidate
    from trainingloop.replay.cases import Case
    from trainingloop.replay.endpoints import Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedInstead:
    """What a candidate is asked, in the words of the chat API."""

    endpoint: Endpoint
    model: str
    messages: Sequence[JsonObject]
    tools: Sequence[JsonObject]
    params: Mapping[str, object]

    @property
    def left_out(self) -> Mapping[str, str]:
        """What of the parameters the endpoint's API cannot be told, and why."""
        return written_params(self.params, self.endpoint, self._tool_names).left_out

    @property
    def _tool_names(self) -> list[str]:
        return [tool_name(tool) for tool in self.tools]

    def body(self, more_messages: Sequence[JsonObject]) -> JsonObject:
        """Return the arguments of the client's call."""
        write = chat_body if self.endpoint.api == "chat" else responses_body
        params = written_params(self.params, self.endpoint, self._tool_names).said
        return write(self.model, [*self.messages, *more_messages], self.tools, params)


def asked(candidate: Candidate, case: Case) -> AskedInstead:
    """Return what ``candidate`` is asked for ``case``.

    Raises:
        CandidateError: it cannot be asked this one.
    """
    model = candidate.model or case.versions.request_model or case.versions.model
    if not model:
        raise CandidateError(
            "the decision does not say which model was asked: name one as the candidate's"
        )
    tools = offered(case.request.tools, candidate.tools)
    if case.lacks_tools and not tools:
        raise CandidateError(
            "the decision called tools, and was recorded without the tools there were: give the "
            "candidate tools of its own"
        )
    return AskedInstead(
        endpoint=candidate.endpoint,
        model=model,
        messages=prompted(candidate, case),
        tools=tools,
        params=merged_params(case.request.params, candidate.params),
    )
