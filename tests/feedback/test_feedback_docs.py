"""The page about feedback says what is true: its documents are taken and its example runs."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from support.spans import model_turn
from trainingloop.feedback import REASONS
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from support.votes import Ballot

_PAGE = (Path(__file__).parents[2] / "docs" / "feedback.md").read_text()


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", _PAGE, re.DOTALL)


def test_its_documents_are_taken(ballot: Ballot) -> None:
    """As they are printed, and redacted as the page says."""
    named = {semconv.RESPONSE_ID: "resp_68f1c2"}
    ballot.store.insert_spans([model_turn(number=7, text="9:30 is free.", more=named)])

    for block in _blocks("json"):
        ballot.take(json.loads(block))

    assert [len(ballot.history(n)) for n in (1, 2, 7)] == [2, 1, 1]
    assert "<EMAIL_" in str(ballot.history(7)[0]["note"])
    assert ballot.live(1) == {}


def test_its_example_prints_what_it_says() -> None:
    """Each line of output stands behind the line that prints it."""
    (example,) = _blocks("python")
    printed = io.StringIO()

    with contextlib.redirect_stdout(printed):
        exec(compile(example, "feedback.md", "exec"), {})  # our own page

    told = re.findall(r"print\(.*\)  # (.*)", example)
    assert printed.getvalue().splitlines() == told


def test_every_reason_is_named() -> None:
    """Whoever reads the page knows what can be sent."""
    assert [reason for reason in REASONS if f"`{reason}`" not in _PAGE] == []
