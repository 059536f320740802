"""What is said of a run before it begins, so that nobody waits for one that says nothing."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from support.replay_endpoint import Good, replay_endpoint
from support.replay_sets import freeze
from support.replaying import Replaying
from support.reviewed import TOOL, decided
from trainingloop.collector.errors import BadRequestError
from trainingloop.replay.runs import RunState, run_of, runs
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.store import Store

_ENDPOINT = "http://127.0.0.1:9/v1"
_OTHER_TOOL = {**TOOL, "name": "cancel"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store the tests share: each records for a tenant of its own."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('foretold') / 'store'}") as opened:
        yield opened


@pytest.fixture
def replaying(store: Store, request: pytest.FixtureRequest) -> Replaying:
    """Three decisions: all were offered `TOOL`, one of them another tool, too."""
    name: str = request.node.name
    tenant = f"t-{sha256(name.encode()).hexdigest()[:24]}"
    offered = [[TOOL], [TOOL], [TOOL, _OTHER_TOOL]]
    rows = [
        decided(number, tools=tools, tenant=tenant) for number, tools in enumerate(offered, start=1)
    ]
    store.insert_spans(rows)
    return Replaying(store, tenant)


def _foretold(replaying: Replaying, options: Mapping[str, object], **candidate: object) -> Any:
    document = {
        "tenant": replaying.tenant,
        "set": freeze(replaying.store, replaying.tenant).set_id,
        "candidate": {"base_url": _ENDPOINT, "model": "candidate-1", **candidate},
        "options": options,
        "is_dry": True,
    }
    return replaying.act("replay/runs", document)


@pytest.mark.parametrize(
    "tools", [{"remove": ["bok"]}, {"change": {"bok": {"description": "Books."}}}]
)
def test_a_tool_that_no_decision_was_offered_is_refused(
    replaying: Replaying, tools: dict[str, object]
) -> None:
    """A gate would pass an unchanged version; the names that there are tell the right one."""
    with pytest.raises(BadRequestError, match=r"'bok', which no decision .*'book', 'cancel'"):
        replaying.make(_ENDPOINT, candidate={"tools": tools})

    assert runs(replaying.reads(replaying.tenant)) == []


def test_a_tool_that_some_decisions_were_offered_is_told_with_their_number(
    replaying: Replaying,
) -> None:
    """Those that were not are asked as they were recorded."""
    some = _foretold(replaying, {}, tools={"remove": ["cancel"]})
    every = _foretold(replaying, {}, tools={"remove": ["book"]})

    assert some["notes"] == [
        "tool 'cancel': offered in 1 of 3 decisions; the others stay as they are"
    ]
    assert every["notes"] == []


def test_a_tool_that_the_candidate_brings_itself_can_be_changed(replaying: Replaying) -> None:
    """It is offered in all decisions then."""
    brought = {"name": "ask", "parameters": {"type": "object"}}

    told = _foretold(
        replaying, {}, tools={"add": [brought], "change": {"ask": {"description": "Asks."}}}
    )

    assert told["notes"] == []


def test_what_a_budget_sets_aside_is_told_with_how_it_is_less(replaying: Replaying) -> None:
    """An answer that nothing limits is taken for a long one, so a small budget asks nothing."""
    small, limited = {"budget": {"tokens": 3000}}, {"max_tokens": 50}

    unlimited = _foretold(replaying, small)
    short = _foretold(replaying, small, params=limited)
    dear = _foretold(replaying, {"budget": {"usd": 0.01}})
    without = _foretold(replaying, {})

    too_small, aside = unlimited["notes"]
    assert "too small for the longest question" in too_small
    assert "4,096 tokens or more are set aside" in aside
    assert "params: {max_tokens: 400}" in aside
    assert dear["notes"][0].startswith("the budget is too small")
    assert (short["notes"], without["notes"]) == ([], [])
    assert unlimited["estimate"]["unlimited"] == 3
    assert short["estimate"]["most_tokens"] < 1000 < unlimited["estimate"]["most_tokens"]


@pytest.mark.parametrize(
    ("budget", "said"),
    [({"tokens": 3000}, "tokens, and 3,000 are left"), ({"usd": 0.01}, "USD, and 0.0100 are left")],
)
def test_a_run_that_ends_over_its_budget_says_how_much_it_lacked(
    replaying: Replaying, budget: dict[str, object], said: str
) -> None:
    """And what to do: else nobody could tell why nothing was asked of a budget that is left."""
    with replay_endpoint(Good("Until six.")) as endpoint:
        run_id = replaying.make(endpoint.base_url, budget=budget)
        ended = replaying.drive(run_id)

    reason = run_of(replaying.reads(replaying.tenant), run_id).reason
    assert (ended.state, endpoint.count) == (RunState.OVER_BUDGET, 0)
    assert said in reason
    assert "resume it with a larger one" in reason
    assert "params: {max_tokens: 400}" in reason


def test_an_answer_that_is_limited_needs_no_other_limit(replaying: Replaying) -> None:
    """Then only a larger budget helps."""
    with replay_endpoint(Good("Until six.")) as endpoint:
        run_id = replaying.make(
            endpoint.base_url, candidate={"params": {"max_tokens": 50}}, budget={"tokens": 40}
        )
        replaying.drive(run_id)

    reason = run_of(replaying.reads(replaying.tenant), run_id).reason
    assert "resume it with a larger one" in reason
    assert "max_tokens" not in reason
