"""A judge model that is asked about the pairs of a run, by a real client at a real endpoint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.replay_endpoint import Asked, Good, Hang, Raw, refused, replay_endpoint
from support.replaying import KEY, PRICES, Replaying
from support.reviewed import decided
from trainingloop.processor import Redactor
from trainingloop.replay import AnswerState
from trainingloop.replay.comparison import compare_run
from trainingloop.replay.endpoints import Endpoint
from trainingloop.replay.errors import RunError
from trainingloop.replay.judge_models import JudgeModel, JudgeSummary, ask_judge
from trainingloop.replay.preferences import preference_actions, preferences_of
from trainingloop.replay.reports import sentences
from trainingloop.replay.runs import Budget, Options
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from support.replay_endpoint import Reaction


class _Workspace(Replaying):
    """A store whose pairs can be judged."""

    def act(self, action: str, document: Mapping[str, object]) -> Mapping[str, object]:
        if action == "replay/preferences":
            actions = preference_actions(self.store, Redactor(key=KEY))
            return actions[action](document)
        return super().act(action, document)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[_Workspace]:
    """Three decisions."""
    with open_store(f"chdb://{tmp_path / 'store'}") as store:
        store.insert_spans([decided(number) for number in (1, 2, 3)])
        yield _Workspace(store)


def _judged(
    workspace: _Workspace,
    script: Callable[[Mapping[str, Any]], Reaction],
    *,
    run_id: str = "",
    options: Options | None = None,
    candidate: Mapping[str, object] | None = None,
) -> tuple[str, JudgeSummary, int]:
    """Replay everything, have it judged, and say how often the judge was asked."""
    questions: list[Asked] = []

    def answer(asked: Asked) -> Reaction:
        if asked.body["model"] != "candidate-2":
            return Good("It is our pleasure.")
        questions.append(asked)
        return script(json.loads(asked.body["messages"][1]["content"]))

    with replay_endpoint(script=answer) as endpoint:
        if not run_id:
            run_id = workspace.make(endpoint.base_url, candidate=candidate)
            workspace.drive(run_id)
        judge = JudgeModel(
            endpoint=Endpoint(base_url=endpoint.base_url, key_variable=""), model="candidate-2"
        )
        summary = ask_judge(
            workspace, "default", run_id, judge, key="", prices=PRICES, options=options or Options()
        )
    return run_id, summary, len(questions)


def _shown_to_judge(
    workspace: _Workspace, candidate: Mapping[str, object]
) -> list[Mapping[str, Any]]:
    """Return what the judge reads about each pair, when a candidate is replayed."""
    shown: list[Mapping[str, Any]] = []

    def judge(data: Mapping[str, Any]) -> Good:
        shown.append(data)
        return _says("tie")

    _judged(workspace, judge, candidate=candidate)
    return shown


def _says(better: str) -> Good:
    return Good(json.dumps({"reason": "It asks mia@example.com first.", "better": better}))


def _prefers_ours(data: Mapping[str, Any]) -> Good:
    return _says("first" if "pleasure" in data["first"]["text"] else "second")


def test_each_pair_is_judged_in_both_orders(workspace: _Workspace) -> None:
    """A judge that knows what it likes likes it in either place."""
    _, summary, count = _judged(workspace, _prefers_ours)

    assert (summary.asked, summary.unusable, count) == (6, 0, 6)
    assert summary.report is not None
    assert (summary.report.replayed, summary.report.recorded, summary.report.ties) == (3, 0, 0)
    assert summary.report.first_slot == 0.5
    assert summary.report.judge == "candidate-2/pair-v2"


def test_answers_under_the_same_rules_are_judged_by_them(workspace: _Workspace) -> None:
    """They stand once, and nothing tells which answer is whose."""
    shown = _shown_to_judge(workspace, {"params": {"temperature": 0}})

    assert [data["instructions"] for data in shown] == ['["Be brief."]'] * 6
    assert {tuple(data["first"]) for data in shown} == {("text", "tool_calls")}


def test_each_answer_is_judged_by_the_rules_it_was_given(workspace: _Workspace) -> None:
    """A candidate with a new prompt is not held to the old one, nor the record to the new one."""
    shown = _shown_to_judge(workspace, {"system": {"patch": [{"append": "Sound delighted."}]}})

    rules = {
        answer["text"]: answer["instructions"]
        for data in shown
        for answer in (data["first"], data["second"])
    }
    assert rules == {
        "Until six.": '["Be brief."]',
        "It is our pleasure.": r'["Be brief.\n\nSound delighted."]',
    }
    assert all("instructions" not in data for data in shown)


def test_long_rules_are_shown_where_they_part(workspace: _Workspace) -> None:
    """What was added at the end of a long prompt is not cut off."""
    workspace.store.execute("TRUNCATE TABLE decisions", {})
    workspace.store.insert_spans([decided(4, system="Be brief. " * 2000)])

    shown = _shown_to_judge(workspace, {"system": {"patch": [{"append": "Sound delighted."}]}})

    first, second = shown[0]["first"]["instructions"], shown[0]["second"]["instructions"]
    assert first.endswith('Be brief. "]')
    assert second.endswith('Sound delighted."]')
    assert max(len(first), len(second)) <= 12_000


def test_a_judge_that_likes_what_it_reads_first_prefers_nothing(workspace: _Workspace) -> None:
    """Its habit is shown, and is no win for anybody."""
    _, summary, _ = _judged(workspace, lambda _: _says("first"))

    assert summary.report is not None
    assert (summary.report.ties, summary.report.consistent) == (3, 0)
    assert summary.report.first_slot == 1.0


def test_what_was_judged_is_not_asked_again(workspace: _Workspace) -> None:
    """Going on after an interruption pays for nothing twice."""
    run_id, _, _ = _judged(workspace, _prefers_ours)

    _, summary, count = _judged(workspace, _prefers_ours, run_id=run_id)

    assert (summary.asked, count) == (0, 0)
    assert summary.report is not None
    assert summary.report.pairs == 3


def test_a_comparison_says_what_people_and_judges_prefer(workspace: _Workspace) -> None:
    """Each beside the other, with what the judge's word is worth."""
    run_id, _, _ = _judged(workspace, _prefers_ours)
    decision = workspace.rows(run_id)[0]["decision_id"]
    vote = {"tenant": "default", "run_id": run_id, "decision_id": decision}
    workspace.act("replay/preferences", {**vote, "choice": "recorded", "reviewer": "ada"})

    said = sentences(compare_run(workspace.reads("default"), run_id))[-2:]

    people, judge = said
    assert people.startswith(
        "People voted on 1 pair: 0 for the replayed answer, 1 for the recorded"
    )
    assert judge.startswith("candidate-2/pair-v2 judged 3 pairs in both orders: 3 for the replayed")
    assert "(sign test: p .250); it said the same both times of 100%" in judge
    assert judge.endswith("It says the same as people on 0 of 1 pair.")


