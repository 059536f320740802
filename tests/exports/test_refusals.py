"""Nothing unredacted leaves, whatever somebody wrote into the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.reviewed import decided, exported, said, vote
from trainingloop.exports import ExportForm
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.store import Store

_PHONE = "+1 415 555 0134"
_LEAK = [said("user", f"Call me on {_PHONE}")]
_FORMS = list(ExportForm)
_CONVERSATION = "mail@example.com"


@pytest.mark.parametrize("form", _FORMS)
@pytest.mark.parametrize(
    ("proof", "reason"),
    [
        ({semconv.REDACTION_VERSION: ""}, "not_redacted"),
        ({semconv.REDACTION_STATUS: "partial"}, "redaction_incomplete"),
        ({semconv.REDACTION_STATUS: ""}, "redaction_incomplete"),
        ({semconv.REDACTION_FAILURES: "1"}, "redaction_incomplete"),
    ],
)
def test_a_decision_without_proof_is_refused(
    store: Store, form: ExportForm, proof: Mapping[str, str], reason: str
) -> None:
    """In every form, however much somebody likes it; the other one is written."""
    store.insert_spans([decided(1, more=proof), decided(2)])
    for number in (1, 2):
        vote(store, number, 1, correction="Until seven.")

    written = exported(store, form)

    assert written.summary.written == 1
    assert written.summary.skipped == {reason: 1}


@pytest.mark.parametrize("form", _FORMS)
@pytest.mark.parametrize("redaction", [("", ""), ("", "ok"), ("2", "partial")])
def test_a_correction_without_proof_is_refused(
    store: Store, form: ExportForm, redaction: tuple[str, str]
) -> None:
    """And the answer it corrects does not take its place."""
    store.insert_spans([decided(1)])
    vote(store, 1, 1, correction="Until seven.", redaction=redaction)

    written = exported(store, form)

    assert written.summary.written == 0
    assert written.summary.skipped == {"correction_not_redacted": 1}


@pytest.mark.parametrize("form", _FORMS)
def test_what_the_last_look_finds_is_refused(store: Store, form: ExportForm) -> None:
    """A telephone number under a proof that is not true: refused, counted, written nowhere."""
    store.insert_spans([decided(1, knew=_LEAK), decided(2)])
    for number in (1, 2):
        vote(store, number, 1, correction="Until seven.")

    written = exported(store, form)

    assert written.summary.written == 1
    assert written.summary.skipped == {"found_again": 1}
    assert b"555" not in written.content


@pytest.mark.parametrize("form", _FORMS)
def test_what_the_last_look_finds_in_a_correction_is_refused(
    store: Store, form: ExportForm
) -> None:
    """A reviewer's text is a text like any other."""
    store.insert_spans([decided(1)])
    vote(store, 1, 1, correction=f"Call {_PHONE}")

    written = exported(store, form)

    assert written.summary.written == 0
    assert written.summary.skipped == {"found_again": 1}


@pytest.mark.parametrize(
    "attribute",
    [
        semconv.SYSTEM_INSTRUCTIONS,
        semconv.REQUEST_PARAMS,
        semconv.OUTPUT_TEXT,
        semconv.INPUT_TEXT,
        semconv.DECISION_REASON,
        semconv.PLAYBOOK_SETTINGS,
        semconv.PLAYBOOK_RULES,
        semconv.TOOL_CALLS,
        semconv.COHORT,
        semconv.CONVERSATION_ID,
    ],
)
def test_every_text_of_a_decision_is_looked_at(store: Store, attribute: str) -> None:
    """Not only its messages."""
    store.insert_spans([decided(1, more={attribute: f'{{"a": "write to {_CONVERSATION}"}}'})])

    written = exported(store, ExportForm.JSONL)

    assert written.summary.skipped == {"found_again": 1}


def test_what_a_tool_returned_is_looked_at(store: Store) -> None:
    """It is written beside whole decisions."""
    run = {
        semconv.DECISION_KIND: "tool_call",
        semconv.OPERATION_NAME: "execute_tool",
        semconv.TOOL_NAME: "find",
        semconv.TOOL_CALL_ID: "c1",
        semconv.TOOL_CALL_RESULT: f"The guest is at {_PHONE}",
    }
    store.insert_spans([decided(1, more=run)])

    assert exported(store, ExportForm.JSONL).summary.skipped == {"found_again": 1}


def test_tokens_are_no_find(store: Store) -> None:
    """What redaction wrote stays, and a decision that holds it can be exported."""
    knew = [said("user", "Call me on <PHONE_7f3k2q7d> or write to <EMAIL_q2d7f3k2>, <CARD>")]
    store.insert_spans([decided(1, knew=knew)])

    assert exported(store, ExportForm.JSONL).summary.written == 1


def test_a_pair_is_refused_when_either_half_is(store: Store) -> None:
    """A liked answer may leak where the disliked one does not."""
    same = [said("user", "Are you open?")]
    store.insert_spans(
        [
            decided(1, knew=same, answered=[said("assistant", f"Call {_PHONE}")]),
            decided(2, knew=same, answered=[said("assistant", "No.")]),
        ]
    )
    vote(store, 1, 1)
    vote(store, 2, -1)

    assert exported(store, ExportForm.DPO).summary.skipped == {"found_again": 1}
