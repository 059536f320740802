"""``replay compare`` on a terminal: what is done otherwise, down to the tools."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from cli.conftest import Command
from replay.compared import SAME, UNLIKE, pairs
from support.replay_endpoint import Asked, Good, replay_endpoint
from support.transcripts import asked, assistant, told, user
from trainingloop.cli._replay_comparison import print_comparison
from trainingloop.replay.comparison import compare_pairs
from trainingloop.replay.reports import p_words
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from pathlib import Path

_TOOLS = ("cancel", "book", "find_slots")
CHATS = [
    {
        "id": f"c-{number}",
        "model": "gpt-4o",
        "messages": [
            user(f"Question {number}", timestamp="2026-11-02T12:00:00"),
            asked("cancel", "c1") | {"timestamp": "2026-11-02T12:00:01"},
            told("done", "c1", timestamp="2026-11-02T12:00:02"),
        ],
    }
    for number in range(3)
] + [
    {
        "id": "c-9",
        "model": "gpt-4o",
        "messages": [
            user("Are you open?", timestamp="2026-11-02T12:00:00"),
            assistant("Until six.", timestamp="2026-11-02T12:00:01"),
        ],
    }
]


def answers(question: Asked) -> Good:
    """Book where it was cancelled, but once look something up; ask where it was told."""
    text = str(question.body["messages"])
    if "open" in text:
        return Good("Which day do you mean?")
    return Good("", (("find_slots" if "Question 2" in text else "book", {}),))


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run of `CHATS` prints at its end."""
    folder: Path = tmp_path_factory.mktemp("compared")
    command = Command(dsn=f"chdb://{folder / 'store'}", folder=folder)
    tools = "".join(
        f"    - {{name: {name}, description: Do., parameters: {{type: object}}}}\n"
        for name in _TOOLS
    )
    file = command.write(f"name: small\nmodel: small\ntools:\n  add:\n{tools}", "candidate.yaml")
    with pytest.MonkeyPatch.context() as environment, replay_endpoint(script=answers) as endpoint:
        environment.setenv("TRAININGLOOP_DATA_DIR", str(folder / "home"))
        environment.setenv("COLUMNS", "160")
        command("import", command.write(CHATS))
        options = ("--candidate", file, "--base-url", endpoint.base_url, "--floor", "none")
        ended = command("replay", "run", *options)
    shutil.rmtree(folder, ignore_errors=True)
    assert ended.code == 0, ended.err
    return " ".join(ended.out.split())


def test_what_is_done_otherwise_is_counted_with_its_test(compared: str) -> None:
    """A change of the tool alone is a change, too; so few say nothing of what shifts."""
    assert (
        "2 of 4 decisions do another kind of thing than was recorded (too few to test); "
        "with the tools they call, 4 differ" in compared
    )


def test_intents_are_listed_the_largest_change_first(compared: str) -> None:
    """With their tools; what calls none stands among the kinds already."""
    of_kinds, of_tools = compared.split("recorded, with its tools", 1)

    assert "tool_write tool_read 1" in of_kinds
    assert "reply ask 1" in of_kinds
    assert of_tools.startswith(
        " replayed decisions tool_write:cancel tool_write:book 2 "
        "tool_write:cancel tool_read:find_slots 1"
    )
    assert "reply ask" not in of_tools


def test_the_test_says_what_it_is_beside(capsys: pytest.CaptureFixture[str]) -> None:
    """Kinds are as frequent as before, or as when the recorded version is asked again."""
    alone = compare_pairs(pairs(20, UNLIKE))
    beside = compare_pairs(pairs(20, UNLIKE, SAME), floor=Arm.BASELINE)

    print_comparison(alone)
    before = capsys.readouterr().out
    print_comparison(beside)
    again = capsys.readouterr().out

    assert f"as frequent as before: p {p_words(alone.kinds.adjusted_p)})" in before
    assert "p < .001" in before
    assert "as frequent as when the recorded version is asked again: p < .001)" in again


def test_where_all_do_the_same_nothing_is_said_of_kinds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The agreement stands above."""
    print_comparison(compare_pairs(pairs(3, SAME)))

    assert "another kind of thing" not in capsys.readouterr().out
