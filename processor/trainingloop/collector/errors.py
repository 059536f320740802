"""Everything the collector can refuse, by name."""

from __future__ import annotations

import logging
from typing import Final

from trainingloop.instrumentation.errors import ConfigurationError, TrainingLoopError

_logger = logging.getLogger(__name__)

_PAUSE_S: Final = 5


class CollectorError(TrainingLoopError):
    """The collector could not do what was asked."""


class BadRequestError(CollectorError):
    """A request of the JSON API that cannot be understood; nothing was done."""


class NotFoundError(CollectorError):
    """A request of the JSON API names something that is not there; nothing was done."""


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


def unexpected(error: Exception) -> RefusedError:
    """Return what a sender is told of an error nobody thought of: to keep what it has.

    Senders drop for good what is answered with 500 or INTERNAL.
    """
    # The type alone: a message may quote the request.
    _logger.warning("a request could not be handled: %s", type(error).__name__)
    return RefusedError(
        "the collector failed on this request: send it again later", retry_after_s=_PAUSE_S
    )


def stopping() -> RefusedError:
    """Return what a sender is told whose request was not done when the collector had to end."""
    return RefusedError("the collector is stopping: send again", retry_after_s=_PAUSE_S)
