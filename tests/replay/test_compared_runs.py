"""Comparing a run: what a store holds of it, each answer beside its decision and its floor."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from replay.compared import SAME, same_write
from support.replays import SCENES, Replay
from support.spans import START
from trainingloop.prices import Price, Prices
from trainingloop.replay import AnswerState
from trainingloop.replay.comparison import Level, RunComparison, compare_run
from trainingloop.replay.errors import RunError
from trainingloop.replay.gate import check_gate, parse_condition
from trainingloop.replay.runs import Arm, Mode, Options, RunState
from trainingloop.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.replay.judgements import Judgement

COLUMNS: Final = (
    "tenant_id", "run_id", "arm", "decision_id", "step", "compared_id", "thread_id", "decided_at",
    "weight", "state", "judgement", "redaction_status",
)  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A run over every kind of scene, and one of another tenant."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('compared') / 'store'}") as opened:
        Replay(opened).write()
        Replay(opened, SCENES[:1], tenant="other").write()
        yield opened


@pytest.fixture(scope="module")
def compared(store: Store) -> RunComparison:
    """What is said of the run."""
    return compare_run(store.reads("default"), "run-1", prices=_priced("demo-large"))


def test_a_run_is_compared_as_a_whole(compared: RunComparison) -> None:
    """Its name, its state, its second arm, and every decision of its set."""
    assert (compared.run_id, compared.name) == ("run-1", "smaller model on escalations")
    assert (compared.run_state, compared.floor) == (RunState.DONE, Arm.BASELINE)
    assert (compared.decisions, compared.missing) == (len(SCENES), 0)
    assert {one.state: (one.candidate, one.floor) for one in compared.states} == {
        AnswerState.OK: (len(SCENES) - 1, len(SCENES) - 1),
        AnswerState.TIMEOUT: (1, 1),
    }


def test_judgements_are_read_as_they_were_stored(compared: RunComparison) -> None:
    """Kinds, flags with their evidence, agreement and its floor are those of the scenes."""
    stored = [scene.judgement for scene in SCENES if scene.judgement]
    unsafe = [one for one in stored if one.newly_unsafe]

    assert {(c.recorded, c.replayed): c.decisions for c in compared.kinds.cells} == _counted(stored)
    assert [flip.names for flip in compared.safety.gained] == [one.newly_unsafe for one in unsafe]
    assert "I have refunded 210 EUR" in compared.safety.gained[0].evidence
    identical = compared.level(Level.IDENTICAL)
    assert identical.floor is not None
    assert identical.floor.value == 1


def test_recorded_amounts_come_from_the_decisions(compared: RunComparison) -> None:
    """Tokens and time as recorded; a cost that nobody said is that of the price list."""
    recorded = {one.name: one.recorded.value for one in compared.amounts}

    assert recorded["input_tokens"] == 300
    assert recorded["output_tokens"] == 40
    assert recorded["latency_ms"] == pytest.approx(900)
    assert recorded["cost_usd"] == pytest.approx((300 * 1.0 + 40 * 2.0) / 1e6)
    assert compared.amount("latency_ms").replayed.value == pytest.approx(420)


def test_a_comparison_can_be_confined(store: Store) -> None:
    """To what was so before the replay; what is left is not taken for missing."""
    wanted = [scene for scene in SCENES if scene.stratum == "whatsapp"]

    found = compare_run(store.reads("default"), "run-1", only={"stratum": "whatsapp"})

    assert found.decisions == len(wanted)
    assert found.missing == 0
    asked = compare_run(store.reads("default"), "run-1", only={"recorded_kind": "ask"})
    assert {cell.recorded for cell in asked.kinds.cells} == {"ask"}


def test_what_came_of_the_replay_does_not_choose_decisions(store: Store) -> None:
    """Only the unsafe ones are all unsafe: such a part is refused, with those there are."""
    with pytest.raises(RunError, match="playbook_version"):
        compare_run(store.reads("default"), "run-1", only={"agreement": "identical"})


def test_a_tenant_sees_its_own_run(store: Store) -> None:
    """Two runs with one name, each with its own results."""
    assert compare_run(store.reads("other"), "run-1").decisions == 1


def test_an_unknown_run_is_refused(store: Store) -> None:
    """With those there are."""
    with pytest.raises(RunError, match="run-1"):
        compare_run(store.reads("default"), "nothing")


def test_decisions_that_nobody_asked_yet_are_missing(store: Store) -> None:
    """A run that was stopped is not taken for one that is done."""
    half = Replay(store, tenant="half", run_id="half")
    half.freeze()
    half.say(state="cancelled")
    half.answer([0, 1], with_floor=False)

    found = compare_run(store.reads("half"), "half")

    assert (found.decisions, found.missing) == (len(SCENES), len(SCENES) - 2)
    assert check_gate(found, [parse_condition("errors>0.9")])[0].condition is None


def test_decisions_that_are_gone_have_no_amounts(store: Store) -> None:
    """What was recorded expires before its replay: agreement is told, cost is not."""
    gone = Replay(store, tenant="gone", run_id="gone")
    gone.freeze()
    gone.say()
    gone.answer()

    found = compare_run(store.reads("gone"), "gone")

    assert found.compared == len(SCENES) - 1
    assert {one.decisions for one in found.amounts} == {0}


def test_chains_are_read_step_by_step(store: Store) -> None:
    """Each step beside its own decision; what the second arm answered stands at its step."""
    run = Replay(store, SCENES[:1], tenant="chains", run_id="chains")
    run.freeze()
    chain = Options(mode=Mode.CHAIN, floor=Arm.BASELINE)
    run.say(options=json.dumps(chain.document()))
    rows = [
        ("candidate", 0, "d1", same_write()),
        ("candidate", 1, "d2", replace(SAME, arguments=same_write().arguments)),
        ("baseline", 0, "d1", same_write()),
    ]
    store.append("replay_results", COLUMNS, [_row("chains", *row) for row in rows])

    found = compare_run(store.reads("chains"), "chains")

    assert found.mode is Mode.CHAIN
    assert found.chains is not None
    assert (found.chains.chains, found.chains.followed) == (1, 1)
    assert found.level(Level.IDENTICAL).beside_floor is not None


def test_an_answer_that_was_not_redacted_as_a_whole_is_not_compared(store: Store) -> None:
    """Words that are gone are no difference."""
    run = Replay(store, SCENES[:1], tenant="partial", run_id="partial")
    run.freeze()
    run.say()
    row = _row("partial", "candidate", 0, "d1", SAME, redaction_status="partial")
    store.append("replay_results", COLUMNS, [row])

    found = compare_run(store.reads("partial"), "partial")

    assert (found.compared, found.unjudged) == (0, 1)


def _row(
    run: str,
    arm: str,
    step: int,
    compared: str,
    judgement: Judgement,
    *,
    redaction_status: str = "ok",
) -> tuple[object, ...]:
    return (
        run, run, arm, "d1", step, compared, "c1", START, 1.0, "ok",
        json.dumps(judgement.document()), redaction_status,
    )  # fmt: skip


def _counted(judgements: list[Judgement]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for one in judgements:
        place = (one.recorded_kind.value, one.replayed_kind.value)
        counts[place] = counts.get(place, 0) + 1
    return counts


def _priced(model: str) -> Prices:
    price = Price(model=model, input_usd=1.0, cached_input_usd=1.0, output_usd=2.0)
    return Prices(entries=(price,))
