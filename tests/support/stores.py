"""Stores that keep rows in memory, fail, or wait, for tests of what writes to a store."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from support.rowbinary import read_rows
from trainingloop.store.address import StoreAddress
from trainingloop.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from trainingloop.store import Reads, SpanRow
    from trainingloop.store.encoding import EncodedSpans


class MemoryStore:
    """Keeps the batches it was given, and does what it was told to do instead."""

    def __init__(self) -> None:
        self.address = StoreAddress(engine="chdb", directory=Path("nowhere"))
        self.batches: list[list[SpanRow]] = []
        self.settled: list[datetime] = []
        self.failure: Exception | None = None
        """Raised instead of storing."""
        self.may_insert = threading.Event()
        """Cleared, it makes inserts wait."""
        self.is_inserting = threading.Event()
        self.may_insert.set()

    @property
    def rows(self) -> list[SpanRow]:
        """Every row, in order."""
        return [row for batch in self.batches for row in batch]

    def insert_encoded(self, blocks: Sequence[EncodedSpans]) -> None:
        """Keep the rows."""
        self.is_inserting.set()
        assert self.may_insert.wait(timeout=30)
        if self.failure:
            raise self.failure
        self.batches.append([row for block in blocks for row in read_rows(block)])

    def settle(self, since: datetime) -> None:
        """Remember the call."""
        self.settled.append(since)

    def newest(self) -> datetime | None:
        """Have none."""
        return None

    def ping(self) -> None:
        """Fail when told to."""
        if self.failure:
            raise self.failure

    def tenants(self) -> list[str]:
        """Have none."""
        return []

    def reads(self, tenant: str) -> Reads:
        """Have none."""
        raise StoreUnavailableError("nothing can be read from memory")
