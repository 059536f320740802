"""Setting the recorder up, in code or from a distribution, and ending it."""

from __future__ import annotations

import atexit
import logging
import os
import threading
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

from trainingloop.instrumentation import (
    _openai,
    _recorder,
    _redaction,
    _resource,
    _stats,
    environment,
    keys,
)
from trainingloop.instrumentation._context import ContextStamp
from trainingloop.instrumentation._guard import Shield
from trainingloop.instrumentation.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.sdk.trace.export import SpanExporter

_logger = logging.getLogger(__name__)

_SCOPE: Final = "trainingloop.instrumentation"
_DEFAULTS: Final = {
    environment.CAPTURE_CONTENT: "SPAN_ONLY",
    environment.OTEL_PROTOCOL: "http/protobuf",
    environment.OTEL_COMPRESSION: "gzip",
}
_LEGACY_CAPTURE: Final = "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setup:
    """What has to be undone at the end."""

    processors: tuple[SpanProcessor, ...]
    has_instrumented_openai: bool


class _Slot:
    __slots__ = ("lock", "setup")

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.setup: _Setup | None = None


_slot = _Slot()


def configure(
    *,
    endpoint: str | None = None,
    service_name: str | None = None,
    service_version: str | None = None,
    tenant: str | None = None,
    headers: Mapping[str, str] | None = None,
    tracer_provider: TracerProvider | None = None,
    exporter: SpanExporter | None = None,
    instrument_openai: bool = True,
) -> None:
    """Record this process's decisions: call it once, before the first model call.

    Args:
        endpoint: Base URL of ``trainingloop serve`` or of a collector, such as
            ``http://127.0.0.1:4318``. Default: ``OTEL_EXPORTER_OTLP_ENDPOINT``.
        service_name: The agent's name. Default: ``OTEL_SERVICE_NAME``.
        service_version: The agent's version. Default: what git says.
        tenant: The tenant of everything that names none. Default: ``TRAININGLOOP_TENANT``.
        headers: Sent with every export, for a collector that asks who is calling.
        tracer_provider: Where spans are made. Default: the global one, made if there is none.
        exporter: Takes the place of the OTLP exporter; it gets redacted spans only.
        instrument_openai: Whether calls of the openai client are recorded.
    """
    with _slot.lock, Shield("configuring the recorder"):
        if _slot.setup is not None:
            _logger.warning(
                "trainingloop is already configured; this call of configure() changes nothing. "
                "Call shutdown() first, or leave it out under opentelemetry-instrument."
            )
            return
        if os.environ.get(environment.OTEL_SDK_DISABLED, "").strip().lower() == "true":
            return
        apply_defaults()
        _stats.report_loss_at_exit()
        provider = tracer_provider or _global_provider(service_name, service_version)
        target = exporter if exporter is not None else _otlp_exporter(endpoint, headers)
        stamp = ContextStamp(_resource.process_attributes(tenant))
        processors = (stamp, _redaction.redacting_span_processor(target))
        for processor in processors:
            provider.add_span_processor(processor)
        _record_with(provider, tenant)
        instrumented = instrument_openai and _openai.instrument(provider)
        _slot.setup = _Setup(processors=processors, has_instrumented_openai=instrumented)
        _shut_down_at_exit()


def adopt_global_provider() -> None:
    """Record through the provider that the distribution has just set up."""
    with _slot.lock, Shield("configuring the recorder"):
        _record_with(trace.get_tracer_provider(), None)
        _slot.setup = _Setup(processors=(), has_instrumented_openai=False)


def shutdown() -> None:
    """Send what is queued and record nothing any more."""
    with _slot.lock, Shield("shutting the recorder down"):
        setup, _slot.setup = _slot.setup, None
        _recorder.use(None)
        if setup is None:
            return
        if setup.has_instrumented_openai:
            with Shield("taking the openai instrumentation off"):
                _openai.uninstrument()
        for processor in setup.processors:
            with Shield("closing a span processor"):
                processor.shutdown()


def apply_defaults() -> None:
    """Set what OpenTelemetry reads from the environment, where nobody has set it yet.

    Content is captured, because it is redacted before it leaves. That batches are small is up to
    the redacting processor, which knows the size of the queue.
    """
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    # What most descriptions still recommend; the library warns and then captures nothing.
    if os.environ[environment.CAPTURE_CONTENT].strip().lower() == _LEGACY_CAPTURE:
        os.environ[environment.CAPTURE_CONTENT] = _DEFAULTS[environment.CAPTURE_CONTENT]


def _record_with(provider: trace.TracerProvider, tenant: str | None) -> None:
    keyring: keys.Keyring | None = None
    with Shield("loading the redaction keys"):
        keyring = keys.load_keyring()
    _recorder.use(
        _recorder.Recorder(
            tracer=provider.get_tracer(_SCOPE),
            tenant=tenant or environment.default_tenant(),
            keys=keyring,
            captures_content=_openai.captures_content(),
        )
    )


def _global_provider(service_name: str | None, service_version: str | None) -> TracerProvider:
    existing = trace.get_tracer_provider()
    if isinstance(existing, TracerProvider):
        return existing
    attributes = _resource.resource_attributes(service_name, service_version)
    # Our own exit handler ends it, after the queue has been sent.
    provider = TracerProvider(resource=Resource.create(attributes), shutdown_on_exit=False)
    trace.set_tracer_provider(provider)
    return provider


def _otlp_exporter(endpoint: str | None, headers: Mapping[str, str] | None) -> SpanExporter:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    sent_headers = dict(headers) if headers is not None else None
    if endpoint is None and environment.read(environment.OTEL_TRACES_ENDPOINT):
        return OTLPSpanExporter(headers=sent_headers)
    base = endpoint or environment.read(environment.OTEL_ENDPOINT) or environment.DEFAULT_ENDPOINT
    if not base.startswith(("http://", "https://")):
        raise ConfigurationError(
            f"the endpoint is {base!r}; it must be a URL that begins with http:// or https://, "
            f"such as {environment.DEFAULT_ENDPOINT}"
        )
    return OTLPSpanExporter(endpoint=f"{base.rstrip('/')}/v1/traces", headers=sent_headers)


@cache
def _shut_down_at_exit() -> None:
    # Registered after report_loss_at_exit, so that it runs before the losses are counted.
    atexit.register(shutdown)
