"""Decisions as a Parquet file, written a page at a time."""

# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyarrow has no type information.

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final, Self, cast

from trainingloop.exports._json import plain
from trainingloop.instrumentation.fingerprint import canonical_json

try:
    import pyarrow as pa  # type: ignore[import-untyped]  # it has no types
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it has no types
except ImportError as error:
    raise ImportError("Parquet needs pyarrow: pip install 'trainingloop[server]'") from error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.chat import JsonObject

_TIME: Final = pa.timestamp("ns", tz="UTC")
_TEXTS: Final = pa.list_(pa.string())
_CALL: Final = pa.struct(
    [
        ("id", pa.string()),
        ("tool", pa.string()),
        ("arguments", pa.string()),
        ("result", pa.string()),
        ("status", pa.string()),
        ("error", pa.string()),
        ("duration_ms", pa.float64()),
        ("called_at", _TIME),
        ("is_requested", pa.bool_()),
        ("is_executed", pa.bool_()),
    ]
)
_OUTCOME: Final = pa.struct(
    [
        ("rule", pa.string()),
        ("version", pa.string()),
        ("state", pa.string()),
        ("ending", pa.string()),
        ("is_attributed", pa.bool_()),
        ("matures_at", _TIME),
    ]
)
_TYPES: Final[Mapping[str, Any]] = {
    "tool_calls": pa.list_(_CALL),
    "outcomes": pa.list_(_OUTCOME),
    "occurred_at": _TIME,
    "ingested_at": _TIME,
    "occurred_at_ns": pa.int64(),
    "duration_ns": pa.uint64(),
    "cost_usd": pa.float64(),
    "rules_fired": _TEXTS,
    "tool_names": _TEXTS,
    "vote_reasons": _TEXTS,
    **dict.fromkeys(
        (
            "turn_index",
            "input_tokens",
            "output_tokens",
            "cache_read_tokens",
            "reasoning_tokens",
            "user_messages",
            "redaction_count",
            "redaction_failures",
            "votes_up",
            "votes_down",
        ),
        pa.uint32(),
    ),
}
"""Columns that are no text; the same in every file, whatever is in it."""


class DecisionFile:
    """A Parquet file of decisions; its columns are those of the first page that has any."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._writer: Any = None
        self._schema: Any = None

    def write(self, decisions: Sequence[JsonObject]) -> None:
        """Append a page of decisions."""
        if not decisions:
            return
        if self._writer is None:
            fields = [(name, _TYPES.get(name, pa.string())) for name in decisions[0]]
            self._open(pa.schema(fields))
        rows = [{name: _cell(name, row[name]) for name in self._schema.names} for row in decisions]
        writer: Any = self._writer
        writer.write_table(pa.Table.from_pylist(rows, schema=self._schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if self._writer is None and kind is None:
            # A file without decisions is still a Parquet file.
            self._open(pa.schema([("decision_id", pa.string()), *_TYPES.items()]))
        if self._writer is not None:
            self._writer.close()

    def _open(self, schema: Any) -> None:  # pyarrow has no types
        self._schema = schema
        self._writer = pq.ParquetWriter(self._file, schema, compression="zstd")


def _cell(name: str, value: object) -> object:
    if name == "tool_calls":
        calls = cast("list[JsonObject]", value)
        return [{**call, "arguments": _text(call["arguments"])} for call in calls]
    if name in _TYPES or value is None or isinstance(value, str):
        return value
    return _text(value) if isinstance(value, dict | list) else str(plain(value))


def _text(value: object) -> str:
    """Return a document as JSON again: a column has one type."""
    return value if isinstance(value, str) else canonical_json(value)
