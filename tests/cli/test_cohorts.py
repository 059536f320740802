"""``cohorts``: listing, comparing and saving from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from cli.test_shared_data import shared
from support import reference_statistics as reference

if TYPE_CHECKING:
    from cli.conftest import Command

SONNET = "tau2_airline_claude-sonnet-4-5_50.json"
GPT = "tau2_airline_gpt-5.4_50.json"
PAIR = ("model=gpt-4o", "model=gpt-4o-mini")


def test_automatic_and_saved_cohorts_are_listed(filled: Command) -> None:
    """With how much there is of each, and when."""
    saved = filled("cohorts", "save", "launch", "model=gpt-4o", "--note", "autumn")

    listed = cast("dict[str, list[dict[str, Any]]]", filled("cohorts", "list", "--json").json)
    shown = filled("cohorts", "list").out

    assert saved.out == "@launch:1: saved (1 conversation, 2 decisions)\n"
    assert {one["tag"]: one["decisions"] for one in listed["automatic"]} == {
        "gpt-4o": 2,
        "gpt-4o-mini": 1,
    }
    assert listed["saved"][0]["definition"] == {"model": "gpt-4o"}
    assert "@launch:1" in shown
    assert "model=gpt-4o" in shown
    assert "autumn" in shown


def test_saving_the_same_again_says_so(filled: Command) -> None:
    """And makes no version."""
    filled("cohorts", "save", "launch", "gpt-4o")

    again = filled("cohorts", "save", "launch", "gpt-4o")

    assert again.out.startswith("@launch:1: nothing has changed since (")


def test_a_comparison_reads_like_a_report(filled: Command) -> None:
    """The verdict, what was compared, the metrics, and what to know of them."""
    finished = filled("cohorts", "compare", *PAIR)

    assert finished.code == 0
    assert finished.out.startswith("A: model=gpt-4o\nB: model=gpt-4o-mini\n\n")
    assert "Not enough data: 1 conversations for gpt-4o and 1 for gpt-4o-mini" in " ".join(
        finished.out.split()
    )
    assert "Tool calls in a conversation" in finished.out
    assert "- Observational: nobody drew by lot" in finished.out
    assert "- No outcome is known of these conversations yet" in finished.out


def test_a_comparison_as_json_has_everything(filled: Command) -> None:
    """Estimates, intervals, methods and counts by name."""
    report = cast("dict[str, Any]", filled("cohorts", "compare", *PAIR, "--json").json)

    replies = next(one for one in report["metrics"] if one["measure"]["id"] == "replies")
    assert (report["a"]["decisions"], report["b"]["decisions"]) == (2, 1)
    assert replies["comparison"]["a"]["value"] == 1
    assert replies["comparison"]["verdict"] == "not enough data"
    assert report["is_observational"] is True


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("gpt-4o", "nobody"), 1, "no decision carries the cohort tag 'nobody' (there is gpt-4o"),
        (("gpt-4o", "gpt-4o-mini", "--until", "2026-11-05"), 1, "holds no decision"),
        (("gpt-4o", "gpt-4o-mini", "--split", "half"), 2, "'half' is no split"),
        (("gpt-4o", "gpt-4o-mini", "--split", "0:1"), 1, "give positive numbers"),
    ],
)
def test_what_cannot_be_compared_ends_in_one_line(
    filled: Command, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """Which says what to do."""
    finished = filled("cohorts", "compare", *arguments)

    assert finished.code == code
    assert words in finished.err
    assert "Traceback" not in finished.err


def test_a_comparison_is_of_one_tenant(filled: Command) -> None:
    """The default one, or the one that is named; among others the choice is asked for."""
    filled("import", "--tenant", "acme", str(filled.folder / "chats.json"))

    named = filled("cohorts", "compare", *PAIR, "--tenant", "acme")
    unknown = filled("cohorts", "compare", *PAIR, "--tenant", "nobody")

    assert named.code == filled("cohorts", "compare", *PAIR).code == 0
    assert unknown.code == 2
    assert "'nobody' has recorded nothing here" in unknown.err


def test_a_tenant_must_be_named_where_none_is_the_default(
    command: Command,
) -> None:
    """Two that are not."""
    chats = command.write([{"model": "m", "messages": [{"role": "assistant", "content": "x"}]}])
    for tenant in ("acme", "bmce"):
        command("import", "--tenant", tenant, chats)

    finished = command("cohorts", "list")

    assert finished.code == 1
    assert "name one of acme, bmce as --tenant" in finished.err


@pytest.mark.parametrize("name", ["list", "compare", "save"])
def test_every_command_explains_itself_with_an_example(command: Command, name: str) -> None:
    """Copy, change, run."""
    finished = command.bare("cohorts", name, "--help")

    assert f"trainingloop cohorts {name}" in finished.out


@pytest.mark.slow
def test_two_models_on_the_same_tasks_give_the_intervals_of_statsmodels(command: Command) -> None:
    """Imported, their rewards as outcomes, and told in plain words: .72 against .56 is no proof."""
    command("import", str(shared(SONNET)), str(shared(GPT)))
    command("outcomes", "run")

    report = cast(
        "dict[str, Any]",
        command("cohorts", "compare", "model=claude-sonnet-4-5", "model=gpt-5.4", "--json").json,
    )

    primary = report["metrics"][0]
    comparison = primary["comparison"]
    expected = reference.newcombe((36, 50), (28, 50))
    wilson = reference.wilson(36, 50)
    assert primary["measure"]["id"] == "task_success"
    assert (comparison["a"]["value"], comparison["b"]["value"]) == (0.72, 0.56)
    assert [comparison["a"][end] for end in ("low", "high")] == pytest.approx(
        [wilson.low, wilson.high]
    )
    assert [comparison["difference"][end] for end in ("low", "high")] == pytest.approx(
        [expected.low, expected.high]
    )
    assert [round(end, 2) for end in (expected.low, expected.high)] == [-0.33, 0.03]
    assert comparison["verdict"] == "no evidence"
    assert report["headline"].startswith(
        "No evidence of a difference: 72 % for claude-sonnet-4-5 (36 of 50 conversations) against "
        "56 % for gpt-5.4 (28 of 50); the difference is \N{MINUS SIGN}16 points"
    )
