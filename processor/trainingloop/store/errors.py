"""Everything the store can refuse, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainingloop.instrumentation.errors import ConfigurationError, TrainingLoopError

if TYPE_CHECKING:
    from trainingloop.store.owner import Owner


class StoreError(TrainingLoopError):
    """The store could not do what was asked."""


class StoreAddressError(StoreError, ConfigurationError):
    """A DSN that names no store."""


class StoreInUseError(StoreError):
    """Another process owns the directory of an embedded store.

    Attributes:
        owner: what that process wrote about itself, or None when it wrote nothing.
    """

    def __init__(self, message: str, owner: Owner | None) -> None:
        super().__init__(message)
        self.owner = owner


class StoreTooNewError(StoreError):
    """The store was written by a newer trainingloop."""


class StoreUnavailableError(StoreError):
    """The engine could not take or answer this now; the same call may succeed later."""


class UnknownReadError(StoreError):
    """A read was asked for by a name that no ``reads/*.sql`` file has."""
