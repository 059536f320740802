"""A table as JSON, and back."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final, cast

from trainingloop.store import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_ISO_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?", re.ASCII
)
_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": Decimal,
}


def table_document(table: Table) -> dict[str, object]:
    """Return ``table`` as what a JSON encoder takes.

    ``types`` names the columns whose values JSON has no type for, so that `read_table` gives the
    same table again.
    """
    return {
        "columns": list(table.columns),
        "types": {
            name: kind
            for index, name in enumerate(table.columns)
            if (kind := _type_of(table, index))
        },
        "rows": [list(row) for row in table.rows],
    }


def read_table(document: Mapping[str, object]) -> Table:
    """Return the table that `table_document` was made of.

    Raises:
        ValueError: the document is something else.
    """
    try:
        columns = tuple(cast("Sequence[str]", document["columns"]))
        types = cast("Mapping[str, str]", document["types"])
        readers = tuple(_READERS.get(types.get(name, "")) for name in columns)
        rows = tuple(
            tuple(_read(reader, value) for reader, value in zip(readers, row, strict=True))
            for row in cast("Sequence[Sequence[object]]", document["rows"])
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("this is no table") from error
    return Table(columns=columns, rows=rows)


def encodable(value: object) -> object:
    """Turn a value JSON has no word for into one; for an encoder's ``default``."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def parameter(value: object) -> object:
    """Return a read's parameter: a text that is a time in ISO 8601 becomes that time."""
    if isinstance(value, str) and _ISO_TIME.fullmatch(value):
        return datetime.fromisoformat(value)
    return value


def parameter_document(parameters: Mapping[str, object]) -> dict[str, object]:
    """Return a read's parameters as what a JSON encoder takes."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in parameters.items()
    }


def _type_of(table: Table, index: int) -> str:
    """Return the type of a column by its first value; the store's columns have one type each."""
    value = next((row[index] for row in table.rows if row[index] is not None), None)
    if isinstance(value, datetime):
        return "datetime"
    if isinstance(value, date):
        return "date"
    return "decimal" if isinstance(value, Decimal) else ""


def _read(reader: Callable[[str], object] | None, value: object) -> object:
    return value if reader is None or value is None else reader(cast("str", value))
