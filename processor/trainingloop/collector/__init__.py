"""The gateway: OTLP in, personal data out, decisions into the store."""

from __future__ import annotations

from trainingloop.collector._counters import Counters
from trainingloop.collector._pipeline import Outcome, Pipeline
from trainingloop.collector._processes import CONVERTING_PROCESSES
from trainingloop.collector._receivers import GRPC_PORT, HTTP_PORT, Receivers
from trainingloop.collector._writer import WriterLimits
from trainingloop.collector.remote import RemoteReads, RemoteStore

__all__ = [
    "CONVERTING_PROCESSES",
    "GRPC_PORT",
    "HTTP_PORT",
    "Counters",
    "Outcome",
    "Pipeline",
    "Receivers",
    "RemoteReads",
    "RemoteStore",
    "WriterLimits",
]
