"""The Outcomes page: full, empty and failing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from support.outcomes import Found, decided, found, happened
from support.pages import FailingStore, links, open_page, told
from support.spans import START

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from app.conftest import ShowStore
    from trainingloop.store import Store

_FOREVER_HOURS = 24 * 365 * 100


_FIGURE = re.compile(r'tl-muted">([^<]*)</div><div class="tl-figure">([^<]*)<')


def _figures(page: AppTest) -> dict[str, str]:
    return dict(_FIGURE.findall(told(page)))


def _swept(store: Store, *, seconds: float) -> None:
    at = START + timedelta(seconds=seconds)
    columns = ("watermark", "rules_version", "started_at", "ended_at", "threads", "outcomes")
    store.append("outcome_sweeps", columns, [(at, "r", at, at, 1, 1)])


def test_a_rate_counts_what_is_known_and_shows_the_rest_beside_it(store: Store) -> None:
    """Pending decisions never enter a rate, and neither does an early yes."""
    decided(store, range(1, 7))
    early = Found(number=5, thread=5, state="yes", event="e-5", hours=_FOREVER_HOURS)
    pending = Found(number=6, thread=6, state="pending", hours=_FOREVER_HOURS)
    known = [Found(number=n, thread=n, state="yes" if n == 1 else "no") for n in range(1, 5)]
    found(store, [*known, early, pending])

    page = open_page("outcomes", range="all")

    assert _figures(page) == {"The customer replied": "25.0%"}
    assert "1 of 4 AI turns in 4 conversations" in told(page)
    assert "2 not known yet" in told(page)


def test_only_the_decision_that_an_event_speaks_for_is_counted(store: Store) -> None:
    """One reply is one reply, however many decisions came before it."""
    decided(store, [1, 2])
    found(
        store,
        [
            Found(number=1, state="yes", event="e-1", is_attributed=False),
            Found(number=2, state="yes", event="e-1"),
        ],
    )

    page = open_page("outcomes", range="all")

    assert "1 of 1 AI turns in 1 conversation" in told(page)


def test_a_conversation_counts_once_where_the_rule_speaks_of_conversations(store: Store) -> None:
    """An escalation in a long conversation is one of one, not one of many."""
    decided(store, [1, 2, 3])
    first = Found(
        number=1, rule="escalation_triggered", direction="bad", unit="conversation", state="no"
    )
    escalated = replace(first, number=2, state="yes", event="e-1")
    found(store, [first, escalated, replace(first, number=3, thread=3)])

    page = open_page("outcomes", range="all")

    assert _figures(page) == {"It was handed to a human": "50.0%"}
    assert "1 of 2 conversations" in told(page)


def test_what_the_worker_has_not_seen_to_its_end_is_not_counted(store: Store) -> None:
    """Behind the last sweep an early yes is known and its no is not: both wait."""
    decided(store, [1, 2])
    found(
        store,
        [
            Found(number=1, state="yes", event="e-1", hours=24),
            Found(number=2, thread=2, state="pending", hours=24),
        ],
    )
    _swept(store, seconds=3600)

    page = open_page("outcomes", range="all")

    assert _figures(page) == {"The customer replied": "not known yet"}
    assert "2 not known yet" in told(page)


def test_nothing_known_says_when_the_first_will_be(store: Store) -> None:
    """A new installation learns when to look again."""
    decided(store, [1])
    found(store, [Found(number=1, state="pending", hours=24 * 365 * 50)])

    page = open_page("outcomes", range="all")

    assert "No outcome is known yet" in page.info[0].value
    assert "the first become known at 2076-" in page.info[0].value


def test_a_decision_is_listed_with_what_it_rests_on(store: Store) -> None:
    """State, what happened, and the way to the very message."""
    decided(store, [1])
    found(store, [Found(number=1, state="yes", event="e-1")])
    happened(store, "inbound", event="e-1", text="thank you")

    page = open_page("outcomes", range="all")

    assert "The customer wrote 1 min later: thank you" in told(page)
    assert (
        "In the conversation?tenant=default&range=all&thread=c-1"
        f"&decision={1:016x}&event=e-1" in links(page)
    )


def test_an_outcome_explains_itself_when_asked(store: Store) -> None:
    """In the sentences of the command line, in the list."""
    decided(store, [1])
    found(store, [Found(number=1, state="yes", event="e-1")])
    happened(store, "inbound", event="e-1", text="thank you")
    page = open_page("outcomes", range="all")

    page.button(key=f"outcomes.evidence.why.{1:016x}").click().run()

    assert "The customer wrote 60 seconds after this answer" in told(page)


def test_recorded_markup_is_shown_as_text(store: Store) -> None:
    """A customer's HTML is what they wrote, and nothing else."""
    decided(store, [1])
    found(store, [Found(number=1, state="yes", event="e-1")])
    happened(store, "inbound", event="e-1", text="<img src=x>")

    page = open_page("outcomes", range="all")

    assert "&lt;img src=x&gt;" in told(page)


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        pytest.param({"state": "yes"}, {1}, id="state"),
        pytest.param({"state": "pending"}, {4}, id="pending"),
        pytest.param({"by": "cohort", "version": "v2"}, {3}, id="version"),
        pytest.param({"by": "model", "version": "nobody"}, set[int](), id="unknown version"),
        pytest.param({"day": "2026-11-02", "step": "day"}, {2}, id="day"),
        pytest.param({"cohort": "v2"}, {3}, id="filter"),
        pytest.param({"rule": "no_further_inbound", "ending": "timed_out"}, {2}, id="ending"),
    ],
)
def test_the_address_says_whose_decisions_are_listed(
    store: Store, query: dict[str, str], listed: set[int]
) -> None:
    """Whoever gets the link sees the same list."""
    decided(store, range(1, 5))
    silent = Found(number=1, rule="no_further_inbound", state="yes", ending="unknown")
    found(
        store,
        [
            Found(number=1, thread=1, state="yes", event="e-1"),
            Found(number=2, thread=2, state="no", seconds=86_400),
            Found(number=3, thread=3, state="no", cohort="v2"),
            Found(number=4, thread=4, state="pending", hours=_FOREVER_HOURS),
            silent,
            replace(silent, number=2, thread=2, ending="timed_out"),
        ],
    )

    page = open_page("outcomes", range="all", **query)

    ids = {link.rpartition("id=")[2] for link in links(page) if link.startswith("Decision?")}
    assert ids == {f"{number:016x}" for number in listed}


