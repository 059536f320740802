"""What a conversation knows stays within it, within bounds, and is found in disguise."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainingloop.instrumentation import customers
from trainingloop.processor import Redactor

if TYPE_CHECKING:
    from collections.abc import Sequence

KEY = b"a key that only tests use, 32+ bytes"
NAMES = ("Mia Li", "Grizelda Quux", "Will Hope", "Zoë Ångström")
PADDING = " please" * 40


def _record(name: str) -> dict[str, str]:
    first, last = name.split()
    handle = f"{first}_{last}_36".lower()
    return {"user_id": handle, "first_name": first, "last_name": last, "note": f"ask {handle}"}


CONTENTS = (*NAMES, "mia li" + PADDING, *(json.dumps(_record(name)) for name in NAMES))
VALUES = st.one_of(
    st.builds(
        "{} {}{}".format,
        st.sampled_from(["hi", "my name is", "id mia_li_36", "mail ada@example.com"]),
        st.sampled_from([*NAMES, *map(str.lower, NAMES), "mia", "quux"]),
        st.sampled_from(["", PADDING]),
    ),
    st.sampled_from([json.dumps(_record(name)) for name in NAMES]),
    st.lists(
        st.fixed_dictionaries(
            {"role": st.sampled_from(["user", "tool"]), "content": st.sampled_from(CONTENTS)}
        ),
        min_size=1,
        max_size=3,
    ).map(json.dumps),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.sampled_from(["learn", "body", "customer", "x.id"]), VALUES
    ),
    min_size=2,
    max_size=10,
)


@settings(deadline=None, max_examples=60)
@given(steps=STEPS)
def test_what_is_remembered_of_other_conversations_changes_nothing(
    steps: Sequence[tuple[str, str, str]],
) -> None:
    """One redactor says what one for each conversation, without any memory of texts, would say."""
    shared = Redactor(key=KEY, engine="fast")
    alone = {name: Redactor(key=KEY, engine="fast", cache_bytes=0) for name in "abc"}

    for conversation, key, value in steps:
        if key == "learn":
            record = {"name": NAMES[len(value) % len(NAMES)]}
            shared.learn(record, conversation=conversation)
            alone[conversation].learn(record, conversation=conversation)
            continue
        ours = shared.attributes({key: value}, conversation=conversation)

        assert ours == alone[conversation].attributes({key: value}, conversation=conversation)


def test_threads_may_share_a_redactor() -> None:
    """Each conversation knows its own customer, whatever the others learn meanwhile."""
    redactor = Redactor(key=KEY, engine="fast", cache_bytes=100_000)
    everybody = "we have grizelda and xiomara and bartholomew" + PADDING
    owners = {"c0": "grizelda", "c1": "xiomara", "c2": "bartholomew"}

    def look(number: int) -> tuple[str, str]:
        conversation = f"c{number % 3}"
        redactor.learn({"name": owners[conversation]}, conversation=conversation)
        messages = json.dumps([{"role": "user", "content": f"{number % 5} {everybody}"}])
        return conversation, str(redactor.attribute("v", messages, conversation=conversation))

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(look, range(400)))

    for conversation, redacted in found:
        left = [name for name in owners.values() if name in redacted]
        assert sorted(left) == sorted(set(owners.values()) - {owners[conversation]})


def test_a_list_of_places_does_not_push_out_the_customer() -> None:
    """There is room for each kind of value by itself, and always for the customer's record."""
    redactor = Redactor(key=KEY, engine="fast")
    hotels = [{"address": f"{n} Sunset Drive", "first_name": f"Xa{n}bcd"} for n in range(1, 300)]
    redactor.attribute("v", json.dumps(hotels), conversation="c")

    redactor.learn({"name": "Grizelda Quux"}, conversation="c")

    assert "grizelda" not in redactor.text("hi, grizelda", conversation="c")


