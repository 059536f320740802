"""ClickHouse: spans in, tenant-scoped reads out; embedded by default, a server by DSN."""

from __future__ import annotations

from trainingloop.store._sql import read_names
from trainingloop.store._store import Reads, Store, open_store
from trainingloop.store.rows import SpanRow, Table

__all__ = ["Reads", "SpanRow", "Store", "Table", "open_store", "read_names"]
