"""Listings, ``show``, ``version``, and what is said when something is wrong."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from trainingloop import collector
from trainingloop.analytics_app import DASHBOARD_PORT
from trainingloop.cli import _serve

if TYPE_CHECKING:
    from cli.conftest import Command


def test_decisions_are_a_table_for_people(filled: Command) -> None:
    """Newest first, with what was said or done."""
    finished = filled("decisions")

    lines = finished.out.splitlines()
    assert "2026-11-10 09:00:01" in lines[1]
    assert "gpt-4o-mini" in lines[1]
    assert "book" in lines[3]


def test_a_stored_text_cannot_reach_the_terminal(filled: Command) -> None:
    """No escape sequence and no markup of a customer's is obeyed."""
    finished = filled("decisions")

    assert "\x1b" not in finished.out
    assert "[31mRed [bold]" in finished.out


def test_a_limit_cuts_the_listing(filled: Command) -> None:
    """The newest are kept."""
    found = filled("decisions", "--limit", "1", "--json").records

    assert [row["conversation_id"] for row in found] == ["c-2"]


def test_decisions_are_listed_by_what_came_of_them(filled: Command) -> None:
    """The same as the filter of the pages; the conversations ended days ago."""
    filled("outcomes", "run")

    silent = filled("decisions", "--outcome", "no_further_inbound:yes", "--json").records
    handed_over = filled("decisions", "--outcome", "escalation_triggered:yes", "--json").records

    assert {row["conversation_id"] for row in silent} == {"c-1", "c-2"}
    assert handed_over == []


@pytest.mark.parametrize("asked", ["no_further_inbound", "no_further_inbound:maybe", ":yes"])
def test_an_outcome_that_is_none_is_refused(filled: Command, asked: str) -> None:
    """It would match nothing, which looks like an answer."""
    refused = filled("decisions", "--outcome", asked)

    assert refused.code == 2
    assert "escalation_triggered:yes" in refused.err


def test_conversations_are_listed(filled: Command) -> None:
    """With their decisions counted."""
    found = filled("conversations", "--json").records

    assert [(row["conversation"], row["decisions"]) for row in found] == [("c-2", 1), ("c-1", 2)]
    assert "c-1" in filled("conversations").out


def test_tenants_are_listed(filled: Command) -> None:
    """With what they have."""
    assert filled("tenants", "--json").json == [
        {"tenant_id": "default", "decisions": 3, "conversations": 2}
    ]
    assert "default" in filled("tenants").out


def test_several_tenants_are_listed_together(filled: Command) -> None:
    """Newest first over all of them, or one alone."""
    filled("import", "--tenant", "acme", str(filled.folder / "chats.json"))

    everything = filled("export").lines
    listed = filled("conversations", "--json").records

    assert {row["tenant_id"] for row in everything} == {"acme", "default"}
    assert [row["conversation"] for row in listed] == ["c-2", "c-2", "c-1", "c-1"]
    assert len(filled("export", "--tenant", "acme").lines) == 3


def test_a_decision_is_shown_with_what_it_knew_and_did(filled: Command) -> None:
    """By the id of the listing."""
    decision = str(filled("decisions", "--kind", "tool_call", "--json").records[0]["decision_id"])

    shown = filled("show", decision)

    assert "A table for two" in shown.out
    assert 'book {"seats":2}' in shown.out
    assert "ok: done" in shown.out
    assert filled("show", decision, "--json").json["tool_calls"][0]["tool"] == "book"  # type: ignore[index]  # JSON


def test_an_unknown_decision_is_said_to_be_unknown(filled: Command) -> None:
    """In one line."""
    finished = filled("show", "00f067aa0ba902b7")

    assert finished.code == 1
    assert finished.err == (
        "Error: no decision '00f067aa0ba902b7' is stored here: "
        "trainingloop decisions lists their ids\n"
    )


@pytest.mark.parametrize("name", ["decisions", "conversations", "tenants", "export"])
def test_reading_makes_no_store(command: Command, name: str) -> None:
    """A mistyped name gives an error, not an empty store."""
    finished = command(name)

    assert finished.code == 1
    assert "there is no store at" in finished.err
    assert not (command.folder / "store").exists()


def test_the_store_can_be_named_after_the_command(filled: Command) -> None:
    """The nearer one counts."""
    finished = filled.bare("--store", "chdb:///nowhere", "tenants", "--store", filled.dsn, "--json")

    assert finished.code == 0


def test_the_store_can_be_named_by_the_environment(
    filled: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a whole session."""
    monkeypatch.setenv("TRAININGLOOP_STORE", filled.dsn)

    assert len(filled.bare("decisions", "--json").records) == 3


def test_without_any_name_the_store_is_the_users_own(command: Command) -> None:
    """In the data directory."""
    command.bare("import", command.write([{"messages": [{"role": "user", "content": "x"}]}]))

    assert (command.folder / "home" / "store" / "engine").exists()


@pytest.mark.parametrize("dsn", ["sqlite:///x", "chdb://", "nothing"])
def test_a_senseless_store_is_answered_with_what_is_allowed(command: Command, dsn: str) -> None:
    """Exit code 2."""
    finished = command.bare("--store", dsn, "tenants")

    assert finished.code == 2
    assert "chdb:///absolute/dir" in finished.err


def test_a_store_of_a_newer_version_is_refused_in_one_line(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors of trainingloop are told without a traceback."""
    command("import", command.write([{"messages": [{"role": "user", "content": "x"}]}]))
    (command.folder / "store" / "engine").rename(command.folder / "elsewhere")
    (command.folder / "store" / "engine").write_text("no folder")

    finished = command("tenants")

    assert finished.code == 1
    assert finished.err.startswith("Error: ")
    assert finished.err.count("\n") == 1


def test_versions_are_listed(command: Command) -> None:
    """Of what trainingloop stands on, too."""
    assert command("version").out.startswith("trainingloop ")
    assert {"trainingloop", "python", "chdb"} <= set(command("version", "--json").json)  # type: ignore[call-overload]  # JSON


@pytest.mark.parametrize(
    "name",
    [
        "serve",
        "demo",
        "import",
        "export",
        "decisions",
        "conversations",
        "show",
        "tenants",
        "doctor",
        "version",
    ],
)
def test_every_command_explains_itself_with_an_example(command: Command, name: str) -> None:
    """And appears in the list of commands."""
    finished = command.bare(name, "--help")

    assert finished.code == 0
    assert f"trainingloop {name}" in finished.out
    assert f"\n  {name} " in command.bare("--help").out


def test_help_imports_nothing_heavy() -> None:
    """It answers at once: engine, dashboard and tables are loaded when they are used."""
    program = (
        "import sys; from trainingloop.cli._app import cli; "
        "cli(['--help'], standalone_mode=False); "
        "heavy = {'clickhouse_connect', 'chdb', 'streamlit', 'pyarrow', 'rich', 'openai', "
        "'presidio_analyzer', 'grpc', 'pandas', 'uvicorn', 'opentelemetry.sdk'}; "
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )

    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert finished.stderr == ""
    assert finished.returncode == 0


def test_the_ports_of_the_help_are_those_of_the_server() -> None:
    """They are written twice, because the server takes long to import."""
    assert (_serve.DASHBOARD_PORT, _serve.HTTP_PORT, _serve.GRPC_PORT) == (
        DASHBOARD_PORT,
        collector.HTTP_PORT,
        collector.GRPC_PORT,
    )
