"""Packages that are there only if somebody installed them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from trainingloop.instrumentation.errors import ConfigurationError

if TYPE_CHECKING:
    from types import ModuleType


def needed(package: str, *, asked: str, remedy: str) -> ModuleType:
    """The package, or an error that says who asked for it and how to get it."""
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise ConfigurationError(
            f"the name finder {asked!r} was asked for and the package {package!r} cannot be "
            f"imported ({type(error).__name__}). Install it with: {remedy}, or choose another "
            "name finder."
        ) from error


def unreadable(*, asked: str, error: Exception, remedy: str) -> ConfigurationError:
    """The error for a model that is installed or named, and does not load."""
    return ConfigurationError(
        f"the name finder {asked!r} was asked for and its model cannot be loaded "
        f"({type(error).__name__}: {error}). {remedy}"
    )
