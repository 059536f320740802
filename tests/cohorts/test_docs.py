"""``docs/cohorts.md`` says what is true: its commands run, its names are complete."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from click.testing import CliRunner

from cohorts.histories import START, History
from trainingloop.cli._app import cli
from trainingloop.cohorts import PARTS, cohort_actions
from trainingloop.processor import Redactor
from trainingloop.store import open_store

if TYPE_CHECKING:
    from trainingloop.store import Store

PAGE = (Path(__file__).parents[2] / "docs" / "cohorts.md").read_text()
COMMANDS = [
    line.removeprefix("trainingloop ")
    for block in re.findall(r"```shell\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]


def recorded(store: Store) -> None:
    """Record what the page talks about."""
    history = History(store=store, tenant="default")
    for version, model in (("3.1", "gpt-4o"), ("3.2", "gpt-4o-mini")):
        history.group(
            f"booking_v{version}", 30, 15, model=model, channel="whatsapp", playbook_id="booking",
            playbook_version=version,
        )  # fmt: skip
    for arm in ("control", "experiment"):
        history.group(
            f"booking_v4_{arm}", 30, 15, experiment_id="four", experiment_variant=arm,
            model="gpt-4o", at=START,
        )  # fmt: skip
    escalated = history.decide("c-1", cohort="booking_v3.1", model="gpt-4o", at=START)
    history.outcome(escalated, "escalation_triggered", "yes", direction="bad")
    history.write()


def test_every_command_runs_as_it_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, on a store that holds what the page talks about."""
    monkeypatch.setenv("TRAININGLOOP_DATA_DIR", str(tmp_path / "home"))
    monkeypatch.setenv("TRAININGLOOP_STORE", f"chdb://{tmp_path / 'store'}")
    with open_store(f"chdb://{tmp_path / 'store'}") as store:
        recorded(store)

    endings = {line: CliRunner().invoke(cli, _words(line)) for line in COMMANDS}

    assert len(endings) >= 10
    assert {line: end.output for line, end in endings.items() if end.exit_code} == {}


def test_the_request_of_the_page_is_understood(tmp_path: Path) -> None:
    """And answered with what the page says."""
    (text,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    with open_store(f"chdb://{tmp_path / 'store'}") as store:
        recorded(store)

        answer = cohort_actions(store, Redactor())["cohorts"](
            cast("dict[str, object]", json.loads(text))
        )

    assert [f"`{name}`" for name in answer if f"`{name}`" not in PAGE] == []


@pytest.mark.parametrize("part", PARTS)
def test_every_condition_is_named(part: str) -> None:
    """Each is a promise."""
    assert f"`{part}`" in PAGE


def _words(line: str) -> list[str]:
    return [quoted or word for quoted, word in re.findall(r'"([^"]*)"|(\S+)', line)]
