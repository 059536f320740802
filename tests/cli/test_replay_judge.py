"""``replay judge``: what a terminal is told when the judge cannot be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.replay_endpoint import Asked, Good, refused, replay_endpoint
from support.transcripts import assistant, user

if TYPE_CHECKING:
    from cli.conftest import Command
    from support.replay_endpoint import Reaction

CHATS = [
    {
        "id": f"c-{number}",
        "model": "gpt-4o",
        "messages": [
            user(f"Are you open on day {number}?", timestamp="2026-11-01T12:00:00"),
            assistant("Until six.", timestamp="2026-11-01T12:00:03"),
        ],
    }
    for number in range(6)
]


def _answer(asked: Asked) -> Reaction:
    return Good("Until seven.") if asked.body["model"] == "small" else refused(404)


def test_a_judge_that_cannot_be_asked_is_given_up(command: Command) -> None:
    """It says why, what is kept, and how to go on; the exit code says that it is not all."""
    command("import", command.write(CHATS))

    with replay_endpoint(script=_answer) as endpoint:
        at = ("--base-url", endpoint.base_url)
        options = ("--set", "all", "--size", "9", "--floor", "none", "--model", "small")
        command("replay", "run", *options, *at)
        run_id = str(command("replay", "status", "--json").records[0]["run_id"])
        judged = command("replay", "judge", run_id, "--model", "judge", *at)

    assert judged.code == 1
    assert "8 questions asked now" in judged.out
    assert "the endpoint was given up" in judged.out
    assert "ended as unknown model" in judged.out
    assert "What was judged is stored; 4 questions left" in judged.out
    assert "none of them says" not in judged.out
