"""Tries again what a store refuses for a while."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, TypeVar

from trainingloop.collector.errors import RefusedError, RemoteStoreError
from trainingloop.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.replay._reads import TenantReads
    from trainingloop.store import Table

T = TypeVar("T")

PASSING: Final = (StoreUnavailableError, RemoteStoreError, RefusedError)
"""What a store that is busy, full or being started again says."""
_PAUSES_S: Final = (0.1, 0.4, 1.0, 2.0, 4.0)
"""Between the tries: a serve that is started again is there within seconds."""


def patiently(do: Callable[[], T], stop: threading.Event | None = None) -> T:
    """Return what ``do`` returns, trying again while the store says that it cannot now.

    Args:
        do: what may be done several times.
        stop: set, it ends the waiting.

    Raises:
        TrainingLoopError: it could not each time.
    """
    waiting = stop or threading.Event()
    for pause_s in _PAUSES_S:
        try:
            return do()
        except PASSING:
            if waiting.wait(pause_s):
                break
    return do()


class PatientReads:
    """The reads of a tenant, each tried again while the store cannot answer."""

    def __init__(self, reads: TenantReads, stop: threading.Event | None = None) -> None:
        self._reads = reads
        self._stop = stop

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``."""
        return patiently(lambda: self._reads.table(name, parameters), self._stop)
