"""A realistic assistant of our own making, run and recorded for real, without network or key.

Fernhill Cycle Works is an invented chain of three bicycle workshops. Its assistant takes
bookings, answers questions and settles bills in three playbooks, each in two versions, through
the real openai client against a scripted model on a local port. What it does is recorded by the
real instrumentation and sent as OTLP to the endpoint you name, spread over the past four weeks.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

from trainingloop.demo._assistant import TENANT, Tally, converse
from trainingloop.demo._calendar import Calendar, CalendarExporter
from trainingloop.demo._client import openai_client
from trainingloop.demo._delivery import Patience, check_receiver
from trainingloop.demo._endpoint import scripted_endpoint
from trainingloop.demo._plans import plan
from trainingloop.instrumentation import configure, recorder_stats, semconv, shutdown
from trainingloop.instrumentation.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

__all__ = ["TENANT", "DemoSummary", "run_demo"]

_THREADS: Final = 3
"""Two cores are kept busy by the agent and by the endpoint; a third thread fills the waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSummary:
    """What a demo did, and what of it was delivered."""

    conversations: int
    model_calls: int
    tool_calls: int
    playbook_evaluations: int
    events: int
    """Inbound messages, escalations and closings."""
    spans_emitted: int
    spans_exported: int
    spans_dropped: int
    """Lost on the way: a full queue or a failed delivery."""


def run_demo(
    *,
    endpoint: str,
    conversations: int = 400,
    seed: int = 7,
    progress: Callable[[int, int], None] | None = None,
    now: datetime,
) -> DemoSummary:
    """Run the demo assistant through its conversations and send what it does to ``endpoint``.

    Everything happens in this process, which should not record anything else meanwhile.

    Args:
        endpoint: Base URL of an OTLP/HTTP receiver, such as ``http://127.0.0.1:4318``.
        conversations: How many of them.
        seed: The same seed and ``now`` give the same conversations.
        progress: Told how many of how many conversations are done, in the caller's thread.
        now: The end of the four weeks in which the conversations take place.

    Returns:
        What was done and what was delivered; everything has been flushed by then.

    Raises:
        ConfigurationError: Nothing listens at ``endpoint``, or an argument cannot be used.
    """
    _check(conversations, now)
    check_receiver(endpoint)
    calendar = Calendar(now)
    url = f"{endpoint.rstrip('/')}/v1/traces"
    behind = OTLPSpanExporter(endpoint=url, compression=Compression.Gzip)
    before = recorder_stats()
    configure(
        exporter=CalendarExporter(calendar, behind), tracer_provider=_provider(), tenant=TENANT
    )
    try:
        tally = _run(calendar, conversations, seed, now, progress or _silent)
    finally:
        shutdown()
    after = recorder_stats()
    return DemoSummary(
        conversations=conversations,
        model_calls=tally.model_calls,
        tool_calls=tally.tool_calls,
        playbook_evaluations=tally.playbook_evaluations,
        events=tally.events,
        spans_emitted=after.emitted - before.emitted,
        spans_exported=after.exported - before.exported,
        spans_dropped=after.dropped + after.failed - before.dropped - before.failed,
    )


def _provider() -> TracerProvider:
    """Make a provider for this run alone, so that a second run does not export twice."""
    attributes = {
        semconv.SERVICE_NAME: "fernhill-assistant",
        semconv.SERVICE_VERSION: "2026.47",
        # Losses are counted by instance: two runs must not look like one.
        semconv.SERVICE_INSTANCE_ID: str(uuid4()),
        semconv.DEPLOYMENT_ENVIRONMENT: "demo",
    }
    return TracerProvider(resource=Resource.create(attributes), shutdown_on_exit=False)


def _check(conversations: int, now: datetime) -> None:
    if conversations < 1:
        raise ConfigurationError(
            f"conversations={conversations!r}: give a number from 1, such as 400"
        )
    if now.tzinfo is None:
        raise ConfigurationError(
            f"now={now!r} has no time zone: give an aware one, such as datetime.now(UTC)"
        )


def _run(
    calendar: Calendar,
    conversations: int,
    seed: int,
    now: datetime,
    progress: Callable[[int, int], None],
) -> Tally:
    tally = Tally()
    with (
        scripted_endpoint() as base_url,
        openai_client(base_url) as client,
        ThreadPoolExecutor(_THREADS, thread_name_prefix="demo-conversation") as pool,
    ):
        patience = Patience()

        def one(index: int) -> Tally:
            patience.wait()
            return converse(plan(seed=seed, index=index, now=now), client, calendar)

        running = [pool.submit(one, index) for index in range(conversations)]
        for done, finished in enumerate(as_completed(running), start=1):
            tally += finished.result()
            progress(done, conversations)
    return tally


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""
