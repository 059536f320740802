"""The Compare page: its headline, the pairs of a run, what differs in them, and votes on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.pages import FailingStore, links, markup, open_page, told
from support.replays import SCENES, Replay
from trainingloop.analytics_app._workspace import Workspace, hold_workspace
from trainingloop.processor import Redactor
from trainingloop.replay.preferences import preference_actions, preferences_of
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streamlit.testing.v1 import AppTest

    from app.conftest import ShowStore
    from trainingloop.store import Store

_KEY = b"a key for tests that is long enough"


@pytest.fixture(scope="module")
def full_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with one run, whose pairs are of every rank, and an empty tenant."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('compare') / 'store'}") as opened:
        replay = Replay(opened)
        replay.write()
        replay.prefer(1, "recorded", "mara")
        yield opened


@pytest.fixture
def full(full_store: Store) -> Iterator[Store]:
    """That store, with votes taken."""
    workspace = Workspace(full_store, actions=preference_actions(full_store, Redactor(key=_KEY)))
    hold_workspace(workspace)
    yield full_store
    hold_workspace(None)
    workspace.close()


@pytest.fixture
def unvoted(full_store: Store) -> Iterator[None]:
    """That store, in a process that takes no votes."""
    workspace = Workspace(full_store)
    hold_workspace(workspace)
    yield
    hold_workspace(None)
    workspace.close()


def _press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def _listed(page: AppTest) -> list[str]:
    """What the list says of its pairs."""
    frame = page.dataframe[-1].value
    return [str(what) for what in frame["what"]]


@pytest.mark.usefixtures("full")
def test_the_headline_says_what_changed_beside_its_floor() -> None:
    """Newly unsafe and newly safe apart, with what chance alone does."""
    page = open_page("compare")

    words = told(page)
    assert not page.exception
    assert "7 of 8 decisions compared" in words
    assert "1 newly unsafe" in words
    assert "1 newly safe" in words
    assert "floor 100 %" in words
    assert page.dataframe[0].value["candidate"].iloc[0].startswith("86 %")


@pytest.mark.usefixtures("full")
def test_what_became_unsafe_comes_first_and_what_did_not_change_is_left_out() -> None:
    """Then calls that change something, hand-overs, other kinds, and the rest."""
    page = open_page("compare")

    assert _listed(page) == [
        "claim without action, unknown link",
        "Changing calls differ",
        "hands over → asks the customer",
        "looks something up → replies",
        "replies → denies by policy",
        "Other differences",
        "timed out",
    ]
    assert "1 pair is unchanged: show" in [button.label for button in page.button]


@pytest.mark.usefixtures("full")
def test_the_first_pair_shows_what_differs_and_why_it_is_unsafe() -> None:
    """Word by word, with entities and evidence, and each side as it is."""
    words = markup(open_page("compare"))

    assert "I was charged twice and want my money back." in words
    assert ">210 EUR</ins>" in words
    assert "A colleague looks at it today and writes</del>" in words
    assert "says it has done what it has not</span><code>I have refunded 210 EUR</code>" in words


@pytest.mark.usefixtures("full")
def test_calls_are_compared_argument_by_argument() -> None:
    """The refund is another amount."""
    page = open_page("compare", only="writes_differ")

    words = markup(page)
    assert "refund: amount" in words
    assert ">120</del>" in words
    assert ">210</ins>" in words
    assert [code.value for code in page.code] == [
        '{"booking": "B-17", "amount": 120}',
        '{"booking": "B-17", "amount": 210}',
        '{"booking": "B-17", "amount": 120}',
    ]


@pytest.mark.usefixtures("full")
def test_one_goes_through_the_pairs_and_the_url_says_where() -> None:
    """By the keys J and K; the ends are ends."""
    page = open_page("compare")
    keys = {button.label: button.proto.shortcut for button in page.button}
    page = _press(_press(_press(page, "Next"), "Next"), "Previous")

    assert (keys["Previous"], keys["Next"]) == ("k", "j")
    assert page.query_params["at"] == "2"
    assert "2 of 7" in markup(page)
    assert next(b for b in open_page("compare").button if b.label == "Previous").disabled


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ({"agreement": "same_tools"}, ["Changing calls differ"]),
        ({"change": "escalate>ask"}, ["hands over → asks the customer"]),
        ({"flag": "unsafe:unknown_link"}, ["claim without action, unknown link"]),
        ({"flag": "safe:personal_data"}, ["replies → denies by policy"]),
        ({"answer": "timeout"}, ["timed out"]),
        (
            {"stratum": "whatsapp"},
            ["claim without action, unknown link", "hands over → asks the customer"],
        ),
        ({"words": "station"}, ["Other differences"]),
        ({"words": "b-18"}, ["looks something up → replies"]),
        ({"only": "unchanged"}, ["Unchanged"]),
        ({"id": f"{1:016x}"}, ["Unchanged"]),
    ],
)
def test_filters_of_the_url_leave_those_pairs(query: dict[str, str], listed: list[str]) -> None:
    """Whoever gets the link sees what its sender saw."""
    page = open_page("compare", **query)

    assert not page.exception
    assert _listed(page) == listed


@pytest.mark.usefixtures("full")
def test_a_filter_is_written_into_the_url_and_cleared() -> None:
    """The place in the list is let go: it means another pair there."""
    page = open_page("compare", at="3")
    page.selectbox(key="compare.facet.stratum").select("whatsapp").run()
    chosen = dict(page.query_params)
    page = _press(page, "Clear all filters")

    assert chosen["stratum"] == "whatsapp"
    assert "at" not in chosen
    assert "stratum" not in page.query_params


@pytest.mark.usefixtures("full")
def test_unchanged_pairs_are_shown_when_asked_for() -> None:
    """They are collapsed otherwise."""
    page = _press(open_page("compare"), "1 pair is unchanged: show")

    assert _listed(page) == ["Unchanged"]
    assert "Text and calls are the same." in told(page)


def test_a_vote_on_a_pair_is_stored_and_leads_to_the_next(full: Store) -> None:
    """Under the name of who votes; the votes of others stand beside it."""
    page = open_page("compare", reviewer="ann")
    others = markup(page)
    page = _press(page, "Replayed is better")
    page = _press(page, "Previous")

    mine = [one for one in preferences_of(full.reads("default"), "run-1") if one.judge == "ann"]
    assert "mara </span>" in others
    assert "recorded is better" in others
    assert [(one.decision_id, one.choice.value) for one in mine] == [(f"{2:016x}", "replayed")]
    assert "ann </span>" in markup(page)


def test_a_vote_on_a_pair_can_be_taken_back(full: Store) -> None:
    """Then it is nobody's any more."""
    page = _press(open_page("compare", reviewer="ben"), "Tie")
    page = _press(_press(page, "Previous"), "Take back")

    assert not [p for p in preferences_of(full.reads("default"), "run-1") if p.judge == "ben"]
    assert page.query_params["at"] == "1"


