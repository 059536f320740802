"""What the names of fields say about their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from trainingloop.processor._key_rules import sibling_rules

if TYPE_CHECKING:
    from trainingloop.processor import Redactor, Value

PERSONAL: Final = (
    ("passenger_name", "Ada Lovelace", "PERSON"),
    ("customer", "Ada Lovelace", "PERSON"),
    ("receiver", "Diego", "PERSON"),
    ("primerApellido", "Ruiz", "PERSON"),
    ("nombre", "Ada Lovelace", "PERSON"),
    ("voornaam", "Ada", "PERSON"),
    ("address1", "The Old Mill", "ADDRESS"),
    ("lieferadresse", "Zur Alten Mühle", "ADDRESS"),
    ("pick_up_address", "Church Lane", "ADDRESS"),
    ("telefoonnummer", "0612345678", "PHONE"),
    ("numeroCuenta", "1234567", "ACCOUNT"),
    ("last_four", "4321", "CARD"),
    ("dataNascita", "1990-03-05", "DOB"),
)
STRUCTURE: Final = (
    ("customer", "vip"),
    ("guest", "adult"),
    ("sender", "assistant"),
    ("nombre", "Producto"),
    ("hostname", "db-primary"),
    ("web_address", "the home page"),
    ("recipients", "none"),
    ("zip", "62704"),
    ("credit_card", "visa"),
)


@pytest.mark.parametrize(("name", "value", "kind"), PERSONAL, ids=[case[0] for case in PERSONAL])
def test_a_field_says_what_it_holds(redactor: Redactor, name: str, value: str, kind: str) -> None:
    """In any language and any way to write names of fields."""
    redacted = redactor.attribute("gen_ai.tool.call.result", {"id": "7", name: value})

    assert str(redacted).count(f"<{kind}") == 1
    assert value not in str(redacted)


@pytest.mark.parametrize(("name", "value"), STRUCTURE, ids=[case[0] for case in STRUCTURE])
def test_a_value_has_to_look_like_its_field(redactor: Redactor, name: str, value: str) -> None:
    """A customer may be an object, a role or an id; only a name is replaced."""
    given: Value = {"id": "7", name: value}

    assert redactor.attribute("gen_ai.tool.call.result", given) == given


def test_a_shop_is_nobody(redactor: Redactor) -> None:
    """It has a name, a number and an address like a person, and a rating unlike one."""
    shop: Value = {"name": "Blue Bottle", "phone": "+1 415 555 0100", "rating": 4.5}

    redacted = redactor.attribute("gen_ai.tool.call.result", shop)

    assert isinstance(redacted, dict)
    assert redacted["name"] == "Blue Bottle"


def test_fields_beside_a_street_are_parts_of_the_address() -> None:
    """A postcode says where somebody lives when the street stands beside it; a city stays."""
    names = ("address1", "address2", "city", "country", "state", "zip")

    rules = sibling_rules(names)

    assert {name: rule.entity.value for name, rule in rules.items()} == {"zip": "ADDRESS"}
    assert sibling_rules(("city", "zip")) == {}
