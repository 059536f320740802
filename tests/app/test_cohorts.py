"""The Cohorts page: the verdict, what it rests on, what it cannot say, and saving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cohorts.histories import START, History
from support.pages import FailingStore, links, open_page, told
from trainingloop.analytics_app._workspace import Workspace, hold_workspace
from trainingloop.cohorts import cohort_actions, saved_cohorts
from trainingloop.processor import Redactor
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streamlit.testing.v1 import AppTest

    from app.conftest import ShowStore
    from trainingloop.store import Store

SWITCH = START + timedelta(days=20)


@pytest.fixture(scope="module")
def full_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store in which one version followed another, with other traffic."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('cohorts') / 'store'}") as opened:
        history = History(store=opened, tenant="default")
        history.group("booking_v1", 240, 80, channel="web")
        history.group("booking_v1", 60, 20, channel="whatsapp")
        history.group("booking_v2", 60, 40, channel="web", at=SWITCH)
        history.group("booking_v2", 240, 160, channel="whatsapp", at=SWITCH)
        history.group("*odd*_v2", 3, 1)
        history.write()
        yield opened


@pytest.fixture
def full(full_store: Store) -> Iterator[Store]:
    """That store, with what pages can have done to it."""
    workspace = Workspace(full_store, actions=cohort_actions(full_store, Redactor()))
    hold_workspace(workspace)
    yield full_store
    hold_workspace(None)
    workspace.close()


def compared(**query: str) -> AppTest:
    """Return the page about all of the time."""
    return open_page("cohorts", range="all", **query)


@pytest.mark.usefixtures("full")
def test_the_verdict_stands_first() -> None:
    """In plain words, with what was counted, of the two versions one most likely means."""
    page = compared()

    words = told(page)
    assert not page.exception
    assert "booking_v2 is better: 33 % for booking_v1 (100 of 300 conversations)" in words
    assert [page.selectbox(key=f"cohorts.{name}").value for name in ("a", "b")] == [
        "booking_v1",
        "booking_v2",
    ]


@pytest.mark.usefixtures("full")
def test_every_metric_has_its_row_and_its_interval() -> None:
    """As text, with no more digits than are known."""
    page = compared()

    rows = page.dataframe[0].value
    paid = rows[rows["metric"] == "Paid"].iloc[0]
    assert (paid["a"], paid["b"]) == ("33 % (100 of 300)", "67 % (200 of 300)")
    assert paid["verdict"] == "better"
    assert paid["difference"] == "+33 points"
    assert paid["interval"].startswith("[+2")


@pytest.mark.usefixtures("full")
def test_other_traffic_is_called_observational_and_shown() -> None:
    """Share by share, with how it went there."""
    page = compared()

    assert "observational" in told(page)
    assert "began after booking_v1 had ended" in told(page)
    mix = page.dataframe[1].value
    assert list(mix["value"]) == ["web", "whatsapp"]
    assert list(mix["a_share"]) == [80, 20]
    assert list(mix["b"]) == ["67 % of 60", "67 % of 240"]


@pytest.mark.usefixtures("full")
def test_the_url_says_what_is_compared() -> None:
    """Whoever gets it sees what its sender saw; the links keep the range."""
    page = compared(a="booking_v2", b="channel=web,cohort=booking_v1", metric="error")

    assert page.selectbox(key="cohorts.b").value == "channel=web,cohort=booking_v1"
    assert page.selectbox(key="cohorts.metric").value == "error"
    assert "web, booking_v1" in told(page) or "booking_v1, web" in told(page)
    assert "Cohorts?tenant=default&range=all" in links(page)


@pytest.mark.usefixtures("full")
def test_a_choice_is_written_into_the_url() -> None:
    """And the metric that was judged by is let go: the other pair may not have it."""
    page = compared(metric="error")

    page.selectbox(key="cohorts.a").select("booking_v2").run()
    page.selectbox(key="cohorts.b").select("booking_v1").run()

    assert page.query_params["a"] == "booking_v2"
    assert page.query_params["b"] == "booking_v1"
    assert "metric" not in page.query_params
    assert "booking_v1 is worse" in told(page)


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("b", "words"),
    [
        ("booking_v1", "is the same cohort as"),
        ("nobody", "no decision carries the cohort tag 'nobody'"),
        ("model=gpt-9", "holds no decision in this time range"),
        ("colour=red", "'colour' is no condition"),
    ],
)
def test_what_cannot_be_compared_is_explained(b: str, words: str) -> None:
    """Without a trace, and the choice stays on the page."""
    page = compared(a="booking_v1", b=b)

    assert not page.exception
    assert "These two cannot be compared" in page.warning[0].value
    assert words in told(page)
    assert page.selectbox(key="cohorts.b").value == b


@pytest.mark.usefixtures("full")
def test_few_conversations_get_no_verdict() -> None:
    """And what a tag says is shown as it is, not as markup."""
    page = compared(a="booking_v1", b="*odd*_v2")

    assert "Not enough data: 300 conversations for booking_v1 and 3 for *odd*_v2" in told(page)


def test_one_of_them_can_be_saved(full: Store) -> None:
    """Frozen, under a name that can be chosen from then on."""
    page = compared()

    page.text_input[0].input("launch")
    page.button[0].click().run()

    (saved,) = saved_cohorts(full.reads("default"))
    assert (saved.name, saved.version, saved.conversations) == ("launch", 1, 300)
    assert "Saved as `@launch:1` with 300 conversations." in page.success[0].value
    assert "@launch:1" in page.selectbox(key="cohorts.a").options[-1]


@pytest.mark.usefixtures("full")
def test_a_name_that_cannot_be_one_is_explained() -> None:
    """Nothing is saved."""
    page = compared()

    page.text_input[0].input("no name!")
    page.button[0].click().run()

    assert "This could not be saved" in page.warning[0].value
    assert "'name' must be 1 to 64 letters" in told(page)


def test_one_version_alone_is_told_what_is_missing(full: Store) -> None:
    """A comparison needs two."""
    history = History(store=full, tenant="alone")
    history.decide("c-1", cohort="booking_v1", at=datetime.now(UTC) - timedelta(days=1))
    history.write()

    page = open_page("cohorts", tenant="alone")

    assert "A comparison needs two cohorts" in told(page)
    assert "There is one cohort in this time range." in told(page)


@pytest.mark.usefixtures("full")
def test_a_tenant_without_decisions_is_told_how_to_begin() -> None:
    """As on every page."""
    page = open_page("cohorts", tenant="nobody")

    assert "opentelemetry-instrument" in "\n".join(code.value for code in page.code)
    assert not page.exception


def test_a_failing_store_is_shown_as_a_failure(show: ShowStore) -> None:
    """Not as an empty page."""
    show(FailingStore())

    page = open_page("cohorts")

    assert "could not be read" in page.error[0].value
    assert not page.exception
