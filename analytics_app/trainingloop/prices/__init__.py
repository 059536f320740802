"""What model calls cost where nobody says so: list prices, and yours before them."""

from __future__ import annotations

from trainingloop.prices._loading import load_prices
from trainingloop.prices._names import is_same_model
from trainingloop.prices._prices import Price, Prices
from trainingloop.prices.errors import PricesError

__all__ = ["Price", "Prices", "PricesError", "is_same_model", "load_prices"]
