"""Questions to a model, asked by a process that cannot do anything else.

```python
with open_caller(endpoint, key, concurrency=4, timeout_s=120) as caller:
    caller.ask(Question(question_id="1", body={"model": "gpt-5.4", "messages": [...]}))
    answered = caller.next(timeout_s=180)
```
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from trainingloop.replay._asking_process import AskingProcess

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from trainingloop.replay.answers import Answered
    from trainingloop.replay.endpoints import Endpoint

__all__ = ["Caller", "Question", "open_caller"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request to a model."""

    question_id: str
    body: Mapping[str, object]
    """Keyword arguments of the openai client's call; JSON, and never a stream."""
    kind: Literal["answer", "moderation"] = "answer"
    """What is asked of a moderation is answered with a JSON list of the flagged categories."""


class Caller(Protocol):
    """Asks several questions at once; use it from one thread."""

    @property
    def waiting_s(self) -> float:
        """For how many seconds from now the endpoint wants nobody to ask; 0 if it is open."""
        ...

    def ask(self, question: Question) -> None:
        """Ask, and return at once.

        At most twice the concurrency may be on their way, so that the next one is there when one
        ends; the answers of those before have to be taken first.

        Raises:
            ReplayError: there are too many on their way, or one of that id is.
            GuardError: the process that asks has ended.
        """
        ...

    def next(self, timeout_s: float) -> Answered | None:
        """Return the next answer, in the order in which they come; None if none comes in time.

        Should the process that asks end, each question on its way comes back as
        `trainingloop.replay.answers.AnswerState.CONNECTION`.
        """
        ...


@contextmanager
def open_caller(
    endpoint: Endpoint, key: str, *, concurrency: int, timeout_s: float
) -> Generator[Caller]:
    """Run the process that asks; it ends with the block, with whatever is under way.

    Args:
        endpoint: where to ask; its name is resolved once, here.
        key: what opens the endpoint; "" if nothing has to.
        concurrency: how many questions are asked at once.
        timeout_s: how long each attempt may take, to the end of its answer.

    Raises:
        EndpointError: the address or the key cannot be used, or its host is unknown.
        GuardError: the process could not be started, or not be made safe.
    """
    process = AskingProcess(endpoint, key, concurrency=concurrency, timeout_s=timeout_s)
    try:
        process.await_safe()
        yield process
    finally:
        process.close()
