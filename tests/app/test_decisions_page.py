"""The Decisions page: full, empty and failing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.outcomes import Found, decided, found
from support.pages import FailingStore, open_page, told
from support.spans import model_turn, tool_request
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from app.conftest import ShowStore
    from trainingloop.store import Store


def _ids(page: AppTest) -> list[int]:
    return [int(name, 16) for name in page.dataframe[0].value["decision_id"]]


def _fill(store: Store) -> None:
    store.insert_spans(
        [
            model_turn(number=1, text="The slot is booked", seconds=1),
            model_turn(number=2, calls=[tool_request("call-1", "book")], seconds=2),
            model_turn(number=3, text="Good bye", seconds=3, more={semconv.CHANNEL: "whatsapp"}),
        ]
    )


def test_every_decision_is_listed_newest_first(store: Store) -> None:
    """Without a filter nothing is left out."""
    _fill(store)

    page = open_page("decisions", range="all")

    assert _ids(page) == [3, 2, 1]
    assert "3 decisions" in told(page)


def test_a_row_says_what_was_decided_and_links_to_it(store: Store) -> None:
    """A text is its text, a tool call its tool; the link keeps tenant and range."""
    _fill(store)

    page = open_page("decisions", range="all")

    rows = page.dataframe[0].value
    assert list(rows["said"]) == ["Good bye", "book()", "The slot is booked"]
    assert rows["link"].iloc[0] == f"/decision?tenant=default&range=all&id={3:016x}"


def test_filters_in_the_url_are_applied(store: Store) -> None:
    """A link somebody sent shows what its sender saw."""
    _fill(store)

    page = open_page("decisions", range="all", kind="message", text="slot")

    assert _ids(page) == [1]
    assert page.selectbox(key="controls.facet.kind").value == "message"
    assert page.text_input(key="controls.text").value == "slot"


def test_a_chosen_filter_goes_into_the_url(store: Store) -> None:
    """The state of the page is its address."""
    _fill(store)
    page = open_page("decisions", range="all")

    page.selectbox(key="controls.facet.kind").select("tool_call").run()

    assert page.query_params == {"kind": "tool_call", "range": "all"}
    assert _ids(page) == [2]


def test_text_is_searched_where_it_was_typed(store: Store) -> None:
    """Typing narrows the list and the URL alike."""
    _fill(store)
    page = open_page("decisions", range="all")

    page.text_input(key="controls.text").input("bye").run()

    assert page.query_params["text"] == "bye"
    assert _ids(page) == [3]


def test_a_filter_without_values_is_not_offered(store: Store) -> None:
    """Nobody recorded a playbook here, so nobody can filter by one."""
    _fill(store)

    page = open_page("decisions", range="all")

    offered = {select.label for select in page.selectbox}
    assert {"Kind", "Model", "Tool", "Channel"} <= offered
    assert "Playbook" not in offered


def test_a_filter_value_that_is_gone_can_still_be_taken_off(store: Store) -> None:
    """An old link may name a model that no decision of the range has."""
    _fill(store)

    page = open_page("decisions", range="all", model="gone")

    assert page.selectbox(key="controls.facet.model").value == "gone"
    assert "No decision matches these filters" in page.info[0].value


def test_all_filters_can_be_cleared_at_once(store: Store) -> None:
    """The time range and the tenant stay."""
    _fill(store)
    page = open_page("decisions", range="all", kind="message", text="slot", tenant="default")

    (clear,) = [button for button in page.button if button.label == "Clear all filters"]
    clear.click().run()

    assert page.query_params == {"tenant": "default", "range": "all"}
    assert _ids(page) == [3, 2, 1]


def test_days_can_be_chosen(store: Store) -> None:
    """Both days are part of an absolute range."""
    _fill(store)

    inside = open_page("decisions", since="2026-11-01", until="2026-11-01")
    outside = open_page("decisions", since="2026-11-02", until="2026-11-03")

    assert _ids(inside) == [3, 2, 1]
    assert "No decision matches" in outside.info[0].value


def test_a_long_list_has_pages(store: Store) -> None:
    """The page number is in the URL, and one beyond the end is the last."""
    store.insert_spans([model_turn(number=n, text="hello", seconds=n) for n in range(1, 52)])

    first = open_page("decisions", range="all")
    second = open_page("decisions", range="all", page="2")
    beyond = open_page("decisions", range="all", page="99")

    assert _ids(first) == list(range(51, 1, -1))
    assert _ids(second) == [1]
    assert _ids(beyond) == [1]


def test_another_tenants_decisions_are_not_listed(store: Store) -> None:
    """Nor are they counted."""
    _fill(store)

    page = open_page("decisions", range="all", tenant="acme")

    assert not page.dataframe
    assert "No decision has been recorded yet" in told(page)


def test_an_empty_store_tells_how_to_begin(store: Store) -> None:
    """As the Overview does."""
    page = open_page("decisions")

    assert "No decision has been recorded yet" in told(page)
    assert not page.exception


def test_a_failed_read_is_shown_as_a_failure(show: ShowStore) -> None:
    """Never as a list without rows."""
    show(FailingStore())

    page = open_page("decisions")

    assert "could not be read" in page.error[0].value
    assert "No decision" not in told(page)


def test_decisions_can_be_chosen_by_what_came_of_them(store: Store) -> None:
    """The choice is in the address, and leaves those the outcome speaks for."""
    decided(store, [1, 2, 3])
    found(
        store,
        [
            Found(number=1, thread=1, rule="escalation_triggered", state="yes", event="e-1"),
            Found(number=2, thread=2, rule="escalation_triggered", state="no"),
            Found(number=3, thread=3, rule="customer_replied", state="yes", event="e-3"),
        ],
    )
    page = open_page("decisions", range="all")

    page.selectbox(key="controls.facet.outcome").select("escalation_triggered:yes").run()

    assert page.query_params["outcome"] == "escalation_triggered:yes"
    assert list(page.dataframe[0].value["decision_id"]) == [f"{1:016x}"]


def test_what_came_of_a_decision_stands_in_its_row(store: Store) -> None:
    """Only what is known: a row does not fill up with what is pending."""
    decided(store, [1])
    found(
        store,
        [
            Found(number=1, rule="escalation_triggered", state="yes", event="e-1"),
            Found(number=1, rule="customer_replied", state="pending"),
        ],
    )

    page = open_page("decisions", range="all")

    assert list(page.dataframe[0].value["outcomes"]) == [["escalation_triggered: yes"]]
