"""``docs/replay-judgements.md`` says what is true: its file is read, its lists are complete."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import cast

import pytest

from trainingloop.replay.checks import FLAGS, load_checks
from trainingloop.replay.judgements import Agreement, Kind, judgement_from

PAGE = (Path(__file__).parents[2] / "docs" / "replay-judgements.md").read_text()
ENTITIES = (
    "amount", "date", "id", "link", "negation", "number", "percent", "phone", "time", "token"
)  # fmt: skip
CODES = ("missing", "extra", "type", "value", "call_missing", "call_extra")


def block(language: str) -> str:
    """The one example of the page in a language."""
    (text,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return cast("str", text)


def test_the_file_of_checks_is_one(tmp_path: Path) -> None:
    """Copied from the page it is read without a fault."""
    file = tmp_path / "checks.yaml"
    file.write_text(block("yaml"))

    checks = load_checks(file)

    assert len(checks.own) == 5
    assert "unknown_amount" in checks.flags
    assert "refusal" not in checks.flags


def test_the_judgement_of_the_page_is_one() -> None:
    """As it is stored, nothing missing and nothing more."""
    document = json.loads(block("json"))

    judgement = judgement_from(document)

    assert json.loads(json.dumps(judgement.document())) == document
    assert judgement.newly_unsafe == ("refund_above_limit",)


@pytest.mark.parametrize("name", [*Agreement, *Kind, *FLAGS, *CODES, *ENTITIES])
def test_every_name_is_on_the_page(name: str) -> None:
    """Each is a promise."""
    assert f"`{name}`" in PAGE
