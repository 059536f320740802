"""The Replay page: what was run, setting one up, its estimate, and following it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from support.pages import FailingStore, links, markup, open_page, told
from support.replays import SCENES, Replay
from trainingloop.analytics_app._workspace import Workspace, hold_workspace
from trainingloop.prices import load_prices
from trainingloop.processor import Redactor
from trainingloop.replay.actions import run_actions
from trainingloop.replay.errors import RunError
from trainingloop.replay.runs import RunState, runs
from trainingloop.replay.sets import case_sets, set_actions
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from streamlit.testing.v1 import AppTest

    from app.conftest import ShowStore
    from trainingloop.store import Store

_KEY = b"a key for tests that is long enough"
_MODEL_URL = "http://127.0.0.1:9/v1"


@pytest.fixture(scope="module")
def full_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with decisions, a set and a run that is done."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('replay') / 'store'}") as opened:
        Replay(opened).write()
        yield opened


class _Desk:
    """Actions of a process that runs replays; what it was asked to start or stop it remembers."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.started: list[Mapping[str, object]] = []
        self.refuses = ""
        self.progress: Mapping[str, object] = {}
        self.actions = {
            **run_actions(store, Redactor(key=_KEY), load_prices()),
            **set_actions(store),
            "replay/start": self._start,
            "replay/progress": self._tell,
        }

    def _start(self, document: Mapping[str, object]) -> Mapping[str, object]:
        if self.refuses:
            raise RunError(self.refuses)
        self.started.append(document)
        return {}

    def _tell(self, document: Mapping[str, object]) -> Mapping[str, object]:
        return self.progress if document["run_id"] == "run-fast" else {}


@pytest.fixture
def desk(full_store: Store) -> Iterator[_Desk]:
    """That store, in a process that runs replays."""
    desk = _Desk(full_store)
    workspace = Workspace(full_store, actions=desk.actions)
    hold_workspace(workspace)
    yield desk
    hold_workspace(None)
    workspace.close()


def _run(desk: _Desk, run_id: str, state: str, *, answered: int = 0, **more: Any) -> None:
    """Store a run of the first set's decisions in a state."""
    replay = Replay(desk.store, run_id=run_id)
    replay.freeze()
    replay.say(state=state, **more)
    if answered:
        replay.answer(range(answered))


def _button(page: AppTest, label: str) -> Any:
    return next(button for button in page.button if button.label == label)


def _labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def _bar(page: AppTest) -> str:
    return str(cast("Any", page.get("progress")[0]).proto.text)


@pytest.mark.usefixtures("desk")
def test_every_run_is_listed_with_what_came_of_it() -> None:
    """Candidate, set, state, results, what became unsafe, and what was spent."""
    page = open_page("replay")

    row = page.dataframe[0].value.iloc[-1]
    assert not page.exception
    assert (row["name"], row["candidate"]) == ("smaller model on escalations", "demo-small")
    assert (row["set"], row["state"]) == ("escalations of last week", "done")
    assert (row["done"], row["newly_unsafe"]) == ("16 of 16", 1)
    assert (row["spent"], row["tokens"]) == ("$0.0056", 4760)


@pytest.mark.usefixtures("desk")
def test_sets_can_be_replayed_again() -> None:
    """Each with a link to the second step."""
    page = open_page("replay")

    assert "escalations of last week" in markup(page)
    assert "Replay it?tenant=default&set=set-of-run-1" in links(page)


def test_an_empty_page_says_how_to_begin(desk: _Desk) -> None:
    """Where there are decisions, and nothing was replayed."""
    Replay(desk.store, tenant="fresh", begins=900).record()

    page = open_page("replay", tenant="fresh")

    assert "Nothing has been replayed yet." in page.info[0].value
    assert "Choose decisions?tenant=fresh&new=1" in links(page)


@pytest.mark.usefixtures("desk")
def test_a_tenant_without_decisions_is_told_how_to_begin() -> None:
    """As on every page."""
    page = open_page("replay", tenant="nobody")

    assert "opentelemetry-instrument" in told(page)


