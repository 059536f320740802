"""``docs/replay-sets.md``: its example is taken and its tables are complete."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from support.replay_sets import freeze, ids, loaded
from support.reviewed import decided, vote
from trainingloop.chat import Unfit
from trainingloop.instrumentation import semconv
from trainingloop.replay.cases import Lack
from trainingloop.replay.sets import MOST_SIZE, STRATA
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAGE = (Path(__file__).parents[2] / "docs" / "replay-sets.md").read_text()
_EXAMPLE = re.compile(r"```json\n(.*?)```", re.DOTALL)
_REASON = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def test_the_example_is_taken(tmp_path: Path) -> None:
    """As it is printed, and it chooses what it says."""
    document: Mapping[str, object] = json.loads(_EXAMPLE.findall(_PAGE)[0])
    facts = {semconv.PLAYBOOK_ID: "booking"}
    with open_store(f"chdb://{tmp_path / 'store'}") as store:
        store.insert_spans([decided(1, more=facts), decided(2, more=facts), decided(3)])
        for number in (1, 3):
            vote(store, number, -1)

        frozen = freeze(store, document=document)

        assert frozen.name == "disliked-bookings"
        assert ids(loaded(store, frozen)) == [1]


def test_every_reason_and_every_stratum_is_on_the_page() -> None:
    """And the size that a set may have. An answer that was cut off is no reason here."""
    reasons = {*Unfit, *Lack} - {Unfit.CUT_OFF}

    section = _PAGE.partition("## What cannot be asked again")[2].partition("\n## ")[0]
    assert set(_REASON.findall(section)) == reasons
    assert [name for name in STRATA if f"`{name}`" not in _PAGE] == []
    assert f"{MOST_SIZE:,}" in _PAGE
