"""Whole decisions: lines and tables, with votes and outcomes joined."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, cast

import pyarrow.parquet  # type: ignore[import-untyped]  # it has no types
import pytest

from support.reviewed import decided, exported, outcome, vote
from trainingloop.exports import ExportForm, SelectionError, parse_only

if TYPE_CHECKING:
    from trainingloop.store import Store


def _judged(store: Store) -> None:
    store.insert_spans([decided(1), decided(2)])
    vote(store, 1, 1, reason="helpful")
    vote(store, 1, -1, reviewer="r-2", reason="incorrect", correction="Until seven.")
    outcome(store, 1, "order_paid")


def test_a_line_says_what_people_thought_and_what_came_of_it(store: Store) -> None:
    """But not who thought it."""
    _judged(store)

    first, second = exported(store, ExportForm.JSONL).lines

    known = ("votes_up", "votes_down", "vote_reasons", "correction", "outcomes")
    assert [first[name] for name in known] == [
        1,
        1,
        ["helpful", "incorrect"],
        "Until seven.",
        [
            {
                "rule": "order_paid",
                "version": "1",
                "state": "yes",
                "ending": "",
                "is_attributed": True,
                "matures_at": "2026-11-04T12:00:00+00:00",
            }
        ],
    ]
    assert [second[name] for name in known] == [0, 0, [], "", []]
    assert first["redaction_version"] == "2"


def test_a_table_has_the_same_in_typed_columns(store: Store) -> None:
    """Counts are numbers and outcomes are structures."""
    _judged(store)

    table = cast("Any", pyarrow.parquet).read_table(
        io.BytesIO(exported(store, ExportForm.PARQUET).content)
    )

    first, second = table.to_pylist()
    assert (first["votes_up"], first["correction"]) == (1, "Until seven.")
    assert first["outcomes"][0]["state"] == "yes"
    assert second["outcomes"] == []
    assert str(table.schema.field("votes_up").type) == "uint32"
    assert str(table.schema.field("cost_usd").type) == "double"


@pytest.mark.parametrize(
    "text", ["", "down", "outcome", "outcome:", "outcome:paid=maybe", "outcome:=yes", "up:paid=yes"]
)
def test_a_choice_must_be_known(text: str) -> None:
    """The error says what was given and what is allowed."""
    with pytest.raises(SelectionError) as caught:
        parse_only(text)

    assert repr(text) in str(caught.value)
    assert "'up', 'all' or 'outcome:RULE=STATE'" in str(caught.value)
