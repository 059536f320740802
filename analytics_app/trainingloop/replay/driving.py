"""Drives a run: all of it that is not done yet, to the end.

```python
summary = drive(workspace, "default", run_id, on_progress=print)
```
"""

from __future__ import annotations

import threading
import uuid
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from trainingloop.prices import load_prices
from trainingloop.replay._session import Progress, Session, Summary
from trainingloop.replay._workspace import ReplayWorkspace
from trainingloop.replay.asking import open_caller
from trainingloop.replay.candidates import candidate_from
from trainingloop.replay.endpoints import key_of
from trainingloop.replay.local import reached
from trainingloop.replay.runs import run_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager

    from trainingloop.prices import Prices
    from trainingloop.replay.asking import Caller
    from trainingloop.replay.endpoints import Endpoint

__all__ = ["OpensCaller", "Progress", "ReplayWorkspace", "Summary", "drive"]


class OpensCaller(Protocol):
    """Opens what asks a model: `trainingloop.replay.asking.open_caller`."""

    def __call__(
        self, endpoint: Endpoint, key: str, *, concurrency: int, timeout_s: float
    ) -> AbstractContextManager[Caller]:
        """Return what asks at ``endpoint``, for as long as the context lasts."""
        ...


def drive(
    workspace: ReplayWorkspace,
    tenant: str,
    run_id: str,
    *,
    ask: OpensCaller = open_caller,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    prices: Prices | None = None,
    driver: str = "",
) -> Summary:
    """Ask what is not answered yet in a run, and return how it went.

    Everything that is stored stays: it is not asked again, whenever and wherever this is called
    next. Of a process that is killed at most the questions under way are lost, answers that wait
    to be stored included: no more than three times the concurrency of the run.

    Args:
        workspace: the store, of this process or of another.
        tenant: whose run it is.
        run_id: which run.
        ask: opens what asks the model.
        clock: tells when a result is settled that took no question, in UTC.
        on_progress: is told how far it is, about twice a second, and at the end.
        stop: set, the run is left as it is, to be resumed.
        prices: what tokens cost, for the budget and for what is stored; those of this
            installation when not given.
        driver: names who replays the run; made up when not given.

    Raises:
        RunError: there is no such run, another driver has it, or nothing is left to replay.
        EndpointError: the endpoint cannot be asked, or its key is missing.
        CandidateError: the candidate cannot be understood.
        GuardError: the process that asks could not be made safe; nothing was asked.
    """
    run = run_of(workspace.reads(tenant), run_id)
    candidate = candidate_from(run.candidate)
    key = key_of(candidate.endpoint)
    concurrency = 1 if candidate.is_local else run.options.concurrency
    session = Session(
        workspace,
        tenant,
        run=replace(run, options=replace(run.options, concurrency=concurrency)),
        candidate=candidate,
        prices=load_prices() if prices is None else prices,
        clock=clock,
        driver=driver or uuid.uuid4().hex,
    )

    @contextmanager
    def opened() -> Generator[Caller]:
        with ExitStack() as stack:
            endpoint = stack.enter_context(reached(candidate.endpoint))
            yield stack.enter_context(
                ask(endpoint, key, concurrency=concurrency, timeout_s=run.options.timeout_s)
            )

    return session.drive(opened, on_progress or (lambda _: None), stop or threading.Event())