@pytest.mark.usefixtures("desk")
def test_the_first_step_says_how_many_decisions_can_be_replayed() -> None:
    """By the filters of the URL, as they are chosen."""
    everything = open_page("replay", new="1", range="all")
    few = open_page("replay", new="1", range="all", text="refund")

    assert f"{len(SCENES)} decisions can be replayed" in everything.subheader[0].value
    assert "1 decision can be replayed" in few.subheader[0].value


@pytest.mark.usefixtures("desk")
def test_a_sample_is_drawn_as_the_url_says() -> None:
    """Size, strata and seed; what matched is told beside it."""
    page = open_page("replay", new="1", range="all", size="3", strata="kind", seed="7")

    assert "3 decisions can be replayed" in page.subheader[0].value
    assert "3 are drawn by lot from 8." in told(page)
    assert page.number_input(key="replay.choice.seed").value == 7
    assert page.multiselect(key="replay.choice.strata").value == ["kind"]


@pytest.mark.usefixtures("desk")
def test_what_is_chosen_is_written_into_the_url() -> None:
    """And what is as by default is not."""
    page = open_page("replay", new="1", range="all")
    page.number_input(key="replay.choice.size").set_value(5).run()
    page.selectbox(key="replay.choice.votes").select("down").run()
    chosen = dict(page.query_params)
    page.number_input(key="replay.choice.size").set_value(200).run()

    assert (chosen["size"], chosen["votes"]) == ("5", "down")
    assert "size" not in page.query_params
    assert "These cannot be replayed." in page.info[0].value


@pytest.mark.usefixtures("desk")
def test_decisions_can_be_named_by_hand() -> None:
    """One that is no id is explained."""
    two = open_page("replay", new="1", ids=f"{1:016x},{2:016x}")
    odd = open_page("replay", new="1", ids="mine")

    assert "2 decisions can be replayed" in two.subheader[0].value
    assert "an id is 16 hexadecimal digits" in told(odd)


def test_a_set_is_frozen_and_leads_on(desk: _Desk) -> None:
    """Under its name, with who froze it."""
    page = open_page("replay", new="1", range="all", size="4", reviewer="ann")
    next(box for box in page.text_input if box.label == "Name of the set").input("four")
    _button(page, "Freeze and go on").click().run()

    frozen = next(one for one in case_sets(desk.store.reads("default")) if one.name == "four")
    assert (frozen.size, frozen.created_by) == (4, "ann")
    assert page.query_params["set"] == frozen.set_id
    assert "new" not in page.query_params
    assert page.header[0].value == "Replay: what is asked instead"


@pytest.mark.usefixtures("desk")
def test_the_second_step_begins_with_what_was_recorded() -> None:
    """The prompt, the tools, and whether the key is in place: never the key itself."""
    page = open_page("replay", set="set-of-run-1")

    prompt = next(box for box in page.text_area if "prompt of one decision" in box.label)
    tools = next(box for box in page.multiselect if "not offered" in box.label)
    assert not page.exception
    assert "You are the front desk of a small practice." in str(prompt.value)
    assert tools.options == ["find_booking", "refund", "transfer_to_human"]
    assert "demo-large (8)" in markup(page)


@pytest.mark.usefixtures("desk")
def test_a_key_is_told_to_be_there_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the name of its variable is on the page."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-tests")
    there = told(open_page("replay", set="set-of-run-1"))
    monkeypatch.delenv("OPENAI_API_KEY")
    gone = told(open_page("replay", set="set-of-run-1"))

    assert "OPENAI_API_KEY is in place." in there
    assert "OPENAI_API_KEY is not in the environment" in gone
    assert "sk-secret-of-tests" not in there


@pytest.mark.usefixtures("desk")
def test_a_key_for_another_address_is_told_not_to_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is known before the run is started, and says what to do."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-tests")
    page = open_page("replay", set="set-of-run-1")

    next(box for box in page.text_input if box.label == "Base URL").input(
        "https://models.example.com/v1"
    )
    page.run()

    assert "not sent to models.example.com" in told(page)


