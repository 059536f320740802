"""Our reading of Presidio's YAML and Presidio's own find the same places in any text."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import yaml
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from trainingloop.processor import BrokenRedactionError, Redactor
from trainingloop.processor._normalise import Plain
from trainingloop.processor.policy import kind_of, kind_of_match, load_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

Span: TypeAlias = tuple[int, int, str]

_ATOMS = st.sampled_from(
    ["a", "b", r"\d", r"\d{3}", r"\w+", r"[A-C]", ".", r"\s", "-", r"\b", "^", "$", r"\.", "ab?"]
)
_EXPRESSIONS = st.lists(_ATOMS, min_size=1, max_size=4).map("".join)
_SCORES = st.sampled_from([0.0, 0.01, 0.4, 1])
_PATTERNS = st.fixed_dictionaries({"name": st.just("p"), "regex": _EXPRESSIONS, "score": _SCORES})
_TERMS = st.sampled_from(
    [
        "a",
        "A",
        "ab",
        "ab.",
        "a.b",
        "a.b c",
        "aba.",
        "Dr.",
        "a b",
        "B-1",
        "off",
        "123",
        "É",
        "x y",
        ".",
    ]
)
_RECOGNIZERS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["one", "two"]),
        "supported_entity": st.sampled_from(["LOYALTY", "EMAIL_ADDRESS", "PERSON"]),
        "supported_language": st.just("en"),
    },
    optional={
        "context": st.lists(st.sampled_from(["a", "code"]), max_size=2),
        "deny_list_score": st.sampled_from([0.3, 1.0]),
        "score_thresholds": st.sampled_from([{"default": 0.4}, {"LOYALTY": 0.2}]),
        "version": st.just("0.1"),
    },
)
_MATCHERS = st.one_of(
    st.fixed_dictionaries({"patterns": st.lists(_PATTERNS, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"deny_list": st.lists(_TERMS, min_size=1, max_size=4)}),
    st.fixed_dictionaries(
        {
            "patterns": st.lists(_PATTERNS, min_size=1, max_size=2),
            "deny_list": st.lists(_TERMS, min_size=1, max_size=3),
        }
    ),
)
_FILES = st.lists(
    st.tuples(_RECOGNIZERS, _MATCHERS).map(lambda parts: {**parts[0], **parts[1]}),
    min_size=1,
    max_size=3,
)
_TEXTS = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            "A",
            "AB",
            "ab",
            " ",
            "\n",
            "1",
            "123",
            "-",
            ".",
            "Dr.",
            "É",
            "é",
            "code ",
            "off",
        ]
    ),
    max_size=16,
).map("".join)


@cache
def _language_engine() -> Any:
    provider = pytest.importorskip("presidio_analyzer.nlp_engine").NlpEngineProvider
    return provider(
        nlp_configuration={
            "nlp_engine_name": "no_op",
            "models": [{"lang_code": "en", "model_name": "no_op"}],
        }
    ).create_engine()


def _presidio_finds(path: Path, text: str) -> set[Span]:
    presidio = pytest.importorskip("presidio_analyzer")
    registry = presidio.RecognizerRegistry(supported_languages=["en"])
    registry.add_recognizers_from_yaml(path)
    engine = presidio.AnalyzerEngine(
        registry=registry, nlp_engine=_language_engine(), supported_languages=["en"]
    )
    results = engine.analyze(text, "en")
    return {(found.start, found.end, kind_of(found.entity_type)) for found in results}


def _our_finds(path: Path, text: str) -> set[Span]:
    policy = path.with_name("redaction.yaml")
    policy.write_text(f"version: 1\nrecognizers: {path.name}\n")
    matches = (
        match
        for detector in load_policy(policy).detectors().values()
        for match in detector(Plain(text))
    )
    return {(match.start, match.end, kind_of_match(match)) for match in matches}


def _is_inside(span: Span, others: set[Span]) -> bool:
    start, end, kind = span
    return any(o[0] <= start and end <= o[1] and o[2] == kind for o in others)


@settings(deadline=None, max_examples=60)
@given(recognizers=_FILES, text=_TEXTS)
def test_presidio_finds_nothing_that_we_miss(
    recognizers: list[Mapping[str, object]], text: str
) -> None:
    """Every place Presidio finds we find too, at the same offsets and of the same kind."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.yaml"
        path.write_text(yaml.safe_dump({"recognizers": recognizers}), encoding="utf-8")

        theirs, ours = _presidio_finds(path, text), _our_finds(path, text)

    assert theirs - ours == set()


@settings(deadline=None, max_examples=40)
@given(
    recognizers=st.lists(
        st.tuples(_RECOGNIZERS, _MATCHERS).map(
            lambda parts: {
                **{name: value for name, value in parts[0].items() if name != "context"},
                **parts[1],
            }
        ),
        min_size=1,
        max_size=3,
    ),
    text=_TEXTS,
)
def test_we_find_nothing_that_presidio_does_not(
    recognizers: list[Mapping[str, object]], text: str
) -> None:
    """Without context words, what we find lies within what Presidio finds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.yaml"
        path.write_text(yaml.safe_dump({"recognizers": recognizers}), encoding="utf-8")

        theirs, ours = _presidio_finds(path, text), _our_finds(path, text)

    assert {span for span in ours if not _is_inside(span, theirs)} == set()


@settings(deadline=None, max_examples=60)
@given(recognizers=_FILES, text=_TEXTS)
def test_a_second_pass_under_custom_recognizers_changes_nothing(
    recognizers: list[Mapping[str, object]], text: str
) -> None:
    """Whatever their patterns are, agent and recorder may both redact."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "redaction.yaml"
        said = {"version": 1, "recognizers": recognizers}
        path.write_text(yaml.safe_dump(said), encoding="utf-8")
        try:
            redactor = Redactor(
                key=b"a key that only tests use, 32+ bytes", engine="fast", policy=load_policy(path)
            )
        except BrokenRedactionError:
            # A recognizer that finds something in whatever is left lets nothing start.
            reject()

        once = redactor.text(text)

    assert redactor.text(once) == once