@pytest.mark.parametrize(
    "written",
    [
        "Gri\u200bzelda", "A\u0301lvarez", "Gri%7Aelda", "&Aacute;lvarez", "\\u00c1lvarez",
        "\uff27\uff52\uff49\uff5a\uff45\uff4c\uff44\uff41",
    ],
)  # fmt: skip
def test_a_known_name_is_found_in_disguise(written: str) -> None:
    """Escapes, full-width letters and what cannot be seen hide nothing."""
    redactor = Redactor(key=KEY, engine="fast")
    redactor.learn({"name": "Grizelda Álvarez"}, conversation="c")

    redacted = redactor.text(f"it is {written} again", conversation="c")

    assert redacted.startswith("it is <PERSON_")
    assert redacted.endswith("> again")


@pytest.mark.parametrize(
    ("name", "text", "planted"),
    [
        ("王 小明", "我是小明先生", "小明"),
        ("山田太郎", "山田さんですか", "山田"),
        ("สมชาย ใจดี", "คุณสมชายครับ", "สมชาย"),
        ("Mia-Sophie O'Brien", "it's miasophie", "miasophie"),
        ("Mia-Sophie O'Brien", "mr obrien it is", "obrien"),
        ("Mia-Sophie O'Brien", "the o'brien's bag", "o'brien's"),
    ],
)
def test_a_name_is_found_where_nothing_sets_it_apart(name: str, text: str, planted: str) -> None:
    """In scripts without spaces, and without its own hyphens and apostrophes."""
    redactor = Redactor(key=KEY, engine="fast")
    redactor.learn({"name": name}, conversation="c")

    before, after = text.split(planted)
    redacted = redactor.text(text, conversation="c")
    assert redacted.startswith(f"{before}<PERSON_")
    assert redacted.endswith(f">{after}")


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"email": "unknown", "iban": "none"}, "status unknown, none of it"),
        ({"id": "2024"}, "since 2024"),
        ({"first_name": "Support"}, "ask support"),
        ({"author": "checkout", "sender": "payments page"}, "the checkout page"),
    ],
)
def test_what_is_no_value_is_not_looked_for(record: dict[str, str], text: str) -> None:
    """A placeholder in a field says nothing about the customer."""
    redactor = Redactor(key=KEY, engine="fast")
    redactor.learn(record, conversation="c")

    assert redactor.text(text, conversation="c") == text


def test_a_record_may_hold_values_that_no_json_has() -> None:
    """A date, or an object of the application, does not keep the name from being known."""
    redactor = Redactor(key=KEY, engine="fast")
    record = {"since": dt.date(2020, 1, 2), "tags": {"a"}, "name": "Grizelda Quux"}
    customers.remember("acme", "c-odd-record", record)

    redacted = redactor.text("hi, grizelda", tenant="acme", conversation="c-odd-record")

    assert "grizelda" not in redacted


def test_an_attribute_that_once_named_nobody_is_looked_at_again() -> None:
    """What stayed as it was in one conversation may name the customer of another."""
    redactor = Redactor(key=KEY, engine="fast")
    before = redactor.attributes({"customer": "mia"}, conversation="a")

    redactor.learn({"name": "Mia Li"}, conversation="b")

    assert before == {"customer": "mia"}
    assert "mia" not in str(redactor.attributes({"customer": "mia"}, conversation="b"))


def test_a_text_that_says_a_name_late_is_looked_at_again() -> None:
    """As an attribute would be."""
    redactor = Redactor(key=KEY, engine="fast")

    redacted = redactor.text("grizelda here. my name is Grizelda Quux.", conversation="c")

    assert "grizelda" not in redacted.casefold()


@pytest.mark.parametrize("text", ["4111 1111 1111 1111mia", "mia4111 1111 1111 1111, mia"])
def test_a_name_that_a_replacement_sets_free_is_found_at_once(text: str) -> None:
    """A second pass finds nothing that the first one left."""
    redactor = Redactor(key=KEY, engine="fast")
    redactor.learn({"name": "Mia Li"}, conversation="c")

    once = redactor.text(text, conversation="c")

    assert redactor.text(once, conversation="c") == once
