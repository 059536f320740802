"""Names of persons in running text: what is found, what is left, and what plugs in."""

from __future__ import annotations

import sys
import threading
import time
import types
from typing import TYPE_CHECKING, Final, cast

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from trainingloop.instrumentation.errors import ConfigurationError
from trainingloop.processor._entities import Entity
from trainingloop.processor._names import NameFinder, introductions, load, may_hold_name
from trainingloop.processor._normalise import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spacy.pipeline import EntityRuler

    from trainingloop.processor._entities import Match

NAMED: Final = (
    ("Please add Alicia Herrera as the contact.", "Alicia Herrera"),
    ("send 50 dollars to my friend eileen", "eileen"),
    ("my name is daniel whitmore and i want a refund", "daniel whitmore"),
    ("Dear Mrs. Palmer, your table is ready.", "Palmer"),
    ("I spoke with Shanice yesterday and she promised a voucher", "Shanice"),
    ("Passenger: O'Donnell, Kathleen", "O'Donnell, Kathleen"),
    ("where is Karen's order?", "Karen"),
    ("Best regards,\nPriya Sharma", "Priya Sharma"),
    ("Me llamo José García Márquez y quiero cambiar mi vuelo", "José García Márquez"),
    ("envía 20 euros a mi hermana lucía", "lucía"),
    ("Mein Name ist Jürgen Hoffmann, ich möchte stornieren.", "Jürgen Hoffmann"),
    ("hallo, ich bin sabine krause und mein paket ist weg", "sabine krause"),
    ("Bonjour, je m'appelle Élodie Durand.", "Élodie Durand"),
    ("la réservation est au nom de camille martin", "camille martin"),
    ("Buongiorno, sono Giulia Ferrari", "Giulia Ferrari"),
    ("la prenotazione è a nome di marco rossi", "marco rossi"),
    ("Meu nome é João da Silva", "João da Silva"),
    ("ontem falei com a fernanda e ela prometeu o reembolso", "fernanda"),
    ("Mijn naam is Jan van der Berg", "Jan van der Berg"),
    ("u spreekt met femke de vries", "femke de vries"),
)
NAMELESS: Final = (
    "I want to book a flight from New York to San Francisco on Monday.",
    "May I have your order number, please?",
    "Will the package arrive before June 12th?",
    "the bill was too high, please mark it as paid",
    "Is there a grace period for payments?",
    "I bought a rose gold case for my Samsung Galaxy.",
    "Transfer 200 dollars from my savings to checking.",
    "Upgrade me to the Platinum plan.",
    "gpt-4o answered in 3 seconds",
    "Lufthansa flight to Frankfurt departs at 9:30 am",
    "Dear customer, thank you for contacting us.",
    "Best regards,\nThe Support Team",
    "my user id is mia_li_3668",
    "**Cabin Class**: Business\n**Total Price**: $450",
    "IMPORTANT NOTICE: ALL BOOKINGS ARE FINAL",
    "def get_user(user_id): return None",
    '{"status": "available", "cabin": "economy", "price": 120}',
    "¿cuál es su número de pedido, por favor?",
    "Sehr geehrte Damen und Herren, die Zahlung ist fehlgeschlagen.",
    "je voudrais annuler ma commande s'il vous plaît",
)
INTRODUCED: Final = (
    ("Hi, my name is Ada Lovelace and I need help", "Ada Lovelace"),
    ("my name is ada lovelace, i need help", "ada lovelace"),
    ("This is Ada Byron calling from Leeds", "Ada Byron"),
    ("I'm Ada Lovelace, a customer", "Ada Lovelace"),
    ("Dear Dr. Lovelace,", "Lovelace"),
    ("Mr Babbage is here", "Babbage"),
    ("Passenger: Ada B. Lovelace", "Ada B. Lovelace"),
    ("Kind regards,\nAda Lovelace", "Ada Lovelace"),
    ("Hi Ada,\nthe order is late", "Ada"),
    ("me llamo maría lópez", "maría lópez"),
    ("ich heiße jürgen", "jürgen"),
    ("Frau Müller hat angerufen", "Müller"),
    ("je m'appelle Élodie Durand", "Élodie Durand"),
    ("mi chiamo Luca Rossi", "Luca Rossi"),
    ("meu nome é João da Silva", "João da Silva"),
    ("mijn naam is Jan van der Berg", "Jan van der Berg"),
)
NOT_INTRODUCED: Final = (
    "my name is not on the list",
    "I'm Japanese.",
    "I am Sorry for the delay.",
    "This is Delta Airlines.",
    "Dear Customer,",
    "Hello Team,",
    "Guest: 2 adults",
    "what is your name?",
    "soy cliente desde 2015",
    "ich bin sehr zufrieden",
)


@pytest.fixture(scope="module")
def finder() -> NameFinder:
    """The project's own model."""
    return load("builtin")


def _found(text: str, matches: Sequence[Match]) -> set[str]:
    return {text[match.start : match.end] for match in matches}