def test_versions_are_set_beside_each_other(store: Store) -> None:
    """Each with its own interval, and a way to its decisions, which the address keeps."""
    decided(store, [1, 2])
    found(
        store,
        [
            Found(number=1, thread=1, state="yes", cohort="v1", event="e-1"),
            Found(number=2, thread=2, state="no", cohort="v2"),
        ],
    )

    page = open_page("outcomes", range="all", by="cohort")

    assert "<strong>v1  </strong>" in told(page)
    assert "<strong>v2  </strong>" in told(page)
    page.button(key="outcomes.version.1").click().run()
    assert page.query_params["version"] == "v2"


def test_models_are_read_from_the_decisions(store: Store) -> None:
    """What outcomes do not carry themselves is joined to them."""
    decided(store, [1])
    found(store, [Found(number=1, state="yes", event="e-1")])

    page = open_page("outcomes", range="all", by="model")

    assert "<strong>demo-large  </strong>" in told(page)


def test_an_outcome_that_was_corrected_counts_as_corrected(store: Store) -> None:
    """The newest version of a row wins; the older one is not counted beside it."""
    decided(store, [1])
    found(store, [Found(number=1, state="no", version=1)])
    found(store, [Found(number=1, state="yes", event="late", version=2)])

    page = open_page("outcomes", range="all")

    assert "1 of 1 AI turns" in told(page)


def test_another_rule_can_be_chosen(store: Store) -> None:
    """The choice goes into the address, and survives another time range."""
    decided(store, [1])
    found(
        store,
        [Found(number=1, state="yes"), Found(number=1, rule="order_paid", state="no")],
    )
    page = open_page("outcomes", range="all")

    page.selectbox(key="outcomes.rule").select("order_paid").run()
    page.selectbox(key="controls.range").select("90d").run()

    assert page.query_params["rule"] == "order_paid"
    assert page.query_params["range"] == "90d"


def test_a_store_without_outcomes_says_that_the_worker_has_not_run(store: Store) -> None:
    """With the command that runs it."""
    decided(store, [1])

    page = open_page("outcomes", range="all")

    assert "worker has not run yet" in page.info[0].value
    assert "trainingloop outcomes run" in [code.value for code in page.code]


def test_a_range_without_outcomes_leads_to_all_of_them(store: Store) -> None:
    """Old outcomes are one click away, not seemingly lost."""
    decided(store, [1])
    found(store, [Found(number=1, state="yes")])

    page = open_page("outcomes", since="2001-01-01", until="2001-01-02")

    assert "in this time range" in page.info[0].value
    page.button(key="outcomes.all_time").click().run()
    assert page.query_params == {"tenant": "default", "range": "all"}


def test_an_empty_store_tells_how_to_begin(store: Store) -> None:
    """The same first steps as on the other pages."""
    page = open_page("outcomes")

    assert "No decision has been recorded yet" in told(page)
    assert not page.exception


def test_a_failed_read_is_shown_as_a_failure(show: ShowStore) -> None:
    """Never as a store without outcomes."""
    show(FailingStore())

    page = open_page("outcomes")

    assert "could not be read" in page.error[0].value
    assert "has not run" not in told(page)
