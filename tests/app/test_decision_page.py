"""The Decision page: full, unknown and failing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from support.pages import FailingStore, links, markup, open_page, told
from support.spans import model_turn, span_row, tool_request, tool_run
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from app.conftest import ShowStore
    from trainingloop.store import Store

_ID = f"{1:016x}"


def _message(role: str, text: str) -> dict[str, object]:
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def test_what_it_knew_is_shown(store: Store) -> None:
    """System prompt, history, tools with their schemas, and parameters."""
    tool = {"type": "function", "name": "book", "parameters": {"required": ["day"]}}
    known = {
        semconv.SYSTEM_INSTRUCTIONS: json.dumps([{"type": "text", "content": "Be brief."}]),
        semconv.INPUT_MESSAGES: json.dumps([_message("user", "Is Friday free?")]),
        semconv.TOOL_DEFINITIONS: json.dumps([tool]),
        semconv.REQUEST_PARAMS: json.dumps({"tool_choice": "auto"}),
    }
    store.insert_spans([model_turn(number=1, text="It is.", more=known)])

    page = open_page("decision", id=_ID)

    words = told(page)
    assert "Be brief." in words
    assert "Is Friday free?" in words
    assert '"required"' in words
    assert '"tool_choice": "auto"' in words


def test_what_it_did_is_shown_with_what_came_of_it(store: Store) -> None:
    """A tool call stands with its arguments and its result, once."""
    store.insert_spans(
        [
            model_turn(number=1, calls=[tool_request("call-1", "book")]),
            tool_run("book", number=2, call_id="call-1"),
        ]
    )

    page = open_page("decision", id=_ID)

    assert markup(page).count("<strong>book</strong>") == 1
    assert '{"n": 1}' in [code.value for code in page.code]
    assert "done" in [code.value for code in page.code]


def test_rules_are_shown_with_their_reasons(store: Store) -> None:
    """Those that fired and those that did not."""
    rules = [
        {"rule": "ask_phone_first", "fired": True, "reason": "no phone known"},
        {"rule": "refund_limit", "fired": False, "reason": "no refund asked"},
    ]
    attributes = {
        semconv.DECISION_KIND: "playbook",
        semconv.OPERATION_NAME: "evaluate_playbook",
        semconv.PLAYBOOK_RULES: json.dumps(rules),
    }
    store.insert_spans([span_row("evaluate_playbook booking", attributes, number=1)])

    page = open_page("decision", id=_ID)

    words = markup(page)
    assert words.index("fired") < words.index("ask_phone_first") < words.index("not fired")
    assert "no phone known" in words
    assert "no refund asked" in words


def test_versions_and_proof_are_shown(store: Store) -> None:
    """Every part of the fingerprint that is known, and what redaction did."""
    facts = {
        semconv.COHORT: "booking_v3.2_experiment",
        semconv.CODE_VERSION: "a1b2c3d",
        semconv.CODE_DIRTY: "true",
        semconv.PLAYBOOK_ID: "booking",
        semconv.PLAYBOOK_VERSION: "3.2",
        semconv.REDACTION_VERSION: "7",
        semconv.REDACTION_STATUS: "partial",
        semconv.REDACTION_FAILURES: "1",
        semconv.REDACTION_ENTITIES: json.dumps({"PHONE": 2}),
    }
    store.insert_spans([model_turn(number=1, text="hello", more=facts)])

    page = open_page("decision", id=_ID)

    words = markup(page)
    assert "booking_v3.2_experiment" in words
    assert "a1b2c3d with uncommitted changes" in words
    assert "booking · 3.2" in words
    assert "partial" in words
    assert "PHONE 2" in words


def test_recorded_text_is_shown_as_the_characters_it_is(store: Store) -> None:
    """Markup in it does nothing, and a redaction token stays readable."""
    text = "<script>alert(1)</script> **bold** <PHONE_7f3k2q9d>"
    known = {
        semconv.INPUT_MESSAGES: json.dumps([_message("user", text)]),
        semconv.OUTPUT_MESSAGES: json.dumps([_message("assistant", text)]),
    }
    store.insert_spans([model_turn(number=1, text=text, more=known)])

    page = open_page("decision", id=_ID)

    assert "<script>" not in markup(page)
    assert markup(page).count("&lt;script&gt;alert(1)&lt;/script&gt; **bold**") == 2
    assert markup(page).count("&lt;PHONE_7f3k2q9d&gt;") == 2
    assert not any("<script>" in element.value for element in page.markdown)


def test_malformed_records_are_shown_as_text(store: Store) -> None:
    """Whatever another program wrote, the page stands."""
    broken = {
        semconv.INPUT_MESSAGES: '[{"role": "user", "parts": [{"type": "hologram", "x": 1}, 7]',
        semconv.OUTPUT_MESSAGES: '[{"role": "assistant", "parts": [{"type": "hologram"}]}, 7]',
        semconv.TOOL_DEFINITIONS: "not json",
        semconv.REQUEST_PARAMS: "{",
        semconv.REDACTION_ENTITIES: "[1]",
        semconv.PLAYBOOK_RULES: '["ask", {"rule": "refund"}]',
    }
    store.insert_spans([model_turn(number=1, text="hello", more=broken)])

    page = open_page("decision", id=_ID)

    assert not page.exception
    words = told(page)
    assert "hologram" in words
    assert "not json" in words
    assert "refund" in words


def test_a_failure_is_shown(store: Store) -> None:
    """Its type and its message, where a reader looks first."""
    row = model_turn(number=1, more={semconv.ERROR_TYPE: "RateLimitError"})
    store.insert_spans([row._replace(status_code="Error", status_message="try again later")])

    page = open_page("decision", id=_ID)

    assert "RateLimitError" in markup(page)
    assert "try again later" in markup(page)


def test_the_neighbours_in_the_conversation_are_one_click_away(store: Store) -> None:
    """Previous, next and the conversation, each with the tenant and the filters."""
    store.insert_spans([model_turn(number=n, text="hello", seconds=n) for n in (1, 2, 3)])

    page = open_page("decision", id=f"{2:016x}", kind="message")

    kept = "tenant=default&kind=message"
    assert f"Previous?{kept}&id={1:016x}" in links(page)
    assert f"Next?{kept}&id={3:016x}" in links(page)
    assert f"Conversation?{kept}&thread=c-1" in links(page)
    assert "2 of 3" in told(page)


def test_a_long_history_is_shown_from_its_end(store: Store) -> None:
    """Ten thousand messages do not make a page that never ends."""
    history = [_message("user", f"message number {n}.") for n in range(10_000)]
    known = {semconv.INPUT_MESSAGES: json.dumps(history)}
    store.insert_spans([model_turn(number=1, text="hello", more=known)])

    page = open_page("decision", id=_ID)

    assert "message number 9999." in markup(page)
    assert "message number 9000." not in markup(page)
    assert "10,000 messages" in page.toggle[0].label


def test_an_unknown_id_is_said_to_be_unknown(store: Store) -> None:
    """With what was asked for, and where it may be."""
    page = open_page("decision", id="<b>nope</b>")

    assert "There is no such decision" in page.warning[0].value
    assert "&lt;b&gt;nope&lt;/b&gt;" in markup(page)
    assert not page.exception


def test_another_tenants_decision_is_unknown(store: Store) -> None:
    """Knowing an id is not enough to read it."""
    store.insert_spans([model_turn(number=1, text="ours alone", tenant="acme")])

    page = open_page("decision", id=_ID, tenant="zenith")

    assert "There is no such decision" in page.warning[0].value
    assert "ours alone" not in told(page)


def test_an_address_without_an_id_leads_to_the_list(store: Store) -> None:
    """There is nothing to show, and nothing failed."""
    page = open_page("decision")

    assert "names no decision" in page.info[0].value
    assert "All decisions?tenant=default" in links(page)


def test_a_failed_read_is_shown_as_a_failure(show: ShowStore) -> None:
    """Never as an unknown id."""
    show(FailingStore())

    page = open_page("decision", id=_ID)

    assert "could not be read" in page.error[0].value
    assert not page.warning