@pytest.mark.parametrize(("text", "name"), NAMED)
def test_finds_names_as_people_write_them(finder: NameFinder, text: str, name: str) -> None:
    """Capitals or none, seven languages, titles, possessives: every letter is covered."""
    (matches,) = finder.find([text])

    covered = {at for match in matches for at in range(match.start, match.end)}
    start = text.index(name)
    assert {start + at for at, char in enumerate(name) if char.isalnum()} <= covered
    assert {match.entity for match in matches} == {Entity.PERSON}


@pytest.mark.parametrize("text", NAMELESS)
def test_leaves_other_words_alone(finder: NameFinder, text: str) -> None:
    """Places, brands, plans, headings, code and words that are also names stay."""
    assert finder.find([text]) == [[]]


def test_gives_one_value_for_every_spelling(finder: NameFinder) -> None:
    """Case, title, possessive and order of the parts make no difference to the value."""
    texts = [
        "my name is Alicia Herrera",
        "my name is alicia herrera",
        "where is Alicia Herrera's order?",
        "Passenger: Herrera, Alicia",
    ]

    values = {match.value for matches in finder.find(texts) for match in matches}

    assert values == {"alicia herrera"}


def test_answers_in_the_order_of_the_texts(finder: NameFinder) -> None:
    """Each text has its own list, also those that were not worth asking about."""
    texts = ["12345", "call me Alicia Herrera", "", "ok thanks"]

    found = finder.find(texts)

    assert [_found(text, matches) for text, matches in zip(texts, found, strict=True)] == [
        set(), {"Alicia Herrera"}, set(), set(),
    ]  # fmt: skip


def test_does_not_touch_earlier_tokens(finder: NameFinder) -> None:
    """A token that stands for a name is neither found again nor merged into another name."""
    text = "my name is <PERSON_abcd2345> and my wife is Alicia Herrera"

    (matches,) = finder.find([text])

    assert _found(text, matches) == {"Alicia Herrera"}


@pytest.mark.parametrize("shift", range(0, 2_400, 151))
def test_reads_long_texts_to_the_end(finder: NameFinder, shift: int) -> None:
    """A name is found wherever in a long text it stands, borders of its pieces included."""
    filler = "the order has not arrived yet and nobody answers. " * 100
    text = f"{filler[:shift]} my name is Alicia Herrera. {filler}"

    (matches,) = finder.find([text])

    assert "Alicia Herrera" in _found(text, matches)


