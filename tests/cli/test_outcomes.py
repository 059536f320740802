"""``outcomes``: working out, explaining and trying, from the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner

from cli.conftest import Command, Finished
from trainingloop.cli._app import cli

RULES = """
version: 1
rules:
  escalation_triggered: off
  no_further_inbound: {window: 2h}
  booked: {window: 1h, when: "event.kind = 'close'", unit: conversation}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedOut:
    """A store whose outcomes were worked out, and what was said then."""

    folder: Path
    newest: str
    """The newest decision."""
    unseen: str
    """What was said of it before."""
    run: Finished


@pytest.fixture(scope="module")
def worked_out(recorded: Path) -> WorkedOut:
    """Worked out once; tests change nothing in it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TRAININGLOOP_DATA_DIR", str(recorded / "home"))
        environment.setenv("COLUMNS", "160")
        command = Command(dsn=f"chdb://{recorded / 'store'}", folder=recorded)
        newest = str(command("decisions", "--json").records[0]["decision_id"])
        unseen = command("outcomes", "explain", newest).out
        run = command("outcomes", "run")
    return WorkedOut(folder=recorded, newest=newest, unseen=unseen, run=run)


@pytest.fixture
def ready(command: Command, worked_out: WorkedOut) -> Command:
    """The command, on the store whose outcomes were worked out."""
    return Command(dsn=f"chdb://{worked_out.folder / 'store'}", folder=command.folder)


def test_a_run_says_what_changed(worked_out: WorkedOut) -> None:
    """Three decisions by three rules; all windows have passed long ago."""
    rows = [line.split() for line in worked_out.run.out.splitlines()]

    assert rows == [
        ["tenant", "rule", "yes", "no", "pending"],
        ["default", "customer_replied", "0", "3", "(+3)", "0"],
        ["default", "escalation_triggered", "0", "3", "(+3)", "0"],
        ["default", "no_further_inbound", "3", "(+3)", "0", "0"],
    ]
    assert worked_out.run.code == 0
    assert worked_out.run.err == "looked at 2 conversations, wrote 9 outcomes\n"


def test_a_second_run_changes_nothing(ready: Command) -> None:
    """It says so."""
    answer = cast("dict[str, object]", ready("outcomes", "run", "--json").json)

    rows = cast("list[dict[str, object]]", answer["rules"])
    assert answer["outcomes"] == 0
    assert [(row["yes"], row["yes_change"]) for row in rows] == [(0, 0), (0, 0), (3, 0)]


def test_a_backfill_looks_at_everything_again(ready: Command) -> None:
    """It finds the same."""
    finished = ready("outcomes", "backfill", "--tenant", "default")

    assert (finished.code, finished.err) == (0, "looked at 2 conversations, wrote 0 outcomes\n")


def test_a_tenant_that_is_not_there_is_named(ready: Command) -> None:
    """With those that are."""
    finished = ready("outcomes", "run", "--tenant", "acme")

    assert finished.code == 2
    assert "'acme' has recorded nothing here: use one of default" in finished.err


def test_an_explanation_reads_as_text(ready: Command, worked_out: WorkedOut) -> None:
    """Each outcome with its reason and with what it counts for."""
    newest = worked_out.newest
    text = f"""\
decision {newest}, a message that ended 2026-11-10 09:00:01 UTC
conversation c-2

customer_replied: no
  Nothing came from the customer in the 24 hours after this answer (until 11 Nov 09:00 UTC).
  Counted for this answer, the last of its turn.

no_further_inbound: yes
  Nothing came from the customer in the 72 hours after this answer (until 13 Nov 09:00 UTC).
  The conversation then went silent: nobody said how it ended, so this is no proof of success.
  Counted for this answer, the last of its turn.

escalation_triggered: no
  Nobody handed it to a human in the 72 hours after this answer (until 13 Nov 09:00 UTC).
  Counted for this answer, the last of its turn.
