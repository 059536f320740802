"""The two doors through which a run is driven."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.replay._reads import TenantReads


class ReplayWorkspace(Protocol):
    """A store of this process, or one that a running ``serve`` owns. Threads share it."""

    def reads(self, tenant: str) -> TenantReads:
        """Return the reads of ``tenant``."""
        ...

    def act(self, action: str, document: Mapping[str, object]) -> Mapping[str, object]:
        """Do what ``document`` asks of an action, such as ``replay/results``."""
        ...
