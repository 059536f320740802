"""A replay set holds the decisions that were chosen, and goes on holding them."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.replay_sets import FROZEN_AT, freeze, ids, loaded
from support.reviewed import asked_for, decided, outcome, vote
from support.spans import START, model_turn, span_row, tool_run
from trainingloop.cohorts import find_cohort
from trainingloop.collector import Pipeline, Receivers, RemoteStore
from trainingloop.collector.errors import BadRequestError
from trainingloop.instrumentation import semconv
from trainingloop.processor import Redactor
from trainingloop.replay.errors import SelectionError
from trainingloop.replay.sets import (
    MOST_SIZE,
    case_sets,
    cases_of,
    find_set,
    set_actions,
    set_from,
)
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store the tests share: each records for a tenant of its own."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('sets') / 'store'}") as opened:
        yield opened


@pytest.fixture
def tenant(request: pytest.FixtureRequest) -> str:
    """A tenant that no other test has."""
    name: str = request.node.name
    return f"t-{sha256(name.encode()).hexdigest()[:24]}"


@pytest.fixture(scope="module")
def many(store: Store) -> str:
    """A tenant with sixty decisions, some channels rarer than others."""
    channels = ["web"] * 40 + ["whatsapp"] * 17 + ["mail"] * 3
    store.insert_spans(
        [
            decided(number, tenant="many", more={semconv.CHANNEL: channel})
            for number, channel in enumerate(channels, 1)
        ]
    )
    return "many"


def _chosen(store: Store, tenant: str, **document: object) -> list[int]:
    return sorted(ids(loaded(store, freeze(store, tenant, document), tenant)))


# --- Which decisions --------------------------------------------------------------------------
def test_every_decision_of_a_model_can_be_chosen(store: Store, tenant: str) -> None:
    """Playbook decisions and runs of tools are none of a model's."""
    playbook = {semconv.DECISION_KIND: "playbook", semconv.TENANT_ID: tenant}
    run = tool_run("book", number=4)
    store.insert_spans(
        [
            decided(1, tenant=tenant),
            decided(2, tenant=tenant, answered=[asked_for("c1")]),
            span_row("playbook", playbook, number=3, tenant=tenant),
            run._replace(span_attributes={**run.span_attributes, semconv.TENANT_ID: tenant}),
        ]
    )

    assert _chosen(store, tenant) == [1, 2]


def test_a_filter_of_decisions_chooses(store: Store, tenant: str) -> None:
    """By version, by time, by words: as everywhere."""
    store.insert_spans(
        [
            decided(1, tenant=tenant, more={semconv.CHANNEL: "web"}),
            decided(2, tenant=tenant),
            decided(3, tenant=tenant),
        ]
    )
    moment = (START + timedelta(seconds=3)).isoformat()

    assert _chosen(store, tenant, filter={"channel": "web"}) == [1]
    assert _chosen(store, tenant, filter={"since": moment}) == [3]
    assert _chosen(store, tenant, filter={"until": moment}) == [1, 2]


def test_a_cohort_chooses(store: Store, tenant: str) -> None:
    """With its own parameters, as the comparison of cohorts takes them."""
    store.insert_spans(
        [
            decided(1, tenant=tenant, more={semconv.AGENT_NAME: "host"}),
            decided(2, tenant=tenant, more={semconv.AGENT_NAME: "cook"}),
        ]
    )
    cohort = find_cohort(store.reads(tenant), "agent=cook,model=demo-large")

    assert _chosen(store, tenant, filter=cohort.parameters()) == [2]


def test_an_outcome_chooses(store: Store, tenant: str) -> None:
    """Such as what led to an escalation."""
    store.insert_spans([decided(number, tenant=tenant) for number in (1, 2, 3)])
    outcome(store, 1, "escalation_triggered", "no", tenant=tenant)
    outcome(store, 2, "escalation_triggered", "yes", tenant=tenant)

    assert _chosen(store, tenant, outcome="escalation_triggered:yes") == [2]


