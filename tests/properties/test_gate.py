"""The gate hides no hit, whatever the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processor.canaries import CANARIES, DISGUISED, HARMLESS
from processor.disguises import DISGUISES, HONEST
from trainingloop.processor import Redactor, _detectors, _gate
from trainingloop.processor._detectors import DETECTORS
from trainingloop.processor._normalise import plain
from trainingloop.processor._scan import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._entities import Match
    from trainingloop.processor._normalise import Plain

NAMES: Final = tuple(DETECTORS)
WHOLE: Final = (
    *(canary.text for canary in (*CANARIES, *DISGUISED)),
    *(disguise.written for disguise in DISGUISES),
    *HARMLESS,
    *HONEST,
)
_WORDS: Final = tuple({word for text in WHOLE for word in text.split()})
_SIGNS: Final = (" ", "\n", ".", ",", ":", "=", "-", "'", '"', "@", "(", ")", "/", "+", "\u200b")
TEXTS: Final = st.lists(
    st.one_of(
        st.sampled_from(_WORDS),
        st.sampled_from(_SIGNS),
        st.sampled_from(WHOLE),
        st.text(max_size=12),
        st.integers(0, 10**16).map(str),
    ),
    max_size=12,
).flatmap(lambda parts: st.sampled_from(("", " ")).map(lambda between: between.join(parts)))


def _ungated(form: Plain, /) -> Iterator[Match]:
    for detector in DETECTORS.values():
        yield from detector(form)


@settings(deadline=None, max_examples=400)
@given(text=TEXTS)
def test_with_the_gate_as_much_is_found_as_without(text: str) -> None:
    """Each detector that would find something is run."""
    gate = _gate.re2_gate(NAMES) if _RE2 is None else _RE2
    form = plain(text)
    finders = {name for name, detector in DETECTORS.items() if any(True for _ in detector(form))}

    by_python = set(_PYTHON(form))

    assert finders <= by_python
    assert gate is None or finders <= set(gate(form))


@settings(deadline=None, max_examples=200)
@given(text=TEXTS)
def test_gate_on_is_gate_off(text: str) -> None:
    """The finds are the same, second readings and encoded words included."""
    assert find(text, _detectors.detect) == find(text, _ungated)


@settings(deadline=None, max_examples=200)
@given(text=TEXTS)
def test_what_is_called_clean_has_nothing_to_find(text: str) -> None:
    """The question before the gate hides nothing either."""
    if _gate.is_clean(text) or _detectors.first_look(text) == []:
        assert find(text, _ungated) == []


@settings(deadline=None, max_examples=150)
@given(text=TEXTS)
def test_the_gate_without_re2_leaves_the_same(text: str) -> None:
    """A text becomes the same, whether google-re2 is installed or not."""
    key = b"a key that only tests use, 32+ bytes"
    expected = Redactor(key=key, engine="fast", cache_bytes=0).text(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_detectors, "_GATE", _PYTHON)
        patch.setattr(_detectors, "_RE2_GATE", None)
        redacted = Redactor(key=key, engine="fast", cache_bytes=0).text(text)

    assert redacted == expected


_PYTHON: Final = _gate.python_gate(NAMES)
_RE2: Final = _gate.re2_gate(NAMES)
