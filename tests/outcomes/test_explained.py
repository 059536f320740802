"""Every outcome there is gets an explanation, on data nobody made up for it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from demo.recording import NOW, record
from trainingloop.cli._importing import Importer
from trainingloop.cli._workspace import open_workspace
from trainingloop.outcomes import explain, sweep
from trainingloop.outcomes.rules import BUILT_IN
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.cli._importing import Tally
    from trainingloop.outcomes import OutcomeExplanation
    from trainingloop.store import Store

DATA = Path(__file__).parents[3] / "shared" / "data"
LATER = datetime(2027, 6, 1, tzinfo=UTC)
TIME = re.compile(r"\d{1,2}:\d\d UTC")


def _ignore(name: str, tally: Tally) -> None:
    """Show no progress."""
    del name, tally


@pytest.fixture
def dsn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store that does not exist yet, with keys of its own."""
    monkeypatch.setenv("TRAININGLOOP_DATA_DIR", str(tmp_path / "home"))
    return f"chdb://{tmp_path / 'store'}"


def explanations(store: Store, now: datetime, *, every: int = 1) -> Iterator[OutcomeExplanation]:
    """Explain all outcomes of every so many decisions, of every tenant."""
    for tenant in store.tenants():
        table = store.execute(
            "SELECT decision_id, count() FROM decision_outcomes WHERE tenant_id = {tenant:String} "
            "AND cityHash64(decision_id) % {every:UInt8} = 0 "
            "GROUP BY decision_id ORDER BY decision_id",
            {"tenant": tenant, "every": every},
        )
        for decision, outcomes in table.rows:
            explanation = explain(store.reads(tenant), str(decision), now)
            assert len(explanation.outcomes) == outcomes
            yield from explanation.outcomes


def check(outcome: OutcomeExplanation) -> None:
    """Rule, state, time and reason are named, and the message where there is one."""
    assert outcome.headline.startswith(f"{outcome.rule_id}: {outcome.state}")
    assert TIME.search(outcome.text), outcome.text
    assert outcome.sentences[0].endswith("."), outcome.text
    assert len(outcome.evidence) == (outcome.event_at is not None)
    for event in outcome.evidence:
        assert " ".join(event.text[:20].split()) in outcome.text
    if outcome.state != "pending":
        assert any("ount" in sentence for sentence in outcome.sentences[1:]), outcome.text
    assert "{" not in outcome.text
    assert "“”" not in outcome.text


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_every_outcome_of_the_demo_is_explained(dsn: str, every: int) -> None:
    """Replies, hand-overs, endings and what is pending: all that the demo has."""
    request = ExportTraceServiceRequest.FromString(record(conversations=40).payload)
    with open_workspace(dsn, may_create=True) as workspace:
        workspace.send(request)

    with open_store(dsn) as store:
        sweep(store, BUILT_IN, NOW)
        found = list(explanations(store, NOW, every=every))

    for outcome in found:
        check(outcome)
    assert {outcome.state for outcome in found} == {"yes", "no", "pending"}
    assert {"resolved_by_human", "unknown"} <= {outcome.ending for outcome in found}
    assert {outcome.is_attributed for outcome in found} == {True, False}


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["tau2_airline_claude-sonnet-4-5_50.json", "tau2_airline_gpt-5.4_50.json"]
)
def test_every_outcome_of_an_import_is_explained(dsn: str, name: str) -> None:
    """Real conversations with their times, whose events nobody reported as such."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not on this machine: it is no part of the project")
    with open_workspace(dsn, may_create=True) as workspace:
        Importer(workspace, tenant="acme", model="", progress=_ignore).add(path)

    with open_store(dsn) as store:
        sweep(store, BUILT_IN, LATER)
        found = list(explanations(store, LATER, every=4))

    for outcome in found:
        check(outcome)
    assert len(found) > 300
    assert {"yes", "no"} == {outcome.state for outcome in found}
