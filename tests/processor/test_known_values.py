"""What a conversation is known to be about is found wherever it is mentioned."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainingloop.instrumentation import customers
from trainingloop.processor import Redactor, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KEY = b"a key that only tests use, 32+ bytes"
RECORD: Mapping[str, str] = {
    "name": "José Álvarez Ruiz",
    "email": "jose@example.com",
    "phone": "+1 (415) 555-0123",
    "address": "742 Evergreen Terrace, Springfield",
}


def _history(*messages: tuple[str, object]) -> str:
    return json.dumps(
        [{"role": role, "parts": [{"type": "text", "content": text}]} for role, text in messages]
    )


@pytest.mark.parametrize(
    ("text", "planted"),
    [
        ("thanks José", "José"),
        ("thanks jose!", "jose"),
        ("ALVAREZ is waiting", "ALVAREZ"),
        ("it is Álvarez's bag", "Álvarez"),
        ("jose alvarez ruiz", "ruiz"),
        ("at 742 evergreen ter.", "evergreen"),
        ("my number: 4155550123", "4155550123"),
        ("415/555 01 23 it is", "01 23"),
    ],
)
def test_a_known_value_is_found_however_it_is_written(text: str, planted: str) -> None:
    """Parts of names, no case, no accents, possessives, short street words, other separators."""
    redactor = Redactor(key=KEY, engine="fast")
    redactor.learn(RECORD, conversation="c1")

    assert planted not in redactor.text(text, conversation="c1")


def test_a_part_of_a_name_has_the_token_of_the_name() -> None:
    """So that a conversation has one customer."""
    redactor = Redactor(key=KEY, engine="fast")
    redactor.learn(RECORD, conversation="c1")

    whole = redactor.text("José Álvarez Ruiz", conversation="c1")

    assert redactor.text("jose", conversation="c1") == whole


@pytest.mark.parametrize("text", ["josefina", "a ruizo b", "742 steps", "call 0123"])
def test_what_only_looks_like_a_known_value_stays(text: str) -> None:
    """Words and numbers that merely begin alike are others."""
    redactor = Redactor(key=KEY, engine="fast")
    redactor.learn(RECORD, conversation="c1")

    assert redactor.text(text, conversation="c1") == text


def test_another_conversation_and_another_tenant_know_nothing() -> None:
    """What one customer is called says nothing about another."""
    redactor = Redactor(key=KEY, engine="fast")
    redactor.learn(RECORD, conversation="c1", tenant="acme")

    assert redactor.text("hola jose", conversation="c2", tenant="acme") == "hola jose"
    assert redactor.text("hola jose", conversation="c1", tenant="other") == "hola jose"
    assert "jose" not in redactor.text("hola jose", conversation="c1", tenant="acme")


def test_an_everyday_word_is_a_name_only_with_a_capital() -> None:
    """A customer called Will is not every promise."""
    redactor = Redactor(key=KEY, engine="fast")
    redactor.learn({"name": "Will Hope"}, conversation="c1")

    redacted = redactor.text("Will said he will come, i hope", conversation="c1")

    assert redacted.startswith("<PERSON_")
    assert redacted.endswith("said he will come, i hope")


def test_a_tool_result_names_who_an_earlier_message_mentioned() -> None:
    """The customer says a name before the tool returns it."""
    redactor = Redactor(key=KEY, engine="fast")
    record = json.dumps({"first_name": "Mia", "last_name": "Li", "plan": "gold"})

    redacted = str(
        redactor.attribute(
            "gen_ai.input.messages",
            _history(("user", "it's mia li, Mia's flight"), ("tool", record)),
        )
    )

    assert "mia" not in redacted.casefold()
    assert "gold" in redacted


def test_an_id_with_a_known_name_goes_as_a_whole_and_everywhere() -> None:
    """`ada_lovelace_1815` is a name with a number."""
    redactor = Redactor(key=KEY, engine="fast")
    record = json.dumps(
        {"user_id": "mia_li_3668", "first_name": "Mia", "last_name": "Li", "order_id": "call_1"}
    )

    redacted = str(
        redactor.attribute(
            "gen_ai.input.messages", _history(("user", "i am mia_li_3668"), ("tool", record))
        )
    )

    assert "3668" not in redacted
    assert "call_1" in redacted


def test_the_structure_of_messages_survives_a_customer_of_that_name() -> None:
    """Roles and types are no mentions."""
    redactor = Redactor(key=KEY, engine="fast")
    redactor.learn({"name": "User Tool_Call"}, conversation="c1")
    messages = [{"role": "user", "parts": [{"type": "tool_call", "id": "x"}]}]

    redacted = redactor.attribute("gen_ai.input.messages", json.dumps(messages), conversation="c1")

    assert json.loads(str(redacted)) == messages


def test_a_later_span_of_an_export_names_who_an_earlier_one_mentioned() -> None:
    """The first pass over an export is for getting to know."""
    redactor = Redactor(key=KEY, engine="fast")
    question = {"gen_ai.input.messages": _history(("user", "hi this is about grizelda"))}
    answer = {"gen_ai.tool.call.result": json.dumps({"full_name": "Grizelda Quux"})}

    redactor.prepare([("acme", "c1", question), ("acme", "c1", answer)])

    redacted = redactor.attributes(question, tenant="acme", conversation="c1")
    assert "grizelda" not in str(redacted)


def test_what_is_known_by_now_is_found_in_a_message_remembered_from_before() -> None:
    """A cached message is looked at again once there is something to look for."""
    redactor = Redactor(key=KEY, engine="fast")
    history = _history(("user", "hi this is about grizelda, and " + "please help " * 40))
    before = redactor.attribute("gen_ai.input.messages", history, conversation="c1")

    redactor.learn({"full_name": "Grizelda Quux"}, conversation="c1")

    assert before == history
    after = redactor.attribute("gen_ai.input.messages", history, conversation="c1")
    assert "grizelda" not in str(after)


def test_mentions_are_counted_once() -> None:
    """A second look does not double the counts."""
    redactor = Redactor(key=KEY, engine="fast")
    report = Report()
    record = json.dumps({"full_name": "Grizelda Quux"})

    redactor.attribute(
        "gen_ai.input.messages", _history(("user", "hi, grizelda"), ("tool", record)), report=report
    )

    assert report.counts == {"PERSON": 2}


def test_a_known_name_is_found_in_escaped_json() -> None:
    r"""`\u00e1` hides no letter."""
    redactor = Redactor(key=KEY, engine="fast")
    redactor.learn({"name": "Łukasz Ångström"}, conversation="c1")
    history = json.dumps([{"role": "user", "content": "por favor, ángström " + "x " * 200}])

    redacted = redactor.attribute("gen_ai.input.messages", history, conversation="c1")

    assert "ngstr" not in str(redacted)


def test_the_record_of_a_customer_given_to_the_recorder_is_known() -> None:
    """`conversation(customer={...})` says who is talked to, and it is on no span."""
    redactor = Redactor(key=KEY, engine="fast")
    customers.remember("acme", "c-record", {"id": "crm-4711", "name": "Grizelda Quux"})

    text = "grizelda has the id crm-4711"

    redacted = redactor.text(text, tenant="acme", conversation="c-record")
    assert "grizelda" not in redacted
    assert "4711" not in redacted


@settings(deadline=None, max_examples=150)
@given(
    first=st.sampled_from(["Grizelda", "Ørjan", "Zoë", "Xiomara", "Bartholomäus"]),
    last=st.sampled_from(["Quux", "O'Quill", "van der Blorp", "Żmija", "Smythe-Wobble"]),
    change=st.sampled_from([str.lower, str.upper, str.title, str.swapcase]),
    around=st.sampled_from(["{}", "hi {}, ok", "({})", "it's {}'s", "x:{}.", "¿{}?", '"{}"']),
)
def test_no_known_name_survives(
    first: str, last: str, change: Callable[[str], str], around: str
) -> None:
    """Whatever its case, its accents and what stands around it."""
    redactor = Redactor(key=KEY, engine="fast")
    redactor.learn({"name": f"{first} {last}"}, conversation="c1")

    for name in (first, f"{first} {last}", last.split()[-1].split("-")[0]):
        redacted = redactor.text(around.format(change(name)), conversation="c1")

        assert change(name) not in redacted
