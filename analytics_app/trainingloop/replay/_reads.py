"""What replays need of a store that is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.store import Table


class TenantReads(Protocol):
    """The reads of one tenant; a `trainingloop.store.Reads`."""

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``."""
        ...