"""

    finished = ready("outcomes", "explain", newest)

    assert (finished.code, finished.out) == (0, text)


def test_an_explanation_reads_as_json(ready: Command, worked_out: WorkedOut) -> None:
    """For a program that shows it elsewhere."""
    answer = ready("outcomes", "explain", worked_out.newest, "--json").json

    explanation = cast("dict[str, object]", answer)
    outcomes = cast("list[dict[str, object]]", explanation["outcomes"])
    assert explanation["thread_id"] == "c-2"
    assert [(row["rule_id"], row["state"], row["ending"]) for row in outcomes] == [
        ("customer_replied", "no", ""),
        ("no_further_inbound", "yes", "unknown"),
        ("escalation_triggered", "no", ""),
    ]
    assert str(outcomes[0]["matures_at"]).startswith("2026-11-11T09:00:01")


def test_a_decision_nobody_has_looked_at_says_what_to_do(worked_out: WorkedOut) -> None:
    """Nothing known is not a no."""
    assert "Nothing has been worked out for this decision yet" in worked_out.unseen


def test_an_unknown_decision_ends_the_command(ready: Command) -> None:
    """With where ids are listed."""
    finished = ready("outcomes", "explain", "nowhere")

    assert finished.code == 1
    assert finished.err == (
        "Error: no decision 'nowhere' is stored here: trainingloop decisions lists their ids\n"
    )


def test_the_rules_are_listed(command: Command) -> None:
    """They need no store."""
    finished = command("outcomes", "rules")

    assert [line.split()[:6] for line in finished.out.splitlines()[:4]] == [
        ["rule", "version", "yes", "is", "per", "window"],
        ["customer_replied", "1", "neutral", "turn", "24h", "event.kind"],
        ["no_further_inbound", "1", "neutral", "turn", "72h", "none:"],
        ["escalation_triggered", "1", "bad", "conversation", "72h", "event.kind"],
    ]
    assert "tools that hand over: transfer_to_human*, " in finished.out


def test_a_file_of_rules_is_checked(command: Command) -> None:
    """A good one is listed; a bad one is refused with the lines."""
    good = command("outcomes", "rules", "--json", "--rules", command.write(RULES, "good.yaml"))
    bad = command("outcomes", "rules", "--rules", command.write("version: 3", "bad.yaml"))

    rules = cast("list[dict[str, object]]", cast("dict[str, object]", good.json)["rules"])
    assert [(rule["id"], rule["windows"]) for rule in rules] == [
        ("customer_replied", "24h"),
        ("no_further_inbound", "2h"),
        ("booked", "1h"),
    ]
    assert bad.code == 1
    assert "bad.yaml:1: version: 3 is given; allowed: 1." in bad.err


def test_the_file_in_use_is_the_one_the_environment_names(
    filled: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Working out follows it."""
    monkeypatch.setenv("TRAININGLOOP_OUTCOME_RULES", filled.write(RULES, "rules.yaml"))

    answer = cast("dict[str, object]", filled("outcomes", "run", "--json").json)

    rows = cast("list[dict[str, object]]", answer["rules"])
    ids = {row["rule_id"] for row in rows if row["yes"] or row["no"]}
    assert {"booked", "customer_replied", "no_further_inbound"} == ids


def test_trying_rules_says_what_they_would_find(ready: Command) -> None:
    """Of turns and of conversations, whichever a rule counts."""
    finished = ready("outcomes", "try", ready.write(RULES, "rules.yaml"))

    assert [line.split() for line in finished.out.splitlines()[1:]] == [
        ["default", "customer_replied", "0", "3", "0", "0", "of", "2", "turns"],
        ["default", "no_further_inbound", "3", "0", "0", "2", "of", "2", "turns"],
        ["default", "booked", "0", "3", "0", "0", "of", "2", "conversations"],
    ]


def test_trying_rules_can_begin_at_a_time(ready: Command) -> None:
    """Such as that of the last release."""
    path = ready.write(RULES, "rules.yaml")

    records = ready("outcomes", "try", path, "--since", "2026-11-05", "--json").records

    assert [(row["rule_id"], row["yes"], row["no"]) for row in records] == [
        ("customer_replied", 0, 1),
        ("no_further_inbound", 1, 0),
        ("booked", 0, 1),
    ]


def test_a_file_that_cannot_be_used_is_not_tried(command: Command) -> None:
    """Its faults come with the name of the file."""
    finished = command("outcomes", "try", command.write("rules: []", "rules.yaml"))

    assert finished.code == 1
    assert "rules.yaml:1: rules: a list is given" in finished.err


@pytest.mark.parametrize("command", ["run", "backfill", "explain", "rules", "try"])
def test_the_page_shows_the_help_of_each_command(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is."""
    monkeypatch.setenv("COLUMNS", "80")
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()

    arguments = ["outcomes", command, "--help"]
    shown = CliRunner().invoke(cli, arguments, prog_name="trainingloop").stdout.rstrip()

    assert f"```text\n{shown}\n```" in page
