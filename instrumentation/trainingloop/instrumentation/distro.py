"""What ``opentelemetry-instrument`` loads: recording without a line of code in the agent."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any, Final, cast

from opentelemetry.instrumentation.distro import (  # type: ignore[attr-defined]  # ignored inside
    BaseDistro,
)
from opentelemetry.sdk._configuration import (
    _OTelSDKConfigurator,  # pyright: ignore[reportPrivateUsage]  # made for distributions
)

from trainingloop.instrumentation import (
    _config,
    _openai,
    _redaction,
    _resource,
    _stats,
    environment,
)
from trainingloop.instrumentation._context import ContextStamp
from trainingloop.instrumentation._guard import Shield

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.metadata import EntryPoint

__all__ = ["TrainingLoopConfigurator", "TrainingLoopDistro"]

_logger = logging.getLogger(__name__)

_DEFAULTS: Final = {
    environment.OTEL_TRACES_EXPORTER: "otlp",
    environment.OTEL_METRICS_EXPORTER: "none",
    environment.OTEL_LOGS_EXPORTER: "none",
    environment.OTEL_ENDPOINT: environment.DEFAULT_ENDPOINT,
}


class TrainingLoopDistro(BaseDistro):  # type: ignore[misc]  # the same
    """Sets defaults in the environment and sees that each openai call is recorded once."""

    def _configure(self, **kwargs: Any) -> None:
        del kwargs
        with Shield("applying defaults"):
            _config.apply_defaults()
            for name, value in _DEFAULTS.items():
                os.environ.setdefault(name, value)
            _stats.report_loss_at_exit()

    def load_instrumentor(self, entry_point: EntryPoint, **kwargs: Any) -> None:
        """Load an instrumentation; of those for openai only the one we know.

        Several packages register under the name ``openai``, and each of them would add its own
        span to every call.
        """
        if entry_point.name != _openai.ENTRY_POINT_NAME:
            load = cast("Callable[..., None]", super().load_instrumentor)  # pyright: ignore[reportUnknownMemberType]  # untyped upstream
            load(entry_point, **kwargs)
            return
        if not entry_point.value.startswith(_openai.INSTRUMENTOR_MODULE):
            _logger.info("Skipping %s: openai is recorded already.", entry_point.value)
            return
        with Shield("instrumenting openai"):
            _openai.instrument()


class TrainingLoopConfigurator(_OTelSDKConfigurator):
    """Builds the SDK with the context stamped on every span and redaction before every exporter."""

    def _configure(self, **kwargs: Any) -> None:
        if environment.read(environment.OTEL_CONFIG_FILE):
            _logger.warning(
                "%s is set, but its exporters would get unredacted spans: nothing is recorded. "
                "Configure the exporters by environment variables instead.",
                environment.OTEL_CONFIG_FILE,
            )
            return
        with Shield("configuring OpenTelemetry"):
            named = cast("dict[str, Any]", kwargs.pop("resource_attributes", None) or {})
            configure = cast("Callable[..., None]", super()._configure)  # pyright: ignore[reportUnknownMemberType]  # untyped upstream
            configure(
                **kwargs,
                resource_attributes={**_resource.resource_attributes(), **named},
                span_processors=[ContextStamp(_resource.process_attributes())],
                export_span_processor=_redaction.redacting_span_processor,
                export_log_record_processor=_redaction.redacting_log_processor,
            )
            _config.adopt_global_provider()
