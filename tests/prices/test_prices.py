"""Prices: whose they are, which models they stand for, what a file may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trainingloop.prices import Price, Prices, PricesError, is_same_model, load_prices

if TYPE_CHECKING:
    from pathlib import Path


def price(model: str, *, input_usd: float = 1, output_usd: float = 2) -> Price:
    """Return a price whose cached input is as dear as the other."""
    return Price(
        model=model, input_usd=input_usd, cached_input_usd=input_usd, output_usd=output_usd
    )


def written(folder: Path, text: str) -> Path:
    """Return a file of prices."""
    path = folder / "own.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "gpt-4o-mini",
        "GPT-4o-mini",
        "gpt-4o-mini-2024-07-18",
        "gpt-4o-mini-20240718",
        "gpt-4o-mini@20240718",
        "gpt-4o-mini-latest",
        "openai/gpt-4o-mini",
        "openrouter/openai/gpt-4o-mini-2024-07-18",
    ],
)
def test_a_model_is_known_by_its_other_names(name: str) -> None:
    """A date behind it, a provider in front of it and capitals change nothing."""
    prices = Prices(entries=(price("gpt-4o"), price("gpt-4o-mini", input_usd=0.15)))

    found = prices.of(name)

    assert found is not None
    assert found.model == "gpt-4o-mini"


@pytest.mark.parametrize(
    "name",
    [
        "claude-sonnet-4.5",
        "anthropic/claude-sonnet-4.5",
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "claude-sonnet-4-5@20250929",
    ],
)
def test_gateways_write_names_their_own_way(name: str) -> None:
    """Dots for hyphens, and what Amazon Bedrock and Vertex put around a name."""
    prices = Prices(entries=(price("claude-sonnet-4"), price("claude-sonnet-4-5", input_usd=3)))

    found = prices.of(name)

    assert found is not None
    assert found.input_usd == 3


@pytest.mark.parametrize("name", ["", "gpt-4o-audio-preview", "gpt-4", "my-gpt-4o", "llama-3"])
def test_another_model_has_no_price(name: str) -> None:
    """A name that only looks alike is unknown: a wrong price is worse than none."""
    assert Prices(entries=(price("gpt-4o"),)).of(name) is None


def test_a_dated_entry_comes_before_its_family() -> None:
    """Where a version had a price of its own, that is the one."""
    prices = Prices(
        entries=(price("gpt-4o", input_usd=2.5), price("gpt-4o-2024-05-13", input_usd=5))
    )

    dated, family = prices.of("gpt-4o-2024-05-13"), prices.of("gpt-4o-2024-08-06")

    assert dated is not None
    assert family is not None
    assert (dated.input_usd, family.input_usd) == (5, 2.5)


def test_a_pattern_comes_after_every_name() -> None:
    """``*`` is for the rest."""
    prices = Prices(entries=(price("acme-*", input_usd=9), price("acme-large", input_usd=1)))

    named, rest = prices.of("acme-large"), prices.of("acme-tiny-7")

    assert named is not None
    assert rest is not None
    assert (named.input_usd, rest.input_usd) == (1, 9)


def test_cached_tokens_are_part_of_the_input() -> None:
    """1,000 in of which 400 cached, 200 out: 600 x 2 + 400 x 0.5 + 200 x 8, per million."""
    model = Price(model="m", input_usd=2, cached_input_usd=0.5, output_usd=8)

    cost = model.cost_usd(input_tokens=1000, output_tokens=200, cached_input_tokens=400)

    assert cost == pytest.approx(0.003)


def test_your_prices_come_before_the_shipped_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that the environment names wins, and the others stay."""
    path = written(tmp_path, "prices: [{model: gpt-4o, input: 1, output: 4}]")
    monkeypatch.setenv("TRAININGLOOP_PRICES", str(path))

    prices = load_prices()

    own, shipped = prices.of("gpt-4o-2024-08-06"), prices.of("gpt-4o-mini")
    assert own is not None
    assert (own.input_usd, own.cached_input_usd, own.output_usd) == (1, 1, 4)
    assert shipped is not None


def test_every_shipped_price_says_since_when() -> None:
    """List prices grow old: each has the day it is known from, and no name stands twice."""
    entries = load_prices().entries

    assert [entry.model for entry in entries if entry.as_of is None] == []
    assert len({entry.model for entry in entries}) == len(entries) > 10
    assert [entry.model for entry in entries if entry.cached_input_usd > entry.input_usd] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"'own.yaml' has no list 'prices'"),
        ("prices: {gpt-4o: 1}", r"'own.yaml' has no list 'prices'"),
        ("prices: [", r"'own.yaml' is no YAML"),
        ("prices: [1]", r"entry 1 of 'own.yaml' is no mapping"),
        ("prices: [{model: a, input: 1, output: 1, per: call}]", r"entry 1 .* has per"),
        ("prices: [{input: 1, output: 1}]", r"entry 1 .* names no model"),
        ("prices: [{model: a, input: 1}]", r"entry 1 .* has no 'output'"),
        ("prices: [{model: a, input: -1, output: 1}]", r"entry 1 .* has no 'input'"),
        ("prices: [{model: a, input: .nan, output: 1}]", r"entry 1 .* has no 'input'"),
        ("prices: [{model: a, input: true, output: 1}]", r"entry 1 .* has no 'input'"),
        ("prices: [{model: a, input: 1, cached_input: x, output: 1}]", r"no 'cached_input'"),
    ],
)
def test_a_file_that_says_something_else_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    """The error names the entry and what it should be."""
    with pytest.raises(PricesError, match=message):
        load_prices(written(tmp_path, text))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A setting that points nowhere is no reason to take other prices."""
    with pytest.raises(PricesError, match="cannot be read"):
        load_prices(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("gpt-4o", "gpt-4o"),
        ("gpt-4o", "gpt-4o-2024-08-06"),
        ("gpt-4o", "openai/gpt-4o"),
        ("openai/gpt-4o", "GPT-4o-2024-08-06"),
        ("gpt-4", "gpt-4-0613"),
        ("gpt-4.1", "gpt-4.1-2025-04-14"),
        ("claude-3-5-sonnet-latest", "claude-3-5-sonnet"),
        ("claude-sonnet-4-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("claude-sonnet-4-5", "claude-sonnet-4-5@20250929"),
        ("gemini-1.5-pro", "models/gemini-1.5-pro-002"),
        ("gemini-2.5-pro-preview", "gemini-2.5-pro-preview-05-06"),
        ("command-r", "command-r-08-2024"),
        ("llama3.2", "llama3.2:latest"),
    ],
)
def test_a_version_of_a_model_may_be_that_model(name: str, other: str) -> None:
    """By its date, its number or its provider, whichever of the two says more."""
    assert is_same_model(name, other)
    assert is_same_model(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("gpt-4o", "gpt-4o-mini"),
        ("gpt-4o", "gpt-4o-mini-2024-07-18"),
        ("gpt-4", "gpt-4.1"),
        ("gpt-4", "gpt-4-turbo"),
        ("o1", "o1-preview"),
        ("gpt-4o-2024-05-13", "gpt-4o-2024-08-06"),
        ("openai/gpt-4o", "openai/gpt-5"),
        ("gpt-4o", ""),
    ],
)
def test_a_relative_of_a_model_is_another(name: str, other: str) -> None:
    """A smaller one, a later one, and another version of the same."""
    assert not is_same_model(name, other)
    assert not is_same_model(other, name)
