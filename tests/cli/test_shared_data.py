"""Real conversations, where this machine has them: counts, times, and no personal data."""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from cli.conftest import Command

DATA = Path(__file__).parents[3] / "shared" / "data"
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


def shared(name: str) -> Path:
    """Return a file of the shared data, or skip the test."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not on this machine: it is no part of the project")
    return path


def personal(value: object) -> set[str]:
    """Return the e-mail addresses and dates of birth in a file, also those in nested JSON."""
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        own = {str(fields[name]) for name in ("dob", "email") if fields.get(name)}
        return own.union(*map(personal, fields.values()))
    if isinstance(value, list):
        return set[str]().union(*map(personal, cast("list[object]", value)))
    if not isinstance(value, str):
        return set()
    found = set(EMAIL.findall(value))
    if value[:1] in ("{", "["):
        with contextlib.suppress(ValueError):
            found |= personal(json.loads(value))
    return found


@pytest.mark.slow
def test_every_model_turn_and_every_tool_call_is_counted_once(command: Command) -> None:
    """Twice imported is once stored, and nobody's e-mail or birthday is kept."""
    path = shared("taubench_airline_gpt-4o_200.json")

    command("import", str(path))
    finished = command("import", str(path))

    text = command("export").out
    rows = [json.loads(line) for line in text.splitlines()]
    calls = [(row["thread_id"], call["id"]) for row in rows for call in row["tool_calls"]]
    secrets = personal(json.loads(path.read_text()))
    assert finished.code == 0
    assert Counter(row["decision_kind"] for row in rows) == {"message": 1290, "tool_call": 1164}
    assert len(calls) == len(set(calls)) == 1164
    assert len({row["conversation_id"] for row in rows}) == 200
    assert len(secrets) > 100
    assert [secret for secret in secrets if secret in text] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["tau2_airline_claude-sonnet-4-5_50.json", "tau2_airline_gpt-5.4_50.json"]
)
def test_simulations_keep_their_times_models_and_versions(command: Command, name: str) -> None:
    """Every assistant message is a decision at its own time."""
    path = shared(name)
    document: dict[str, Any] = json.loads(path.read_text())
    turns = [
        message
        for simulation in document["simulations"]
        for message in simulation["messages"]
        if message["role"] == "assistant"
    ]

    command("import", str(path))

    rows = command("export").lines
    times = [datetime.fromisoformat(turn["timestamp"]).replace(tzinfo=UTC) for turn in turns]
    calls = sum(len(turn["tool_calls"] or ()) for turn in turns)
    model = document["info"]["agent_info"]["llm"]
    assert [datetime.fromisoformat(str(row["occurred_at"])) for row in rows] == sorted(times)
    assert sum(len(row["tool_calls"]) for row in rows) == calls  # type: ignore[arg-type, misc]  # JSON
    assert {row["request_model"] for row in rows} == {model}
    assert all(document["info"]["git_commit"].startswith(str(row["code_version"])) for row in rows)
