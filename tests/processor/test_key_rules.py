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
    ("stylist_name", "Mia", "PERSON"),
    ("therapistName", "Noor van Dijk", "PERSON"),
    ("name_of_guest", "Ada Lovelace", "PERSON"),
    ("nombre_del_huésped", "Lucía", "PERSON"),
    ("account_manager_name", "Ada Lovelace", "PERSON"),
    ("assigned_technician", "Ada Lovelace", "PERSON"),
    ("agentName", "Ada Lovelace", "PERSON"),
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
    ("restaurant_name", "Golden Lotus"),
    ("hotelName", "Casa Luna"),
    ("file_name", "report"),
    ("tool_name", "book"),
    ("event_name", "Rock Night"),
    ("product_name", "Blue Lantern"),
    ("lesson_name", "Part One"),
    ("reason_name", "Damaged"),
    ("airline_name", "Southern Air"),
    ("agent_name", "planner"),
    ("agent_name", "Billing Agent"),
    ("agent", "Claude Code"),
    ("user_agent", "Mozilla Firefox"),
    ("doctor_name", "unknown"),
    ("stylist_name", "Hair Salon"),
    ("technician", "Senior Technician"),
    ("assigned_to", "billing desk"),
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


OBJECTS: Final = (
    ("passengers", "name"),
    ("agents", "name"),
    ("assigned_to", "name"),
    ("createdBy", "displayName"),
    ("doctor", "nombre"),
)
THINGS: Final = (
    ("restaurants", "Golden Lotus"),
    ("tools", "get_user_details"),
    ("hotel", "Casa Luna"),
    ("agents", "planner"),
    ("agents", "Triage Agent"),
    ("users", "admin"),
    ("guests", "none"),
)


@pytest.mark.parametrize(("key", "name"), OBJECTS)
@pytest.mark.parametrize("is_list", [False, True])
def test_the_name_of_somebody_in_a_role_is_theirs(
    redactor: Redactor, key: str, name: str, is_list: bool
) -> None:
    """What the object stands under says whose name it is; the conversation knows it from then."""
    someone: Value = {name: "Grizelda Ploughwright", "seat": "12A"}
    given: Value = {key: [someone] if is_list else someone}

    redactor.attribute("gen_ai.tool.call.result", given, conversation=f"{key} {is_list}")
    mention = redactor.text("tell grizelda", conversation=f"{key} {is_list}")

    assert "grizelda" not in mention


@pytest.mark.parametrize(("key", "name"), THINGS)
def test_the_name_of_a_thing_stays(redactor: Redactor, key: str, name: str) -> None:
    """Restaurants, tools and programs have names, too."""
    given: Value = {key: [{"name": name, "id": 7}]}

    assert redactor.attribute("gen_ai.tool.call.result", given) == given


def test_parts_of_a_name_are_named_first_and_last(redactor: Redactor) -> None:
    """Under ``name`` they are a person's; elsewhere they are the first and last of anything."""
    page: Value = {"first": "one", "last": "nine"}
    given: Value = {"name": {"first": "Grizelda", "last": "Ploughwright"}, "page": page}

    redacted = redactor.attribute("gen_ai.tool.call.result", given)

    assert isinstance(redacted, dict)
    assert "Grizelda" not in str(redacted)
    assert "Ploughwright" not in str(redacted)
    assert redacted["page"] == page


def test_a_salon_with_a_rating_is_nobody(redactor: Redactor) -> None:
    """Hairdressers have names of their own, and so do their shops."""
    shop: Value = {"stylist_name": "Great Clips", "average_rating": 4.2, "is_unisex": True}

    assert redactor.attribute("gen_ai.tool.call.result", shop) == shop


def test_an_explanation_knows_where_an_object_stands(redactor: Redactor) -> None:
    """It names the same values as redaction replaces."""
    text = '{"agents": [{"name": "Grizelda Ploughwright"}], "hotel": {"name": "Casa Luna"}}'

    findings = redactor.explain(text)

    assert [text[found.start : found.end] for found in findings] == ["Grizelda Ploughwright"]


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