def test_a_rule_nobody_knows_is_told_with_those_there_are(store: Store, tenant: str) -> None:
    """A name that was mistyped would look like an outcome that never came."""
    store.insert_spans([decided(1, tenant=tenant)])
    with pytest.raises(BadRequestError, match="no decision has an outcome yet"):
        freeze(store, tenant, outcome="escalated:yes")
    outcome(store, 1, "order_paid", "no", tenant=tenant)
    outcome(store, 1, "escalation_triggered", "no", tenant=tenant)

    with pytest.raises(
        BadRequestError, match=r"rule 'escalated': use one of escalation_triggered, order_paid$"
    ):
        freeze(store, tenant, outcome="escalated:yes")
    with pytest.raises(BadRequestError, match="no decision of a model is chosen"):
        freeze(store, tenant, outcome="order_paid:yes")


def test_votes_choose(store: Store, tenant: str) -> None:
    """Live ones, of any reviewer; a reason must be that of the same vote."""
    store.insert_spans([decided(number, tenant=tenant) for number in range(1, 6)])
    vote(store, 1, -1, reason="incorrect", tenant=tenant)
    vote(store, 2, -1, reason="unhelpful", tenant=tenant)
    vote(store, 2, 1, reviewer="r-2", tenant=tenant)
    vote(store, 3, 1, reason="helpful", tenant=tenant)
    vote(store, 4, -1, tenant=tenant, seconds=1)
    vote(store, 4, 0, tenant=tenant, seconds=2)

    assert _chosen(store, tenant, votes="down") == [1, 2]
    assert _chosen(store, tenant, votes="up") == [2, 3]
    assert _chosen(store, tenant, vote_reason="incorrect") == [1]
    assert _chosen(store, tenant, votes="down", vote_reason="unhelpful") == [2]


def test_somebody_can_choose_by_hand(store: Store, tenant: str) -> None:
    """By id, whatever else there is; an id given twice is one decision."""
    store.insert_spans([decided(number, tenant=tenant) for number in (1, 2, 3)])
    chosen = [f"{number:016x}" for number in (3, 1, 3)]

    assert _chosen(store, tenant, decisions=chosen) == [1, 3]


def test_a_choice_by_hand_must_be_found_as_a_whole(store: Store, tenant: str) -> None:
    """Nobody is left to think that it is replayed."""
    store.insert_spans([decided(1, tenant=tenant)])

    with pytest.raises(BadRequestError, match="of the 2 'decisions' 1 are no decision of a model"):
        freeze(store, tenant, decisions=[f"{1:016x}", f"{2:016x}"])


def test_tenants_stay_apart(store: Store) -> None:
    """Not even where sets have the same id."""
    store.insert_spans(
        [
            decided(1, tenant="acme"),
            decided(2, tenant="zeta", more={semconv.ERROR_TYPE: "Timeout"}),
        ]
    )

    of_acme, of_zeta = (freeze(store, tenant, set_id="one") for tenant in ("acme", "zeta"))

    assert case_sets(store.reads("acme")) == [of_acme]
    assert case_sets(store.reads("zeta")) == [of_zeta]
    assert ids(loaded(store, of_acme, "acme")) == [1]
    assert ids(loaded(store, of_zeta, "zeta")) == [2]


def test_a_set_is_frozen_and_read_through_the_process_that_owns_the_store(
    store: Store, tenant: str
) -> None:
    """It is the same set, with the same cases."""
    rows = [decided(number, tenant=tenant, answered=[asked_for("c1")]) for number in (1, 2)]
    store.insert_spans(rows)

    with (
        Pipeline(store, Redactor(key=b"a key of sixteen")) as pipeline,
        Receivers(pipeline, http_port=0, grpc_port=0, actions=set_actions(store)) as receivers,
    ):
        remote = RemoteStore(receivers.url)
        frozen = set_from(remote.act("replay/sets", {"tenant": tenant, "votes": ""}))
        reads = remote.reads(tenant)
        found = find_set(reads, frozen.name)
        pages = list(cases_of(reads, frozen.set_id, with_steps=True))

    assert found == frozen == find_set(store.reads(tenant), frozen.set_id)
    assert pages == [loaded(store, frozen, tenant, with_steps=True)]


# --- Frozen -----------------------------------------------------------------------------------
def test_a_set_does_not_change_when_decisions_come_in(store: Store, tenant: str) -> None:
    """Nor when a batch that it was made of is sent again."""
    rows = [decided(number, tenant=tenant) for number in (1, 2)]
    store.insert_spans(rows)
    frozen = freeze(store, tenant)
    before = loaded(store, frozen, tenant)

    store.insert_spans([*rows, decided(3, tenant=tenant)])

    assert loaded(store, frozen, tenant) == before
    assert find_set(store.reads(tenant), frozen.set_id) == frozen


