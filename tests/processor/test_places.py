"""Where somebody lives: found whole, as nine countries write it, and told from everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from trainingloop.processor import Redactor

CHAT: Final = ("{}", "ok, {} then", "we could meet at {}, right?")
AMERICAN: Final = (
    "975 Sunset Drive, Suite 217",
    "1600 Pennsylvania Ave NW Apt 4B",
    "123 N 5th St",
    "PO Box 991",
    "4500 E. Camelback Rd #210",
    "Highway 61 North 4410",
    "Stevens Creek Boulevard at 3770",
    "2000 Martin Luther King Junior Way",
    "24299 Southland Drive",
    "5 Embarcadero Center",
    "1221 Broadway",
    "1300 El Camino Real",
    "42 W 3rd",
    "77 Van Ness Avenue #101",
    "123 Main St, Springfield, IL 62704",
    "9 Apple Orchard Lane, New Morgan, AB E9X 5K7",
    "1234 Oak Street Springfield IL 62704",
    "PSC 1234, Box 5678, APO AE 09012",
)
BRITISH: Final = (
    "Flat 3, 22 Acacia Road, London SW1A 1AA",
    "221B Baker Street",
    "12 St. James's Square",
    "Unit 4, 12-14 High Street",
    "Suite 5 0 Landry Mew, Port Alison, TAS, 8474",
)
GERMAN: Final = (
    "Hauptstraße 12, 10115 Berlin",
    "Am Alten Markt 3b",
    "Unter den Linden 77",
    "Lindenstr. 5",
    "Königsallee 60 F",
    "Mariahilfer Straße 22-24, 1070 Wien",
    "Stöcklistrasse 77 2751 Naters",
    "Erika-Mustermann-Ring 8, 89745 Genthin",
)
SPANISH: Final = (
    "C/ Mayor 12, 3º B, 28013 Madrid",
    "Avenida de la Constitución nº 4",
    "Calle 45 # 12-34",
    "Av. Corrientes 1234",
    "Carrera 15 No. 88-64, Bogotá",
    "Calle 5 de Mayo 12",
    "Paseo de Gracia, 43, 1º 2ª, 08007 Barcelona",
)
FRENCH: Final = (
    "12 bis rue de la Paix, 75002 Paris",
    "5 place d'Italie",
    "14, avenue des Champs-Élysées",
    "8 impasse des Lilas, 31000 Toulouse",
    "chemin de Guichard, 79564 Coste",
)
ITALIAN: Final = (
    "Via Roma 10, 00184 Roma",
    "Piazza del Duomo, 1",
    "Viale Monza 12/B, 20125 Milano (MI)",
    "Via XX Settembre, 5",
)
PORTUGUESE: Final = (
    "Rua das Flores, 123, apto 45, 01234-567 São Paulo",
    "Av. Paulista, 1578",
    "Praça da Sé, 100 - Centro, São Paulo - SP, 01001-000",
    "Rua Garrett 12, 2º esq, 1200-203 Lisboa",
)
DUTCH: Final = (
    "Keizersgracht 123, 1015 CJ Amsterdam",
    "Dorpsstraat 5",
    "Laan van Meerdervoort 12 a",
)
ALL: Final = (
    *AMERICAN, *BRITISH, *GERMAN, *SPANISH, *FRENCH, *ITALIAN, *PORTUGUESE, *DUTCH,
)  # fmt: skip
ANNOUNCED: Final = (
    ("my address is {}, thanks", "27 town and country village"),
    ("i live at {} now", "5739 taylor points suite 253"),
    ("meine adresse ist {}", "reeperbahn 100"),
    ("ich wohne in der {}", "schillerring 8"),
    ("mi dirección es {}", "plaza de emelina tovar 699"),
    ("il mio indirizzo è {}", "strada provinciale 12"),
    ("mijn adres is {}", "damrak 1"),
    ("ship it to {} please", "182 torres meadow"),
)
HARMLESS: Final = (
    "2 beds way better",
    "in 20 min drive",
    "5 star place",
    "table for 4 at Green Park",
    "10 minutes walk",
    "1 way ticket",
    "3 courts",
    "route 66",
    "24 hour gym",
    "100 dollars way too much",
    "2 small Street Tacos",
    "on 12 March Road works begin",
    "the 2nd street on the left",
    "take exit 12 on Highway 101",
    "a hard drive of 500",
    "my address is wrong in order 12345",
    "I live at home with 3 kids",
    "send it to my 2 friends",
    "deliver to room 5",
    "moved to 12 March",
    "Platz 5",
    "nehmen Sie Platz 12",
    "15 Minuten weg",
    "2 place disponible",
    "via mail 2 volte",
    "a las 5 en la plaza",
    "flight 123 via Denver 12",
    "we monitor 3 things during 2026",
)


def _left(redactor: Redactor, text: str, value: str) -> str:
    """The letters and digits of the value that no find covers."""
    begin = text.index(value)
    covered = {place for found in redactor.explain(text) for place in range(found.start, found.end)}
    places = range(begin, begin + len(value))
    return "".join(
        text[place] for place in places if place not in covered and text[place].isalnum()
    )


@pytest.mark.parametrize("template", CHAT)
@pytest.mark.parametrize("index", range(len(ALL)))
def test_covers_an_address_to_its_last_character(
    redactor: Redactor, index: int, template: str
) -> None:
    """Unit, town, region and postcode go with the street."""
    text = template.format(ALL[index])

    assert _left(redactor, text, ALL[index]) == ""


@pytest.mark.parametrize(
    "value",
    [
        "12 oak st apt 3",
        "1221 broadway",
        "2000 martin luther king junior way",
        "123 main st springfield il 62704",
        "22 acacia road, london sw1a 1aa",
        "musterstrasse 12a 80331 münchen",
        "calle luna 5",
        "22 bd saint-michel 75006 paris",
        "corso vittorio emanuele 22",
        "rua augusta 1500",
        "keizersgracht 123, 1015 cj amsterdam",
    ],
    ids=range(11),
)
def test_needs_no_capitals(redactor: Redactor, value: str) -> None:
    """Chat is written in lower case."""
    assert _left(redactor, f"so {value}", value) == ""


@pytest.mark.parametrize(("template", "value"), ANNOUNCED, ids=range(len(ANNOUNCED)))
def test_believes_who_says_that_it_is_an_address(
    redactor: Redactor, template: str, value: str
) -> None:
    """What alone could be anything is an address where the words before it say so."""
    text = template.format(value)

    assert _left(redactor, text, value) == ""


@pytest.mark.parametrize("text", HARMLESS)
def test_leaves_everyday_numbers_alone(redactor: Redactor, text: str) -> None:
    """Way, place, drive and court are words first and streets second."""
    assert redactor.text(text) == text


def test_gives_the_same_token_for_another_spelling(redactor: Redactor) -> None:
    """Case and commas make no other address."""
    written = redactor.text("975 Sunset Drive, Suite 217")

    assert redactor.text("975 sunset drive suite 217") == written


@pytest.mark.parametrize(
    "unit",
    ["12 st a ", "calle ", "1 main st ", "hauptweg 1 ", "address is ", "5 rue de la ", "po box "],
)
def test_hides_everything_in_a_text_of_addresses_only(redactor: Redactor, unit: str) -> None:
    """However many candidates a text has, the address after them is found."""
    text = unit * 2000 + ". I live at 975 Sunset Drive, Suite 217"

    assert _left(redactor, text, "975 Sunset Drive, Suite 217") == ""