def test_a_candidate_is_estimated_before_anything_is_asked(desk: _Desk) -> None:
    """Its run is there, nothing is spent, and what it changes is shown."""
    page = open_page("replay", set="set-of-run-1", reviewer="ann")
    field = {box.label: box for box in page.text_input}
    field["Base URL"].input(_MODEL_URL)
    field["Model"].input("demo-tiny")
    field["Name"].input("tiny")
    next(box for box in page.number_input if box.label == "Budget, tokens").set_value(9000)
    next(box for box in page.text_area if "prompt of one" in box.label).input("Be kind.")
    _button(page, "Estimate").click().run()

    made = next(run for run in runs(desk.store.reads("default")) if run.created_by == "ann")
    words = told(page)
    assert made.state is RunState.READY
    assert made.candidate["system"] == {"replace": "Be kind."}
    assert page.query_params["run"] == made.run_id
    assert "Nothing has been asked yet" in words
    assert "System prompt" in words
    assert "Be kind.</ins>" in words
    assert "demo-tiny</ins>" in words
    assert "The price of the model is not known" in words
    assert "of the budget 4,096 tokens or more are set aside" in words
    assert desk.started == []


@pytest.mark.usefixtures("desk")
def test_a_candidate_that_cannot_be_understood_is_explained() -> None:
    """What was filled in stays."""
    page = open_page("replay", set="set-of-run-1")
    box = next(box for box in page.text_input if box.label.startswith("Parameters"))
    box.input("temperature 0")
    _button(page, "Estimate").click().run()

    assert "This cannot be asked." in page.warning[0].value
    assert "the parameters are no JSON, line 1" in told(page)
    assert next(b for b in page.text_input if b.label.startswith("Parameters")).value


def test_a_candidate_can_be_pasted_as_yaml(desk: _Desk) -> None:
    """And its faults are told with their lines."""
    page = open_page("replay", set="set-of-run-1", reviewer="yana")
    page.segmented_control[0].set_value("yaml").run()
    broken = page.text_area[0].input("model: [").run()
    _button(broken, "Estimate").click().run()
    faults = told(broken)
    page.text_area[0].input(f"model: demo-tiny\nbase_url: {_MODEL_URL}\n").run()
    _button(page, "Estimate").click().run()

    (made,) = [run for run in runs(desk.store.reads("default")) if run.created_by == "yana"]
    assert "the candidate:1: this is not YAML" in faults
    assert made.candidate["model"] == "demo-tiny"


@pytest.mark.usefixtures("desk")
def test_another_run_begins_with_the_candidate_of_one() -> None:
    """In YAML, where it says more than there are fields for."""
    page = open_page("replay", set="set-of-run-1", **{"from": "run-1"})

    assert page.segmented_control[0].value == "yaml"
    assert "Refunds are paid by a colleague." in str(page.text_area[0].value)


def test_a_ready_run_is_started_by_a_click(desk: _Desk) -> None:
    """And only by one."""
    _run(desk, "run-ready", "ready")

    page = open_page("replay", run="run-ready")
    before = list(desk.started)
    _button(page, "Run").click().run()

    assert before == []
    assert desk.started == [{"tenant": "default", "run_id": "run-ready"}]


def test_a_refused_start_is_explained(desk: _Desk) -> None:
    """Beside the button, with the reason."""
    _run(desk, "run-refused", "ready")
    desk.refuses = "the key is missing: set OPENAI_API_KEY"

    page = open_page("replay", run="run-refused")
    _button(page, "Run").click().run()

    assert "This was not done." in page.error[0].value
    assert "set OPENAI_API_KEY" in told(page)


def test_a_running_run_shows_how_far_it_is_and_can_be_cancelled(desk: _Desk) -> None:
    """Its driver hears of it; here it has none any more, so that it is cancelled at once."""
    _run(desk, "run-live", "running", answered=4, at=datetime.now(UTC))

    page = open_page("replay", run="run-live")
    bar, labels = _bar(page), _labels(page)
    _button(page, "Cancel").click().run()

    assert bar == "**8 of 16 results** · measuring its pace"
    assert "Run" not in labels
    assert "cancelling" in markup(page)