def test_what_is_frozen_is_what_was_answered(store: Store, tenant: str) -> None:
    """The set, how it was chosen, and what of it cannot be asked again."""
    store.insert_spans(
        [
            decided(1, tenant=tenant),
            decided(2, tenant=tenant, more={semconv.ERROR_TYPE: "Timeout"}),
            decided(3, tenant=tenant, answered=[asked_for("c1")]),
        ]
    )

    frozen = freeze(store, tenant, name="launch", filter={"cohort": "booking_v3.2"}, seed=7)

    assert find_set(store.reads(tenant), "launch") == frozen
    assert frozen.selection == {
        "filter": {"cohort": "booking_v3.2"},
        "decisions": 0,
        "votes": "",
        "vote_reason": "",
        "size": None,
        "stratify_by": [],
        "at_least": 1,
        "is_even": False,
        "seed": 7,
        "strata": {"": {"matched": 3, "drawn": 3}},
    }
    assert (frozen.matched, frozen.size) == (3, 3)
    assert frozen.unfit == {"failed": 1, "no_tools": 1}
    assert frozen.frozen_at == FROZEN_AT


def test_words_that_were_looked_for_are_not_kept(store: Store, tenant: str) -> None:
    """A set outlives the conversations it was made of."""
    more = {semconv.INPUT_TEXT: "my secret words"}
    store.insert_spans([decided(1, tenant=tenant, more=more)])

    frozen = freeze(store, tenant, filter={"text": "secret words"})

    assert frozen.matched == 1
    assert "secret" not in str(find_set(store.reads(tenant), frozen.set_id))


def test_a_preview_freezes_nothing(store: Store, tenant: str) -> None:
    """It shows what would be frozen."""
    store.insert_spans([decided(1, tenant=tenant)])

    shown = freeze(store, tenant, is_dry=True)

    assert (shown.set_id, shown.size) == ("", 1)
    assert case_sets(store.reads(tenant)) == []


def test_the_newest_set_of_a_name_is_found(store: Store, tenant: str) -> None:
    """The older one by its id."""
    store.insert_spans([decided(1, tenant=tenant)])
    older = freeze(store, tenant, name="weekly")
    newer = freeze(store, tenant, name="weekly", at=FROZEN_AT + timedelta(days=7))

    reads = store.reads(tenant)

    assert find_set(reads, "weekly") == newer
    assert find_set(reads, older.set_id) == older
    assert case_sets(reads) == [newer, older]


def test_a_set_that_does_not_exist_is_named(store: Store, tenant: str) -> None:
    """With those that there are."""
    store.insert_spans([decided(1, tenant=tenant)])
    freeze(store, tenant, name="weekly")

    with pytest.raises(SelectionError, match=r"called 'daily' \(there is weekly\)"):
        find_set(store.reads(tenant), "daily")


# --- Samples ----------------------------------------------------------------------------------
def _order(store: Store, tenant: str, **document: object) -> list[int]:
    return ids(loaded(store, freeze(store, tenant, document), tenant))


def test_the_same_seed_draws_the_same(store: Store, many: str) -> None:
    """In the same order; another seed draws others."""
    first = _order(store, many, size=20, seed=1)

    assert _order(store, many, size=20, seed=1) == first
    assert set(_order(store, many, size=20, seed=2)) != set(first)


def test_a_larger_sample_holds_the_smaller_one(store: Store, many: str) -> None:
    """What was replayed already need not be paid for again."""
    smaller = _order(store, many, size=12, stratify_by=["channel"], seed=3)
    larger = _order(store, many, size=25, stratify_by=["channel"], seed=3)

    assert set(smaller) < set(larger)


@settings(max_examples=20, deadline=None)
@given(
    size=st.integers(3, 70),
    seed=st.integers(-(2**63) + 1, 2**63 - 1),
    at_least=st.integers(1, 4),
    is_even=st.booleans(),
)
def test_a_sample_stands_for_all_that_was_chosen(
    store: Store, many: str, size: int, seed: int, at_least: int, is_even: bool
) -> None:
    """Each channel is in it, and the weights of its decisions sum up to what it holds."""
    size = max(size, 3 * at_least)
    asked = {"size": size, "at_least": at_least, "is_even": is_even}

    frozen = freeze(store, many, asked, stratify_by=["channel"], seed=seed)

    cases = loaded(store, frozen, many)
    weights: dict[str, float] = {}
    for case in cases:
        weights[case.stratum] = weights.get(case.stratum, 0) + case.weight
    assert len(cases) == frozen.size == min(size, 60)
    assert weights == pytest.approx({"channel=web": 40, "channel=whatsapp": 17, "channel=mail": 3})


