"""Prices out of YAML."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, cast

import yaml

from trainingloop.prices._prices import Price, Prices
from trainingloop.prices.environment import prices_file
from trainingloop.prices.errors import PricesError

if TYPE_CHECKING:
    from pathlib import Path

_FIELDS: Final = ("model", "input", "cached_input", "output", "as_of")
_MOST_USD: Final = 1_000_000


def load_prices(path: Path | None = None) -> Prices:
    """Return the prices that are shipped, behind those of a file of your own.

    Args:
        path: that file; the one ``TRAININGLOOP_PRICES`` names when not given.

    Raises:
        PricesError: the file cannot be read, or an entry does not say what it should.
    """
    own = path or prices_file()
    return Prices(entries=(*(_of_file(own) if own else ()), *_shipped()))


@cache
def _shipped() -> tuple[Price, ...]:
    return _entries((files("trainingloop.prices") / "prices.yaml").read_text(), "prices.yaml")


def _of_file(path: Path) -> tuple[Price, ...]:
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise PricesError(
            f"the prices in {path.name!r} cannot be read ({type(error).__name__}): "
            "name a YAML file that can be"
        ) from error
    return _entries(text, path.name)


def _entries(text: str, file: str) -> tuple[Price, ...]:
    try:
        document: object = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise PricesError(f"{file!r} is no YAML: {type(error).__name__}") from error
    fields = cast("dict[object, object]", document) if isinstance(document, dict) else {}
    listed = fields.get("prices")
    if not isinstance(listed, list):
        raise PricesError(f"{file!r} has no list 'prices': give one of {{model, input, output}}")
    return tuple(
        _entry(entry, f"entry {number} of {file!r}")
        for number, entry in enumerate(cast("list[object]", listed), start=1)
    )


def _entry(entry: object, place: str) -> Price:
    fields = cast("dict[object, object]", entry) if isinstance(entry, dict) else {}
    unknown = [str(name) for name in fields if name not in _FIELDS]
    if not fields or unknown:
        given = f"has {', '.join(unknown)}" if unknown else "is no mapping"
        raise PricesError(f"{place} {given}: give {', '.join(_FIELDS)}")
    model = fields.get("model")
    if not isinstance(model, str) or not model.strip():
        raise PricesError(f"{place} names no model: give its name as a text")
    input_usd = _usd(fields, "input", place)
    as_of = fields.get("as_of")
    return Price(
        model=model.strip(),
        input_usd=input_usd,
        cached_input_usd=(
            _usd(fields, "cached_input", place) if "cached_input" in fields else input_usd
        ),
        output_usd=_usd(fields, "output", place),
        as_of=as_of if isinstance(as_of, date) else None,
    )


def _usd(fields: dict[object, object], name: str, place: str) -> float:
    value = fields.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MOST_USD:
        return float(value)
    # Also for NaN, which is not between any two numbers.
    raise PricesError(
        f"{place} has no {name!r} that is a price: "
        f"give US dollars per million tokens, 0 to {_MOST_USD}"
    )