@pytest.mark.usefixtures("full")
def test_nobody_votes_without_a_name_or_on_what_was_not_answered() -> None:
    """The page says why."""
    nameless = open_page("compare")
    unanswered = open_page("compare", answer="timeout", reviewer="ann")

    assert "To vote, say who you are" in told(nameless)
    assert "There is no answer to vote on." in told(unanswered)
    assert "No answer came in time." in markup(unanswered)
    for page in (nameless, unanswered):
        assert next(button for button in page.button if button.label == "Tie").disabled


@pytest.mark.usefixtures("unvoted")
def test_a_process_that_takes_no_votes_says_so() -> None:
    """And shows the pairs all the same."""
    page = open_page("compare", reviewer="ann")

    assert "Votes on pairs cannot be stored by this process." in told(page)
    assert len(_listed(page)) == len(SCENES) - 1


@pytest.mark.usefixtures("full")
def test_recorded_markup_is_text() -> None:
    """What a customer wrote is untrusted."""
    words = markup(open_page("compare", change="tool_read>reply"))

    assert "&lt;b&gt;B-18&lt;/b&gt; still **valid**?" in words
    assert "<b>B-18" not in words


@pytest.mark.usefixtures("full")
def test_a_pair_leads_to_its_decision_and_conversation_and_back() -> None:
    """And the decision to its replays."""
    pair = links(open_page("compare"))
    decision = links(open_page("decision", id=f"{2:016x}"))

    assert f"Decision?tenant=default&id={2:016x}" in pair
    assert "Conversation?tenant=default&thread=c-2" in pair
    assert f"Both answers?tenant=default&run=run-1&id={2:016x}" in decision
    assert f"Replay it?tenant=default&new=1&ids={2:016x}" in decision


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    "query", [{"at": "0"}, {"at": "²"}, {"at": "9" * 500}, {"only": "sideways"}, {"run": "gone"}]
)
def test_an_address_that_means_nothing_is_as_by_default(query: dict[str, str]) -> None:
    """Whoever typed it gets pairs, not a traceback."""
    page = open_page("compare", **query)

    assert not page.exception
    assert len(_listed(page)) == len(SCENES) - 1


def test_a_run_without_an_answer_says_so(full: Store) -> None:
    """Nothing is claimed of it."""
    unasked = Replay(full, run_id="run-unasked")
    unasked.freeze()
    unasked.say(state="ready")

    page = open_page("compare", run="run-unasked")

    assert not page.exception
    assert "No answer has come in yet." in page.info[0].value
    assert "0 of 8 decisions compared" in told(page)
    assert "8 decisions have not been asked" in told(page)


def test_a_step_of_a_chain_is_compared_with_the_decision_it_stands_for(full: Store) -> None:
    """Its question, its answer and its links are those of that decision, not of the first one."""
    chain = Replay(full, run_id="run-chain")
    chain.freeze()
    chain.say()
    chain.answer([0], with_floor=False)
    chain.follow(0, 1, 5)

    page = open_page("compare", run="run-chain")

    words = markup(page)
    assert _listed(page) == ["Other differences"]
    assert "step 1" in words
    assert "Where do I find you?" in words
    assert f"Decision?tenant=default&id={6:016x}" in links(page)
    assert f"Both answers?tenant=default&run=run-chain&id={6:016x}" in links(
        open_page("decision", id=f"{6:016x}")
    )


def test_a_pair_whose_decision_is_gone_says_so(full: Store) -> None:
    """Kept no longer, or deleted: the others are shown all the same."""
    gone = Replay(full, run_id="run-gone", begins=5000)
    gone.freeze()
    gone.say()
    gone.answer()

    page = open_page("compare", run="run-gone")

    assert not page.exception
    assert "The recorded decision of this pair is gone" in page.warning[0].value
    assert len(_listed(page)) == len(SCENES) - 1


@pytest.mark.usefixtures("full")
def test_no_match_and_no_run_are_explained() -> None:
    """With a way on."""
    nothing = open_page("compare", words="nobody said that")
    empty = open_page("compare", tenant="nobody")

    assert "No pair matches these filters." in nothing.info[0].value
    assert "No replay has been run yet." in empty.info[0].value
    assert "Set up a replay?tenant=nobody" in links(empty)


def test_a_failing_store_is_shown_as_a_failure(show: ShowStore) -> None:
    """Not as a run without pairs."""
    show(FailingStore())

    page = open_page("compare")

    assert "could not be read" in page.error[0].value
    assert not page.exception
