"""Endpoints that answer with another model than the one that was asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from replay.compared import SAME
from support.replay_endpoint import MODEL_SERVED, Good, replay_endpoint
from support.replaying import Replaying
from support.replays import SCENES, Replay
from support.reviewed import decided
from support.spans import START
from trainingloop.instrumentation import semconv
from trainingloop.replay.candidates import Candidate
from trainingloop.replay.comparison import OtherModel, RunComparison, compare_run
from trainingloop.replay.endpoints import Endpoint
from trainingloop.replay.gate import check_gate, parse_condition
from trainingloop.replay.reports import as_markdown, sentences
from trainingloop.replay.runs import Arm, Options
from trainingloop.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS: Final = (
    "tenant_id", "run_id", "arm", "decision_id", "step", "compared_id", "thread_id", "decided_at",
    "weight", "state", "judgement", "model",
)  # fmt: skip
RUN: Final = "run-1"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for tenants of their own."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('served') / 'store'}") as opened:
        yield opened


def test_a_proxy_that_ignores_the_name_of_the_model_is_seen(tmp_path: Path) -> None:
    """What it calls the recorded version is none, and no floor; the gate does not rest on it."""
    with (
        open_store(f"chdb://{tmp_path / 'store'}") as opened,
        replay_endpoint(script=lambda _: Good("Until six.")) as endpoint,
    ):
        opened.insert_spans([decided(number) for number in (1, 2)])
        workspace = Replaying(opened)
        run_id = workspace.make(
            endpoint.base_url, candidate={"model": MODEL_SERVED}, floor="baseline"
        )
        workspace.drive(run_id)

        found = compare_run(opened.reads("default"), run_id)

    assert [(one.arm, one.answers, one.of) for one in found.other_models] == [(Arm.BASELINE, 2, 2)]
    said = (
        "Of 2 answers of the recorded version asked again, as the endpoint says, 2 came from"
        f" {MODEL_SERVED} instead of demo-large: it is not the recorded version, so nothing here is"
        " told from its chance."
    )
    assert sentences(found)[1] == said
    assert f"- {said}" in as_markdown(found)
    (failure,) = check_gate(found, [parse_condition("below_floor>0")])
    assert "another model answered for the recorded version" in failure.reason


def test_a_candidate_that_another_model_answers_for_is_named(store: Store) -> None:
    """With how many of its answers, the most first; the baseline is not blamed for it."""
    found = _compared(
        store, "mixed", asked="gpt-5", served=["gpt-5", "gpt-4o", "gpt-4o", "gpt-5-mini"]
    )

    assert [(one.served, one.answers, one.of) for one in found.other_models] == [
        ("gpt-4o", 2, 4),
        ("gpt-5-mini", 1, 4),
    ]
    assert sentences(found)[1] == (
        "Of 4 answers of the candidate, as the endpoint says, 2 came from gpt-4o instead of gpt-5,"
        " 1 came from gpt-5-mini instead of gpt-5."
    )


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        pytest.param("gpt-5", "gpt-5-2025-08-07", id="dated"),
        pytest.param("gpt-5", "openai/gpt-5", id="provider in front"),
        pytest.param("gpt-5", "", id="not said"),
        pytest.param("gpt-5", "<NAME_q9d7f3k2>", id="redacted"),
        pytest.param("<NAME_q9d7f3k2>", "gpt-5", id="redacted when asked"),
        pytest.param("smollm2-135m-instruct", "smollm2-135m-instruct", id="the local model"),
    ],
)
def test_a_name_that_may_be_that_of_the_model_is_no_alarm(
    store: Store, asked: str, served: str
) -> None:
    """A version of it, a name with its provider, or no name at all."""
    tenant = f"{asked}-{served}"

    assert _compared(store, tenant, asked=asked, served=[served]).other_models == ()


@pytest.mark.parametrize(
    ("recorded", "served", "is_other"),
    [
        pytest.param(("gpt-4o", "gpt-4o-2024-05-13"), "gpt-4o-2024-05-13", False, id="as recorded"),
        pytest.param(("gpt-4o", "gpt-4o-2024-05-13"), "gpt-4o", False, id="its family"),
        pytest.param(("gpt-4o", "gpt-4o"), "gpt-4o-2024-08-06", False, id="a version of it"),
        pytest.param(("front-desk", "gpt-4o"), "gpt-4o", False, id="a name of a gateway's own"),
        pytest.param(("gpt-4o", "gpt-4o-2024-05-13"), "gpt-4o-2024-08-06", True, id="a later one"),
        pytest.param(("front-desk", "gpt-4o"), "gpt-5", True, id="another behind the gateway"),
    ],
)
def test_the_recorded_version_is_known_by_both_its_names(
    store: Store, recorded: tuple[str, str], served: str, *, is_other: bool
) -> None:
    """The one that was asked for then, and the one that answered."""
    tenant = f"{recorded}-{served}"

    found = _compared(store, tenant, recorded=recorded, served=["gpt-5"], floor=served)

    others = [(one.arm, one.expected, one.served) for one in found.other_models]
    assert others == ([(Arm.BASELINE, recorded[1], served)] if is_other else [])


def test_a_candidate_of_the_recorded_model_is_held_to_it(store: Store) -> None:
    """A new prompt alone is asked of the model that decided."""
    found = _compared(store, "prompt", asked=None, served=["gpt-4o"], recorded=("gpt-5", "gpt-5"))

    assert found.other_models == (
        OtherModel(arm=Arm.CANDIDATE, expected="gpt-5", served="gpt-4o", answers=1, of=1),
    )


def test_a_decision_that_is_gone_raises_no_alarm(store: Store) -> None:
    """Nobody knows any more which model it had."""
    found = _compared(store, "gone", asked=None, served=["gpt-4o"], recorded=None)

    assert found.other_models == ()


def test_the_name_of_a_model_cannot_write_the_report(store: Store) -> None:
    """An endpoint says it as it likes."""
    found = _compared(store, "evil", asked="gpt-5", served=["@ada\n# <b> [x](//x.example) \x1b[2J"])

    said = sentences(found)[1]
    assert "came from ?ada???" in said
    assert not set("@#<>[]()\n\x1b") & set(said)


def _compared(
    store: Store,
    tenant: str,
    *,
    served: list[str],
    asked: str | None = "gpt-5",
    recorded: tuple[str, str] | None = ("gpt-4o", "gpt-4o"),
    floor: str = "",
) -> RunComparison:
    """Compare a run whose answers say they came from some models.

    Args:
        store: where it is put.
        tenant: whose it is.
        served: the model of each answer of the candidate.
        asked: the candidate's model; None for the recorded one.
        recorded: the model that was asked for and the one that answered; None for no decision.
        floor: the model of each answer of the baseline.
    """
    numbers = range(1, len(served) + 1)
    if recorded:
        names = {semconv.REQUEST_MODEL: recorded[0], semconv.RESPONSE_MODEL: recorded[1]}
        store.insert_spans([decided(number, tenant=tenant, more=names) for number in numbers])
    run = Replay(store, SCENES[:1] * len(served), tenant=tenant, run_id=RUN)
    run.freeze()
    candidate = Candidate(name="c", endpoint=Endpoint(base_url="http://127.0.0.1:9"), model=asked)
    run.say(
        candidate=json.dumps(candidate.document()),
        options=json.dumps(Options(floor=Arm.BASELINE).document()),
    )
    arms = {"candidate": served, "baseline": [floor] * len(served)}
    rows = [
        (
            tenant, RUN, arm, f"{number:016x}", 0, f"{number:016x}", f"c-{number}", START, 1.0,
            "ok", json.dumps(SAME.document()), model,
        )
        for arm, models in arms.items()
        for number, model in zip(numbers, models, strict=True)
    ]  # fmt: skip
    store.append("replay_results", COLUMNS, rows)
    return compare_run(store.reads(tenant), RUN)
