"""Facts about this process: which service in which version, and which code."""

from __future__ import annotations

import uuid
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation import environment, semconv
from trainingloop.instrumentation._code_version import code_version, declared_attributes

if TYPE_CHECKING:
    from opentelemetry.util.types import AttributeValue

_SOURCE_SDK: Final = "sdk"
_UNINSTALLED: Final = "0"


def resource_attributes(
    service_name: str | None = None, service_version: str | None = None
) -> dict[str, AttributeValue]:
    """The resource of every span of this process.

    What ``OTEL_RESOURCE_ATTRIBUTES`` names is left to it, unless the caller names it too.
    """
    code = code_version()
    derived = {
        semconv.SERVICE_INSTANCE_ID: str(uuid.uuid4()),
        semconv.VCS_REVISION: code.revision,
        semconv.VCS_BRANCH: code.branch,
        semconv.SERVICE_VERSION: code.tag,
    }
    named = declared_attributes()
    attributes: dict[str, AttributeValue] = {
        key: value for key, value in derived.items() if value is not None and key not in named
    }
    if service_name is not None:
        attributes[semconv.SERVICE_NAME] = service_name
    if service_version is not None:
        attributes[semconv.SERVICE_VERSION] = service_version
    return attributes


def process_attributes(tenant: str | None = None) -> dict[str, AttributeValue]:
    """What every span of this process is stamped with."""
    code = code_version()
    attributes: dict[str, AttributeValue] = {
        semconv.SOURCE: _SOURCE_SDK,
        semconv.TENANT_ID: tenant or environment.default_tenant(),
        semconv.LIBRARY_VERSION: _library_version(),
    }
    if code.tag is not None:
        attributes[semconv.CODE_VERSION] = code.tag
    if code.is_dirty:
        attributes[semconv.CODE_DIRTY] = True
    return attributes


def _library_version() -> str:
    try:
        return version("trainingloop")
    except PackageNotFoundError:
        return _UNINSTALLED