def test_strata_can_be_outcomes_and_votes(store: Store, tenant: str) -> None:
    """What nobody voted on, and what no rule speaks of, are strata of their own."""
    store.insert_spans([decided(number, tenant=tenant) for number in (1, 2, 3, 4)])
    outcome(store, 1, "order_paid", "no", tenant=tenant)
    outcome(store, 2, "order_paid", "no", tenant=tenant, is_attributed=False)
    vote(store, 2, 1, tenant=tenant)
    vote(store, 3, 1, tenant=tenant)
    vote(store, 3, -1, reviewer="r-2", tenant=tenant)

    frozen = freeze(store, tenant, stratify_by=["kind", "outcome:order_paid", "vote"])

    assert {int(case.decision_id, 16): case.stratum for case in loaded(store, frozen, tenant)} == {
        1: "kind=message, vote=none, outcome=no",
        2: "kind=message, vote=up, outcome=none",
        3: "kind=message, vote=mixed, outcome=none",
        4: "kind=message, vote=none, outcome=none",
    }


def test_conversations_stay_together(store: Store, tenant: str) -> None:
    """In an order of their own, each in the order in which it happened."""
    store.insert_spans(
        [
            decided(number, tenant=tenant, more={semconv.CONVERSATION_ID: f"c-{number % 5}"})
            for number in range(1, 26)
        ]
    )

    order = _order(store, tenant)

    threads = [number % 5 for number in order]
    assert sorted(order) == list(range(1, 26))
    assert [thread for thread in dict.fromkeys(threads) for _ in range(5)] == threads
    assert all(order[at : at + 5] == sorted(order[at : at + 5]) for at in range(0, 25, 5))


# --- What cannot be understood ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"filter": {"colour": "red"}}, "'colour' is no part of a filter"),
        ({"filter": "model=a"}, "'filter' must be an object"),
        ({"filter": {"model": 4}}, "'model' must be a text"),
        ({"filter": {"since": "yesterday"}}, "'since' is no time"),
        ({"outcome": "escalation_triggered"}, "is no outcome"),
        ({"votes": "sideways"}, "'votes' is 'sideways'"),
        ({"decisions": ["one"]}, "1 of the 1 'decisions' are no ids"),
        ({"decisions": "all"}, "'decisions' must be a list"),
        ({"size": 0}, "'size' must be a whole number from 1 to 10,000"),
        ({"size": True}, "'size' must be a whole number"),
        ({"seed": 1.5}, "'seed' must be a whole number"),
        ({"stratify_by": ["colour"]}, "cannot be stratified by 'colour'"),
        ({"stratify_by": ["outcome:"]}, "cannot be stratified by 'outcome:'"),
        ({"stratify_by": ["outcome:a", "outcome:b"]}, "by one outcome"),
        ({"name": "my set"}, "'name' must be"),
        ({"created_by": 7}, "'created_by' must be"),
        ({"size": 2, "stratify_by": ["channel"]}, "2 decisions are too few for 3 strata"),
        ({"filter": {"model": "nobody's"}}, "no decision of a model is chosen"),
        ({"tenant": "no tenant"}, "'tenant' must be"),
    ],
)
def test_what_cannot_be_understood_is_refused(
    store: Store, many: str, document: Mapping[str, object], message: str
) -> None:
    """With what was wrong and what to do; nothing is frozen."""
    with pytest.raises(BadRequestError, match=message):
        freeze(store, many, {"name": "refused", **document})

    with pytest.raises(SelectionError):
        find_set(store.reads(many), "refused")


def test_more_than_a_set_holds_needs_a_size(store: Store, tenant: str) -> None:
    """Nothing is left out silently."""
    rows = (model_turn(number=number, tenant=tenant) for number in range(MOST_SIZE + 1))
    store.insert_spans(list(rows))

    with pytest.raises(BadRequestError, match="10,001 decisions are too many for a set: give a"):
        freeze(store, tenant)
