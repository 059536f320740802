"""Everything the collector can refuse, by name."""

from __future__ import annotations

from trainingloop.instrumentation.errors import ConfigurationError, TrainingLoopError


class CollectorError(TrainingLoopError):
    """The collector could not do what was asked."""


class RefusedError(CollectorError):
    """Nothing of a request was stored, and the same request may succeed later.

    Attributes:
        retry_after_s: how long the sender does well to wait.
    """

    def __init__(self, message: str, *, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class OverloadedError(RefusedError):
    """More was sent than can be stored in time."""


class NotStoredError(RefusedError):
    """The store could not take the batch: a full disk, or an engine that does not answer."""


class MalformedRequestError(CollectorError):
    """A body that is not what its content type says."""


class UnsupportedBodyError(CollectorError):
    """A content type or content encoding that is not understood."""


class BodyTooLargeError(CollectorError):
    """A body above the limit, before or after decompression."""


class PortInUseError(CollectorError, ConfigurationError):
    """A port to listen on is taken."""


class RemoteStoreError(CollectorError):
    """The process that owns the store refused a request, or did not answer it."""
