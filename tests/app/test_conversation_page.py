"""The Conversation page: a thread, the list, empty, unknown and failing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.pages import FailingStore, links, markup, open_page, told
from support.spans import event_row, model_turn, tool_request, tool_run
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from app.conftest import ShowStore
    from trainingloop.store import Store


def test_a_thread_is_told_in_its_order(store: Store) -> None:
    """Inbound message, decision with its tool, answer, hand-over, close."""
    store.insert_spans(
        [
            event_row("inbound", number=1, text="Is Friday free?", seconds=1),
            model_turn(number=2, calls=[tool_request("call-1", "free_slots")], seconds=2),
            tool_run("free_slots", number=3, call_id="call-1", seconds=3),
            model_turn(number=4, text="It is.", seconds=4),
            event_row("escalation", number=5, seconds=5),
            event_row("close", number=6, seconds=6),
        ]
    )

    page = open_page("conversation", thread="c-1")

    words = markup(page)
    steps = ("Is Friday free?", "free_slots", "It is.", "Handed to a human", "closed")
    places = [words.index(step) for step in steps]
    assert places == sorted(places)


def test_a_pause_is_shown(store: Store) -> None:
    """Hours between two decisions are a divider, not nothing."""
    store.insert_spans(
        [
            model_turn(number=1, text="Until later"),
            model_turn(number=2, text="Hello again", seconds=4 * 3600),
        ]
    )

    page = open_page("conversation", thread="c-1")

    assert "4 h pause" in markup(page)


def test_what_the_customer_said_is_derived_where_nobody_recorded_it(store: Store) -> None:
    """A zero-code agent has no inbound events; one message led to both decisions."""
    heard = {semconv.INPUT_TEXT: "Is Friday free?"}
    store.insert_spans(
        [
            model_turn(number=1, calls=[tool_request("call-1", "free_slots")], more=heard),
            model_turn(number=2, text="It is.", seconds=1, more=heard),
        ]
    )

    page = open_page("conversation", thread="c-1")

    assert markup(page).count("Is Friday free?") == 1
    assert "as the assistant knew it" in markup(page)


def test_every_decision_can_be_opened(store: Store) -> None:
    """By a link that keeps the tenant."""
    store.insert_spans([model_turn(number=n, text="hello", seconds=n) for n in (1, 2)])

    page = open_page("conversation", thread="c-1")

    opens = [link for link in links(page) if link.startswith("Open?")]
    assert opens == [f"Open?tenant=default&id={n:016x}" for n in (1, 2)]


def test_recorded_text_is_shown_as_the_characters_it_is(store: Store) -> None:
    """What a customer wrote cannot draw on the page."""
    store.insert_spans([event_row("inbound", number=1, text="<img src=x> <EMAIL_q9d7f3k2>")])

    page = open_page("conversation", thread="c-1")

    assert "&lt;img src=x&gt;" in markup(page)
    assert "&lt;EMAIL_q9d7f3k2&gt;" in markup(page)


def test_without_a_thread_the_conversations_are_listed(store: Store) -> None:
    """The most recent first, each with a link."""
    store.insert_spans(
        [
            model_turn(number=1, text="hello"),
            model_turn(number=2, text="hello", conversation="c-2", seconds=60),
        ]
    )

    page = open_page("conversation", range="all")

    rows = page.dataframe[0].value
    assert list(rows["thread_id"]) == ["c-2", "c-1"]
    assert rows["link"].iloc[0] == "/conversation?tenant=default&range=all&thread=c-2"


def test_an_empty_store_tells_how_to_begin(store: Store) -> None:
    """As the Overview does."""
    page = open_page("conversation")

    assert "No decision has been recorded yet" in told(page)
    assert not page.exception


def test_an_unknown_thread_is_said_to_be_unknown(store: Store) -> None:
    """With what was asked for."""
    page = open_page("conversation", thread="nobody")

    assert "There is no such conversation" in page.warning[0].value
    assert "nobody" in markup(page)


def test_a_failed_read_is_shown_as_a_failure(show: ShowStore) -> None:
    """In the list as in a thread."""
    show(FailingStore())

    listed = open_page("conversation")
    thread = open_page("conversation", thread="c-1")

    assert "could not be read" in listed.error[0].value
    assert "could not be read" in thread.error[0].value