def test_reasons_are_stored_without_personal_data(workspace: _Workspace) -> None:
    """A judge may quote what should not be there."""
    run_id, _, _ = _judged(workspace, _prefers_ours)

    reasons = {one.reason for one in preferences_of(workspace.reads("default"), run_id)}

    assert reasons
    assert all(reason.startswith("It asks <EMAIL_") for reason in reasons)


def test_half_a_character_in_a_reason_ends_nothing(workspace: _Workspace) -> None:
    """JSON can write it by an escape, and nothing can store it."""
    reason = Good('{"reason": "Half: \\ud800", "better": "tie"}')

    run_id, summary, _ = _judged(workspace, lambda _: reason)

    assert (summary.asked, summary.unusable) == (6, 0)
    stored = preferences_of(workspace.reads("default"), run_id)
    assert {one.reason for one in stored} == {"Half: ?"}


@pytest.mark.parametrize(
    "reaction",
    [
        pytest.param(Good("The first one."), id="no JSON"),
        pytest.param(Good('{"better": "neither"}'), id="no choice"),
        pytest.param(Good("[]"), id="no object"),
        pytest.param(Good("", refusal="I will not judge."), id="refused"),
        pytest.param(refused(400, "bad"), id="rejected"),
    ],
)
def test_what_is_no_preference_is_counted_apart(workspace: _Workspace, reaction: Reaction) -> None:
    """Nothing is guessed from an answer of another form."""
    run_id, summary, _ = _judged(workspace, lambda _: reaction)

    assert (summary.unusable, summary.asked) == (6, 6)
    assert preferences_of(workspace.reads("default"), run_id) == []


@pytest.mark.parametrize(
    ("reaction", "state"),
    [
        pytest.param(Raw(200, b"<html>Sign in</html>"), AnswerState.GARBLED, id="no endpoint"),
        pytest.param(Hang(), AnswerState.TIMEOUT, id="no answer"),
    ],
)
def test_an_endpoint_that_fails_each_time_is_given_up(
    workspace: _Workspace, reaction: Reaction, state: AnswerState
) -> None:
    """It is not asked about every pair first."""
    workspace.store.insert_spans([decided(number) for number in range(4, 13)])

    _, summary, count = _judged(workspace, lambda _: reaction, options=Options(timeout_s=0.5))

    assert (summary.given_up, summary.asked, summary.unusable) == (state, 8, 8)
    assert summary.not_asked == 16
    assert count <= 8 + 3


def test_what_was_judged_before_an_endpoint_was_given_up_is_kept(workspace: _Workspace) -> None:
    """What is left is asked the next time, and nothing else."""
    workspace.store.insert_spans([decided(number) for number in range(4, 13)])
    words = iter([_says("tie")] * 2)
    gone = refused(404, "model_not_found")

    run_id, first, _ = _judged(workspace, lambda _: next(words, gone))
    _, second, count = _judged(workspace, lambda _: _says("tie"), run_id=run_id)

    assert (first.given_up, first.asked) == (AnswerState.UNKNOWN_MODEL, 10)
    assert (second.given_up, second.asked, second.unusable, count) == (None, 22, 0, 22)


def test_a_budget_ends_the_questions_before_it_is_passed(workspace: _Workspace) -> None:
    """Room is kept for what an answer may take."""
    options = Options(budget=Budget(tokens=3500), concurrency=1)

    _, summary, count = _judged(
        workspace, lambda _: Good('{"better": "tie"}', input_tokens=400), options=options
    )

    assert 0 < count < 6
    assert summary.not_asked == 6 - count


def test_a_budget_in_money_needs_a_price(workspace: _Workspace) -> None:
    """Without one nobody could say when it is reached."""
    options = Options(budget=Budget(usd=1.0))

    with pytest.raises(RunError, match="needs the price"):
        _judged(workspace, _prefers_ours, options=options)
