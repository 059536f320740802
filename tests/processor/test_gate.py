"""The gate names every detector that finds something, with and without google-re2."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, Final, cast

import pytest

from processor.canaries import CANARIES, DISGUISED, HARMLESS
from processor.disguises import DISGUISES, HONEST
from trainingloop.processor import Redactor, _detectors, _gate
from trainingloop.processor._detectors import DETECTORS, detect
from trainingloop.processor._normalise import Plain, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trainingloop.processor._gate import Gate

NAMES: Final = tuple(DETECTORS)
TEXTS: Final = (
    *(canary.text for canary in (*CANARIES, *DISGUISED)),
    *(disguise.written for disguise in DISGUISES),
    *HARMLESS,
    *HONEST,
)
_TEMPLATES: Final = (
    "{}: 'azerty!x'",
    "{} is azerty!x",
    "my {} 4155550100",
    "12 {} 34, {} 5",
    "{}=aB3xY9",
)


def missed(gate: Gate, text: str) -> set[str]:
    """The detectors that find something in a text, and that the gate does not name."""
    finders = _finders(text)
    return finders - set(gate(plain(text))) if finders else set()


@cache
def _finders(text: str) -> set[str]:
    form = plain(text)
    return {name for name, detector in DETECTORS.items() if any(True for _ in detector(form))}


@cache
def _named() -> tuple[str, ...]:
    """A text for every word of the detectors, in each way to say something of it."""
    return tuple(template.replace("{}", word) for word in _vocabulary() for template in _TEMPLATES)


def _vocabulary() -> set[str]:
    """Every word that a detector keeps in a set or a tuple of words."""
    words: set[str] = set()
    for module in pkgutil.iter_modules(_detectors.__path__, f"{_detectors.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, frozenset | tuple | dict):
                members = cast("Iterable[object]", value)
                words.update(word for word in members if isinstance(word, str) and len(word) > 1)
    return words


def _looks_clean(text: str) -> bool:
    return _detectors.first_look(text) == []


@pytest.fixture(params=["python", "re2"])
def gate(request: pytest.FixtureRequest) -> Gate:
    """Each of the two gates."""
    if request.param == "python":
        return _gate.python_gate(NAMES)
    pytest.importorskip("re2", reason="the extra 'fast' is not installed")
    made = _gate.re2_gate(NAMES)
    assert made is not None
    return made


def test_the_gate_names_every_detector_that_finds_something(gate: Gate) -> None:
    """Over all that is planted, disguised or harmless."""
    assert [missed(gate, text) for text in TEXTS if missed(gate, text)] == []


def test_the_gate_knows_the_words_of_the_detectors(gate: Gate) -> None:
    """Who teaches a detector a word must teach the gate."""
    assert {text: names for text in _named() if (names := missed(gate, text))} == {}


@pytest.mark.parametrize("is_clean", [_gate.is_clean, _looks_clean])
def test_what_is_called_clean_is_clean(is_clean: Callable[[str], bool]) -> None:
    """No detector finds anything in a text that is not looked at."""
    texts = (*TEXTS, *_named())

    hidden = [text for text in texts if is_clean(text) and _finders(text)]

    assert hidden == []


@pytest.mark.parametrize("is_clean", [_gate.is_clean, _looks_clean])
def test_prose_is_called_clean(is_clean: Callable[[str], bool]) -> None:
    """Otherwise the question would be worthless."""
    text = "Could you tell me whether the dog may come with us? That would be very nice!"

    assert is_clean(text)


def test_an_hour_and_a_price_are_called_clean() -> None:
    """Half of what assistants say has a digit in it and nothing personal."""
    pytest.importorskip("re2", reason="the extra 'fast' is not installed")
    text = "A table for 2 at the Grand Plaza on March 8th at 6:30 pm, or a flight for $129?"

    assert _looks_clean(text)


def test_half_a_surrogate_pair_opens_the_gate(gate: Gate) -> None:
    """A text that google-re2 cannot be given is read by all detectors."""
    form = plain("\ud83d ada@example.com 4111 1111 1111 1111")

    named = gate(form)

    assert {"emails", "numbers"} <= set(named)


def test_a_search_that_fails_opens_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of memory, google-re2 says that nothing matches: then everything is looked for."""
    re2 = pytest.importorskip("re2", reason="the extra 'fast' is not installed")

    class Exhausted:
        """A set of patterns that finds nothing, not even the empty pattern."""

        @classmethod
        def SearchSet(cls, _options: object) -> Exhausted:  # noqa: N802  # google-re2's names
            """Make one."""
            return cls()

        def Add(self, pattern: str) -> None:  # noqa: N802
            """Take the pattern."""

        def Compile(self) -> None:  # noqa: N802
            """Do nothing."""

        def Match(self, text: str) -> list[int]:  # noqa: N802
            """Find nothing."""
            return []

    monkeypatch.setattr(re2, "Set", Exhausted)
    gate = _gate.re2_gate(NAMES)

    assert gate is not None
    assert gate(Plain("anything")) == NAMES


def test_without_google_re2_the_same_is_found(
    redactor: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is about speed only."""
    with_it = [redactor.text(text) for text in TEXTS]
    fresh = Redactor(key=b"a key that only tests use, 32+ bytes", engine="fast", cache_bytes=0)

    monkeypatch.setattr(_detectors, "_GATE", _gate.python_gate(NAMES))
    monkeypatch.setattr(_detectors, "_RE2_GATE", None)

    assert detect is _detectors.detect
    assert [fresh.text(text) for text in TEXTS] == with_it
