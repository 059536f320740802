"""``replay run`` before it asks: what is missing, misspelt or unchanged is told then."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from support.replay_endpoint import Good, replay_endpoint

if TYPE_CHECKING:
    import pytest

    from cli.conftest import Command


def test_a_key_that_is_missing_is_told_before_anything_is_made(
    filled: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No set is frozen and no run made; an estimate needs no key."""
    monkeypatch.delenv("REPLAY_API_KEY", raising=False)
    options = (
        "replay", "run", "--model", "a", "--base-url", "https://models.example/v1",
        "--key-variable", "REPLAY_API_KEY",
    )  # fmt: skip

    refused = filled(*options, "--set", "mine", "--size", "2")
    listed = filled("replay", "status", "--json")
    estimated = filled(*options, "--set", "mine", "--size", "2", "--estimate-only")

    assert refused.code == 1
    assert "REPLAY_API_KEY, which is not set" in refused.err
    assert "kept: --set mine" not in refused.err
    assert listed.json == []
    assert (estimated.code, "kept: --set mine" in estimated.err) == (0, True)


def test_a_candidate_that_changes_nothing_is_told(filled: Command) -> None:
    """Who forgot the change would read that nothing differs."""
    same = filled.write("name: same\nbase_url: http://127.0.0.1:9/v1\n", "same.yaml")
    other = filled.write("model: small\nbase_url: http://127.0.0.1:9/v1\n", "other.yaml")

    unchanged = filled("replay", "run", "--candidate", same, "--estimate-only")
    changed = filled("replay", "run", "--candidate", other, "--estimate-only")

    assert "nothing is asked otherwise than was recorded" in unchanged.err
    assert "nothing is asked otherwise" not in changed.err


def test_a_tool_that_is_misspelt_fails_a_build(filled: Command) -> None:
    """It would pass an unchanged candidate otherwise."""
    file = filled.write("model: small\ntools:\n  remove: [nope]\n", "candidate.yaml")

    with replay_endpoint(Good("Yes.")) as endpoint:
        ended = filled(
            "replay", "run", "--candidate", file, "--base-url", endpoint.base_url, "--yes",
            "--fail-on", "newly_unsafe>0",
        )  # fmt: skip

    assert (ended.code, endpoint.count) == (1, 0)
    assert (
        "'nope', which no decision of the set was offered as a tool: there is none at all"
        in " ".join(ended.err.split())
    )


def test_a_budget_that_asks_nothing_is_told_with_its_remedy(filled: Command) -> None:
    """In the estimate, and where the run ends by it."""
    with replay_endpoint(Good("Yes.")) as endpoint:
        options = ("replay", "run", "--model", "small", "--base-url", endpoint.base_url)
        ended = filled(*options, "--floor", "none", "--budget-tokens", "3000")
        limited = filled(*options, "--estimate-only", "--budget-tokens", "30000", "--json")

    told, out = " ".join(ended.err.split()), " ".join(ended.out.split())
    assert (ended.code, endpoint.count) == (1, 0)
    assert "the budget is too small for the longest question" in told
    assert "no answer came that could be compared" in told
    assert "params: {max_tokens: 400} in the candidate sets less aside" in told
    assert "and 3,000 are left of the budget: resume it with a larger one" in out
    document = cast("dict[str, list[str]]", limited.json)
    assert ["4,096 tokens or more" in note for note in document["notes"]] == [True]