@pytest.mark.parametrize("unit", ["a", "A ", "'", "Dr. ", "my name is ", "Ä", "\n", "a_", "é-"])
def test_takes_bounded_time_on_hostile_text(finder: NameFinder, unit: str) -> None:
    """64 KB of anything is read in time proportional to its length."""
    text = unit * (65_536 // len(unit))
    began = time.process_time()

    finder.find([text])

    assert time.process_time() - began < 5


def test_finds_the_same_from_several_threads(finder: NameFinder) -> None:
    """Threads that share a finder do not disturb each other."""
    texts = [text for text, _ in NAMED]
    expected = finder.find(texts)
    answers: list[list[list[Match]]] = []
    threads = [
        threading.Thread(target=lambda: answers.append(finder.find(texts))) for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [expected] * 4


def test_finds_the_same_alone_and_in_a_batch(finder: NameFinder) -> None:
    """What a text shares its batch with changes nothing about it."""
    texts = [text for text, _ in NAMED] + list(NAMELESS)

    together = finder.find(texts)

    spans = [[(match.start, match.end) for match in matches] for matches in together]
    alone = [[(match.start, match.end) for match in finder.find([text])[0]] for text in texts]
    assert spans == alone


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=300))
def test_never_asks_in_vain(finder: NameFinder, text: str) -> None:
    """Any text is read; offsets lie inside it and the finds do not overlap."""
    (matches,) = finder.find([text])

    edges = [edge for match in matches for edge in (match.start, match.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
    assert all(match.start < match.end for match in matches)


@pytest.mark.parametrize(
    "text", ["", "42", "2026-11-22T10:00:00Z", "tkt_4711", "ok, thanks!", "{}", "user_id=17"]
)
def test_gate_stops_what_holds_no_name(text: str) -> None:
    """Numbers, identifiers and plain answers are not worth a model's time."""
    assert not may_hold_name(text)


@pytest.mark.parametrize("text", ["eileen", "Ada?", *(text for text, _ in NAMED)])
def test_gate_lets_names_through(text: str) -> None:
    """A text with a name in it reaches the model, be it that name alone."""
    assert may_hold_name(text)


@pytest.mark.parametrize(("text", "name"), INTRODUCED)
def test_finds_introduced_names_without_a_model(text: str, name: str) -> None:
    """The words with which people introduce, address and sign are enough."""
    form = plain(text)

    matches = list(introductions(form))

    assert _found(form.text, matches) == {name}
    assert {match.entity for match in matches} == {Entity.PERSON}
    assert all(0.8 <= match.score <= 0.9 for match in matches)


@pytest.mark.parametrize("text", NOT_INTRODUCED)
def test_introduces_nobody_without_a_name(text: str) -> None:
    """The same words before something else find nothing."""
    assert list(introductions(plain(text))) == []


@pytest.mark.parametrize(
    "unit", ["my name is ", "Mr ", "dear ", "name:", "hi ", "regards\n", "I'm ", "A'", "de la "]
)
def test_introductions_take_linear_time(unit: str) -> None:
    """64 KB of nothing but beginnings of introductions is no trap."""
    form = plain(unit * (65_536 // len(unit)))
    began = time.process_time()

    list(introductions(form))

    assert time.process_time() - began < 0.5


def test_takes_any_spacy_pipeline(tmp_path: Path) -> None:
    """A saved pipeline finds what its own components find."""
    pipeline = spacy.blank("en")
    patterns = [
        {"label": "PERSON", "pattern": "Zebedee Quill"},
        {"label": "GPE", "pattern": "Leeds"},
    ]
    ruler = cast("EntityRuler", pipeline.add_pipe("entity_ruler"))
    ruler.add_patterns(patterns)  # type: ignore[arg-type]
    pipeline.to_disk(tmp_path / "pipeline")
    text = "ask Zebedee Quill in Leeds"

    (matches,) = load(f"spacy:{tmp_path / 'pipeline'}").find([text])

    assert _found(text, matches) == {"Zebedee Quill"}


def test_refuses_a_spacy_pipeline_without_persons(tmp_path: Path) -> None:
    """A pipeline that would never find anybody is an error at load, not silence."""
    spacy.blank("en").to_disk(tmp_path / "pipeline")

    with pytest.raises(ConfigurationError, match="no entity label for persons"):
        load(f"spacy:{tmp_path / 'pipeline'}")


def test_names_an_unreadable_spacy_model() -> None:
    """A pipeline that is not installed is named, with what to do."""
    with pytest.raises(ConfigurationError, match=r"spacy:no_such_pipeline.*nothing is downloaded"):
        load("spacy:no_such_pipeline")


def test_takes_any_presidio_recognizer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recognizer's persons and the other kinds the project knows are found."""
    module = types.ModuleType("their_recognizers")
    module.Theirs = _TheirRecognizer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "their_recognizers", module)
    text = "Ada lives at 1 Low Street since 1840"

    (matches,) = load("presidio:their_recognizers:Theirs").find([text])

    assert [(text[match.start : match.end], match.entity) for match in matches] == [
        ("Ada", Entity.PERSON),
        ("1 Low Street", Entity.ADDRESS),
    ]


class _TheirResult:
    def __init__(self, entity_type: str, start: int, end: int) -> None:
        self.entity_type = entity_type
        self.start = start
        self.end = end
        self.score = 0.7


class _TheirRecognizer:
    supported_entities: Final = ["PERSON", "STREET_ADDRESS", "YEAR_OF_SOMETHING"]

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: None = None
    ) -> list[_TheirResult]:
        return [
            _TheirResult("PERSON", text.index("Ada"), text.index("Ada") + 3),
            _TheirResult("STREET_ADDRESS", 13, 25),
            _TheirResult("YEAR_OF_SOMETHING", 32, 36),
        ]


def test_passes_on_what_a_model_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text a model chokes on is the caller's to drop: the error is not swallowed."""
    module = types.ModuleType("their_recognizers")
    module.Theirs = _ChokingRecognizer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "their_recognizers", module)
    finder = load("presidio:their_recognizers:Theirs")

    with pytest.raises(ArithmeticError):
        finder.find(["ask Ada"])


class _ChokingRecognizer(_TheirRecognizer):
    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: None = None
    ) -> list[_TheirResult]:
        raise ArithmeticError


@pytest.mark.parametrize(
    ("spec", "package", "remedy"),
    [
        ("builtin", "numpy", r"pip install 'trainingloop\[ner\]'"),
        ("spacy:en_core_web_sm", "spacy", "pip install spacy"),
        ("presidio:module:Class", "presidio_analyzer", r"pip install 'trainingloop\[server\]'"),
        ("gliner:/models/gliner", "gliner", "pip install gliner"),
    ],
)
def test_names_the_missing_package(
    monkeypatch: pytest.MonkeyPatch, spec: str, package: str, remedy: str
) -> None:
    """A missing package is an error at load that says how to get it."""
    monkeypatch.setitem(sys.modules, package, None)
    for module in ("builtin", "network"):
        monkeypatch.delitem(sys.modules, f"trainingloop.processor._names.{module}", raising=False)

    with pytest.raises(ConfigurationError, match=f"{spec}.*{package}.*{remedy}"):
        load(spec)


@pytest.mark.parametrize("spec", ["", "builtin:x", "spacy", "spacy:", "transformers:x", "Builtin"])
def test_refuses_an_unknown_specification(spec: str) -> None:
    """What is none of the allowed forms is refused with all of them."""
    with pytest.raises(ConfigurationError, match="gliner:PATH_OF_A_FOLDER"):
        load(spec)
