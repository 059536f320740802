"""What is filled in on the Replay page, as documents and addresses; how fast a run goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingloop.analytics_app._compare_look import look_from_query
from trainingloop.analytics_app._filters import EVER, Filters
from trainingloop.analytics_app._replay import Pace, Speed
from trainingloop.analytics_app._replay_choice import Choice, choice_from_query, ids_of
from trainingloop.analytics_app._replay_draft import Draft, candidate_of_yaml, draft_of
from trainingloop.replay.candidates import candidate_from
from trainingloop.replay.errors import CandidateError

_URL = "http://127.0.0.1:9/v1"


def test_what_was_not_filled_in_stays_as_recorded() -> None:
    """Nothing of it is in the document."""
    document = Draft(base_url=_URL, prompt="Be brief.", recorded_prompt="Be brief.").document()

    assert document == {"base_url": _URL, "api": "chat", "key_variable": "OPENAI_API_KEY"}


def test_everything_that_was_filled_in_is_asked() -> None:
    """In the form that a candidate is read from."""
    document = Draft(
        name="tiny",
        base_url=_URL,
        model="demo-tiny",
        params='{"temperature": 0}',
        prompt="Be kind.",
        recorded_prompt="Be brief.",
        playbook_version="4",
        removed_tools=("refund",),
        added_tools='{"name": "find_order", "parameters": {"type": "object"}}',
    ).document()

    candidate = candidate_from(document)
    assert (candidate.name, candidate.model, candidate.params) == (
        "tiny",
        "demo-tiny",
        {"temperature": 0},
    )
    assert candidate.system.replace == "Be kind."
    assert candidate.playbook_version == "4"
    assert candidate.tools.remove == ("refund",)
    assert len(candidate.tools.add) == 1


def test_the_local_model_needs_no_address() -> None:
    """And no key."""
    candidate = candidate_from(Draft(is_local=True, base_url=_URL).document())

    assert candidate.is_local


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (Draft(params="temperature 0"), "the parameters are no JSON, line 1"),
        (Draft(params="[1]"), "the parameters must be a JSON object"),
        (Draft(added_tools="{"), "the tools to add are no JSON"),
    ],
)
def test_what_is_no_json_is_explained(draft: Draft, words: str) -> None:
    """With what to write instead."""
    with pytest.raises(CandidateError, match=words):
        draft.document()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("model: [", "the candidate:1: this is not YAML"),
        ("- model", "must be a map"),
        ("x" * (256 * 1024 + 1), "262,144 are allowed"),
    ],
)
def test_yaml_that_is_no_candidate_is_explained(text: str, words: str) -> None:
    """Before anything of it is believed."""
    with pytest.raises(CandidateError, match=words):
        candidate_of_yaml(text)


def test_the_form_begins_with_the_candidate_of_another_run() -> None:
    """What it filled in comes back."""
    draft = Draft(
        name="tiny", base_url=_URL, model="demo-tiny", params='{"seed": 1}', removed_tools=("a",)
    )

    again = draft_of(candidate_from(draft.document()).document())

    assert again.document() == draft.document()
    assert again.is_whole


@pytest.mark.parametrize(
    "document",
    [
        {"system": {"patch": [{"append": "Be kind."}]}},
        {"tools": {"change": {"refund": {"description": "Pays."}}}},
        {"playbook": {"settings": {"tone": "kind"}}},
    ],
)
def test_a_candidate_that_says_more_than_the_form_is_told_apart(
    document: dict[str, object],
) -> None:
    """It is edited as YAML, so that nothing of it is lost."""
    assert not draft_of(document).is_whole


def test_a_choice_asks_for_what_the_filters_leave() -> None:
    """The outcome stands beside the filter, the time within it."""
    filters = Filters(values=(("model", "demo"), ("outcome", "paid:yes")), text="refund")

    document = Choice(votes="down", size=7, strata=("model",), seed=3).document(filters, EVER)

    assert document == {
        "filter": {
            "model": "demo",
            "since": "1970-01-01T00:00:00+00:00",
            "until": "2200-01-01T00:00:00+00:00",
            "text": "refund",
        },
        "votes": "down",
        "outcome": "paid:yes",
        "size": 7,
        "stratify_by": ["model"],
        "seed": 3,
    }


def test_decisions_that_were_named_are_all_that_are_meant() -> None:
    """However they were set apart; no filter goes with them."""
    choice = Choice(ids=ids_of("a1, b2\nc3;a1"))

    assert choice.document(Filters(), EVER) == {"decisions": ["a1", "b2", "c3"]}


@given(st.dictionaries(st.sampled_from(["votes", "size", "strata", "seed", "ids"]), st.text()))
def test_whatever_an_address_says_a_choice_comes_of_it(query: dict[str, str]) -> None:
    """And its own address leads back to it."""
    choice = choice_from_query(query)

    assert choice_from_query(choice.to_query()) == choice
    assert 1 <= choice.size <= 10_000


@given(st.dictionaries(st.sampled_from(["at", "only", "words", "id", "flag"]), st.text()))
def test_whatever_an_address_says_pairs_are_looked_at(query: dict[str, str]) -> None:
    """At a place there can be."""
    look = look_from_query(query)

    assert look.at >= 1
    assert look.ranks()


def test_a_pace_is_told_from_two_looks() -> None:
    """And how long the rest takes."""
    pace = Pace()
    pace.saw(10.0, 4)
    first = pace.speed(28)
    pace.saw(14.0, 12)

    assert first == Speed()
    assert pace.speed(20) == Speed(per_second=2.0, seconds_left=10.0)


def test_a_run_that_stands_still_has_no_end_in_sight() -> None:
    """Rather than one in infinity."""
    pace = Pace()
    pace.saw(10.0, 4)
    pace.saw(14.0, 4)

    assert pace.speed(20) == Speed(per_second=0.0)


def test_a_pace_begins_again_when_there_are_fewer_results() -> None:
    """As when those of a wrong endpoint were deleted."""
    pace = Pace()
    pace.saw(10.0, 40)
    pace.saw(14.0, 2)

    assert pace.speed(20) == Speed()
