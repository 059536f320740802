"""What a model was asked and answered, as lines of a file have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainingloop.chat import JsonObject, Request
    from trainingloop.exports._judged import Judged


def as_input(request: Request) -> JsonObject:
    """Return a request as fine-tuning files have it."""
    if not request.tools:
        return {"messages": request.messages}
    parallel = request.params.get("parallel_tool_calls")
    return {
        "messages": request.messages,
        "tools": request.tools,
        **({"parallel_tool_calls": parallel} if isinstance(parallel, bool) else {}),
    }


def corrected_answer(judged: Judged) -> JsonObject:
    """Return the answer a reviewer would have given; there must be one."""
    return {"role": "assistant", "content": judged.correction}
