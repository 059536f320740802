"""Costs as the store computes them, against sums made by hand."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from support.otlp import chat_attributes, otlp_span, request_of
from trainingloop.collector import Pipeline
from trainingloop.instrumentation.keys import Keyring
from trainingloop.prices import Price, Prices
from trainingloop.processor import Redactor
from trainingloop.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.proto.trace.v1.trace_pb2 import Span

KEY = b"a key for tests only, 32 bytes ok"
PRICES = Prices(
    entries=(
        Price(model="gpt-4o", input_usd=2.5, cached_input_usd=1.25, output_usd=10),
        Price(model="gpt-4o-mini", input_usd=0.15, cached_input_usd=0.075, output_usd=0.6),
    )
)
COST_USD = (files("trainingloop.store") / "reads" / "_cost_usd.sql").read_text()
COSTS = (
    f"SELECT decision_id, {COST_USD} AS cost FROM decisions "
    "WHERE tenant_id = {tenant:String} ORDER BY decision_id"
)
TOTAL = (
    f"SELECT sum({COST_USD}) AS cost, count({COST_USD}) AS with_cost, count() AS decisions "
    "FROM decisions WHERE tenant_id = {tenant:String}"
)


def decided(number: int, model: str, *, tenant: str = "acme", **usage: object) -> Span:
    """Return a model turn whose tokens and cost are those of ``usage``."""
    attributes = chat_attributes() | {"trainingloop.tenant.id": tenant}
    for name in ("request.model", "response.model"):
        attributes[f"gen_ai.{name}"] = model
    for name in ("input_tokens", "output_tokens"):
        attributes[f"gen_ai.usage.{name}"] = usage.get(name, 0)
    attributes["gen_ai.usage.cache_read.input_tokens"] = usage.get("cached", 0)
    if "cost" in usage:
        attributes["trainingloop.usage.cost_usd"] = usage["cost"]
    return otlp_span(attributes, number=number)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Five decisions of one tenant and one of another."""
    folder = tmp_path_factory.mktemp("prices")
    spans = [
        decided(1, "gpt-4o-2024-08-06", input_tokens=1000, output_tokens=100),
        decided(2, "openai/gpt-4o-mini", input_tokens=1000, output_tokens=100, cached=400),
        decided(3, "gpt-4o", input_tokens=1000, output_tokens=100, cost=0.5),
        decided(4, "some-model-of-ours", input_tokens=1000, output_tokens=100),
        decided(5, "gpt-4o"),
        decided(6, "gpt-4o", tenant="other", input_tokens=7, output_tokens=7),
    ]
    with (
        open_store(f"chdb://{folder / 'store'}") as opened,
        Pipeline(opened, Redactor(key=KEY, engine="fast"), keys=Keyring.of(KEY)) as pipeline,
    ):
        pipeline.accept(request_of(*spans), source="test")
        yield opened


def test_the_models_of_a_tenant_are_read(store: Store) -> None:
    """As they are stored, each once, and only the tenant's own."""
    mine, others = (store.reads(tenant).table("models").rows for tenant in ("acme", "other"))

    assert [row[0] for row in mine] == [
        "gpt-4o",
        "gpt-4o-2024-08-06",
        "openai/gpt-4o-mini",
        "some-model-of-ours",
    ]
    assert [row[0] for row in others] == ["gpt-4o"]


def test_a_decision_costs_what_was_said_else_its_tokens(store: Store) -> None:
    """By hand: 1000 x 2.5 + 100 x 10; 600 x 0.15 + 400 x 0.075 + 100 x 0.6; both per million."""
    binds = PRICES.binds_of(store.reads("acme"))

    table = store.execute(COSTS, {**binds, "tenant": "acme"})

    costs = [row[1] for row in table.rows]
    assert costs[:3] == [pytest.approx(0.0035), pytest.approx(0.00018), 0.5]


def test_what_is_unknown_costs_null(store: Store) -> None:
    """A model without a price and a call without tokens cost nobody knows what, and not zero."""
    binds = PRICES.binds_of(store.reads("acme"))

    table = store.execute(COSTS, {**binds, "tenant": "acme"})

    assert [row[1] for row in table.rows][3:] == [None, None]


def test_a_sum_says_how_many_it_is_of(store: Store) -> None:
    """0.0035 + 0.00018 + 0.5 of three decisions in five."""
    binds = PRICES.binds_of(store.reads("acme"))

    table = store.execute(TOTAL, {**binds, "tenant": "acme"})

    assert table.rows == ((pytest.approx(0.50368), 3, 5),)


def test_without_any_price_what_was_said_still_counts(store: Store) -> None:
    """Empty lists are parameters too."""
    table = store.execute(TOTAL, {**Prices().binds([]), "tenant": "acme"})

    assert table.rows == ((0.5, 1, 5),)


def test_sql_and_python_agree(store: Store) -> None:
    """The shipped arithmetic exists twice; it is the same."""
    price = PRICES.of("gpt-4o-mini")

    table = store.execute(COSTS, {**PRICES.binds_of(store.reads("acme")), "tenant": "acme"})

    assert price is not None
    expected = price.cost_usd(input_tokens=1000, output_tokens=100, cached_input_tokens=400)
    assert table.rows[1][1] == pytest.approx(expected, rel=1e-12)
