"""Every environment variable the recorder reads, and the directory it keeps its files in."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from trainingloop.instrumentation.errors import ConfigurationError

REDACTION_KEY: Final = "TRAININGLOOP_REDACTION_KEY"
"""The secret behind every pseudonym and redaction token, at least 16 characters."""
REDACTION_KEY_FILE: Final = "TRAININGLOOP_REDACTION_KEY_FILE"
"""The file that holds that secret; created on first use. Default ``<data dir>/redaction.key``."""
DATA_DIR: Final = "TRAININGLOOP_DATA_DIR"
"""Where trainingloop keeps its files. Default ``~/.local/share/trainingloop``."""
XDG_DATA_HOME: Final = "XDG_DATA_HOME"
"""The user's directory for application data; ours is the folder ``trainingloop`` in it."""
CODE_VERSION: Final = "TRAININGLOOP_CODE_VERSION"
"""The version of the agent's code. Default: what git says about the working directory."""
TENANT: Final = "TRAININGLOOP_TENANT"
"""The tenant of every span that is recorded outside a ``conversation(tenant=...)``."""

OTEL_ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""The base URL spans are sent to. Default ``http://127.0.0.1:4318``."""
OTEL_TRACES_ENDPOINT: Final = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
"""The full URL spans are sent to; comes before the base URL."""
OTEL_PROTOCOL: Final = "OTEL_EXPORTER_OTLP_PROTOCOL"
"""How spans are sent. Default ``http/protobuf``."""
OTEL_COMPRESSION: Final = "OTEL_EXPORTER_OTLP_COMPRESSION"
"""How spans are compressed. Default ``gzip``."""
OTEL_TRACES_EXPORTER: Final = "OTEL_TRACES_EXPORTER"
"""Which exporters get spans. Default ``otlp``."""
OTEL_METRICS_EXPORTER: Final = "OTEL_METRICS_EXPORTER"
"""Which exporters get metrics. Default ``none``."""
OTEL_LOGS_EXPORTER: Final = "OTEL_LOGS_EXPORTER"
"""Which exporters get log records. Default ``none``."""
OTEL_SDK_DISABLED: Final = "OTEL_SDK_DISABLED"
"""``true`` records nothing at all."""
OTEL_CONFIG_FILE: Final = "OTEL_CONFIG_FILE"
"""A declarative configuration; not supported, since its exporters would get unredacted spans."""
CAPTURE_CONTENT: Final = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
"""Whether messages and tool arguments are recorded. Default ``SPAN_ONLY``: they are, redacted."""
OTEL_RESOURCE_ATTRIBUTES: Final = "OTEL_RESOURCE_ATTRIBUTES"
"""Facts about this process, such as ``service.version`` and ``vcs.ref.head.revision``."""

DEFAULT_TENANT: Final = "default"
"""The tenant when none is named anywhere."""
TENANT_RULE: Final = "1 to 64 letters, digits, '.', '_' or '-'"
"""What a tenant may be called, for error messages."""
DEFAULT_ENDPOINT: Final = "http://127.0.0.1:4318"
"""Where ``trainingloop serve`` listens for OTLP over HTTP."""

_TENANT_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


def read(name: str) -> str | None:
    """The value of an environment variable; ``None`` also when it is set to nothing."""
    return os.environ.get(name, "").strip() or None


def read_path(name: str) -> Path | None:
    """The path an environment variable names; ``None`` when it is not set.

    Raises:
        ConfigurationError: It would be in the home directory of a user who has none.
    """
    named = read(name)
    try:
        return Path(named).expanduser() if named else None
    except RuntimeError as error:
        raise _without_home(name) from error


def data_dir() -> Path:
    """The directory trainingloop keeps its files in; it need not exist yet.

    Raises:
        ConfigurationError: It would be in the home directory of a user who has none.
    """
    try:
        if own := read(DATA_DIR):
            return Path(own).expanduser()
        if shared := read(XDG_DATA_HOME):
            return Path(shared).expanduser() / "trainingloop"
        return Path.home() / ".local" / "share" / "trainingloop"
    except RuntimeError as error:
        raise _without_home(DATA_DIR) from error


def redaction_key_file() -> Path:
    """The file that holds the secret of this installation; it need not exist yet.

    Raises:
        ConfigurationError: It would be in the home directory of a user who has none.
    """
    return read_path(REDACTION_KEY_FILE) or data_dir() / "redaction.key"


def _without_home(name: str) -> ConfigurationError:
    return ConfigurationError(
        f"this user has no home directory: set {name} to an absolute path that can be written"
    )


def default_tenant() -> str:
    """The tenant of spans that name none themselves."""
    return read(TENANT) or DEFAULT_TENANT


def is_tenant(name: str) -> bool:
    """Whether a tenant may be called that."""
    return _TENANT_NAME.fullmatch(name) is not None