@pytest.mark.parametrize(
    ("per_second", "seconds_left", "waiting_s", "words"),
    [
        (2.5, 100.0, 0.0, "2.5 a second · about 2 min left"),
        (0.0, None, 0.0, "nothing came in lately: the endpoint is slow"),
        (1.0, 40.0, 12.0, "waiting 12 s: the endpoint's rate limit"),
    ],
)
def test_a_driver_of_this_process_says_how_fast_it_goes(
    desk: _Desk, per_second: float, seconds_left: float | None, waiting_s: float, words: str
) -> None:
    """And for how long the endpoint wants nobody to ask."""
    _run(desk, "run-fast", "running", answered=4, at=datetime.now(UTC))
    desk.progress = {
        "per_second": per_second,
        "seconds_left": seconds_left,
        "waiting_s": waiting_s,
    }

    assert words in _bar(open_page("replay", run="run-fast"))


@pytest.mark.parametrize(
    ("state", "words", "button"),
    [
        ("running", "has gone silent", "Resume"),
        ("cancelled", "Somebody stopped it", "Resume"),
        ("over_budget", "could have cost more than is left", "Resume"),
        ("failed", "It could not go on", "Resume"),
    ],
)
def test_every_end_is_explained_with_a_way_on(
    desk: _Desk, state: str, words: str, button: str
) -> None:
    """What came back is kept, and a resumed run asks only what is missing."""
    begun = datetime.now(UTC) - timedelta(hours=1)
    _run(desk, f"run-{state}", state, answered=2, at=begun, reason="endpoint gone")

    page = open_page("replay", run=f"run-{state}")
    _button(page, button).click().run()

    assert words in told(page)
    assert "endpoint gone" in markup(page)
    assert desk.started[-1]["run_id"] == f"run-{state}"


def test_the_budget_of_a_stopped_run_can_be_raised(desk: _Desk) -> None:
    """So that it can go on."""
    _run(desk, "run-poor", "over_budget", answered=2)

    page = open_page("replay", run="run-poor")
    next(box for box in page.number_input if "dollars" in box.label).set_value(9.0)
    _button(page, "Change").click().run()

    (run,) = [run for run in runs(desk.store.reads("default")) if run.run_id == "run-poor"]
    assert run.options.budget.usd == 9.0
    assert "of $9.00" in markup(page)


@pytest.mark.usefixtures("desk")
def test_a_done_run_says_what_became_of_each_question() -> None:
    """And offers to ask again what failed."""
    page = open_page("replay", run="run-1")

    words = markup(page)
    assert "answered 7</span>" in words
    assert "timed out 1</span>" in words
    assert "Ask again what failed" in _labels(page)
    assert "Compare?tenant=default&run=run-1" in links(page)


def test_a_process_that_runs_no_replays_says_so(full_store: Store, show: ShowStore) -> None:
    """And shows what there is."""
    show(full_store)

    first = open_page("replay", new="1", range="all")
    second = open_page("replay", set="set-of-run-1")

    assert "trainingloop replay run" in told(first)
    assert "trainingloop replay run" in told(second)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("query", [{"run": "gone"}, {"set": "gone"}])
def test_an_unknown_run_or_set_is_explained(query: dict[str, str]) -> None:
    """Without a trace."""
    page = open_page("replay", **query)

    assert not page.exception
    assert "There is no such" in page.warning[0].value


@pytest.mark.parametrize("query", [{}, {"run": "run-1"}, {"new": "1"}, {"set": "s"}])
def test_a_failing_store_is_shown_as_a_failure(show: ShowStore, query: dict[str, str]) -> None:
    """Not as an empty page."""
    show(FailingStore())

    page = open_page("replay", **query)

    assert "could not be read" in page.error[0].value
    assert not page.exception
