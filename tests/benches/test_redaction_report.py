"""The benchmark of redaction measures what it says: its labels, its counting, its verdicts."""

from __future__ import annotations

from typing import Literal

import pytest
from benchmarks.redaction.dialogues import dialogues
from benchmarks.redaction.examples import MEASURED, Example, Kind, Piece, compose, filler, lowered
from benchmarks.redaction.hostile import PLANTED, SIZE, hostile_texts
from benchmarks.redaction.labelled import Sets, labelled_sets
from benchmarks.redaction.metrics import Span, Tally, benign_eaten, is_covered, is_typed
from benchmarks.redaction.money import luhn_digit
from benchmarks.redaction.obfuscations import OBFUSCATIONS
from benchmarks.redaction.quality import measure
from benchmarks.redaction.targets import Target
from benchmarks.redaction.task_dialogues import workload


@pytest.fixture(scope="module")
def sets() -> Sets:
    """A few of the labelled texts."""
    return labelled_sets(seed=7, share=0.04)


class _Fixed:
    """An engine that always finds the same."""

    def __init__(self, *spans: Span) -> None:
        self._spans = list(spans)

    def find(self, text: str) -> list[Span]:
        """The spans given, whatever the text."""
        return self._spans


def _example() -> Example:
    pieces = (filler("call "), Piece(text="+1 415-555-0132", kind=Kind.PHONE), filler(" today"))
    return compose(pieces, kind=Kind.PHONE, language="en", style="chat")


def test_every_label_stands_where_its_value_stands(sets: Sets) -> None:
    """The text between the offsets of a label is the label's value."""
    examples = (*sets.messages, *sets.regions, *sets.secrets)

    wrong = [
        example
        for example in examples
        if any(example.text[label.start : label.end] != label.value for label in example.labels)
    ]

    assert wrong == []


def test_the_labels_of_conversations_stand_right_too() -> None:
    """Turns of conversations are labelled with offsets into the turn."""
    turns = [turn for item in dialogues(seed=7, share=0.04) for turn in item.turns]

    values = [
        (turn.text[label.start : label.end], label.value) for turn in turns for label in turn.labels
    ]

    assert values
    assert all(found == value for found, value in values)


def test_the_same_seed_gives_the_same_sets(sets: Sets) -> None:
    """A run can be repeated."""
    again = labelled_sets(seed=7, share=0.04)

    assert again == sets


def test_another_seed_gives_other_texts(sets: Sets) -> None:
    """The sets are drawn, not listed."""
    others = labelled_sets(seed=8, share=0.04)

    assert others.messages != sets.messages


def test_every_kind_is_asked_for(sets: Sets) -> None:
    """No kind is without examples."""
    kinds = {example.kind for example in sets.messages}

    assert kinds == set(MEASURED)


def test_lower_case_keeps_the_labels() -> None:
    """A lower-cased text has its values at the same places."""
    pieces = (filler("Dear "), Piece(text="Ada İnci", kind=Kind.PERSON), filler("!"))
    example = compose(pieces, kind=Kind.PERSON, language="en", style="formal")

    label = lowered(example).labels[0]

    assert lowered(example).text[label.start : label.end] == label.value
    assert label.value.startswith("ada")


def test_a_value_is_covered_when_only_signs_are_left() -> None:
    """Spaces, plus and hyphens of a number tell nothing."""
    example = _example()
    spans = [Span(kind="PHONE", start=start, end=end) for start, end in ((6, 7), (8, 11), (12, 20))]

    assert is_covered(example.text, example.labels[0], spans)


def test_a_value_is_not_covered_when_one_digit_is_left() -> None:
    """Recall counts values, not characters."""
    example = _example()
    spans = [Span(kind="PHONE", start=5, end=19)]

    assert not is_covered(example.text, example.labels[0], spans)


def test_a_value_is_typed_only_by_its_own_kind() -> None:
    """A phone number that was taken for a card is covered and not typed."""
    example = _example()
    spans = [Span(kind="CARD", start=5, end=20)]

    assert is_covered(example.text, example.labels[0], spans)
    assert not is_typed(example.labels[0], spans)


def test_harmless_letters_that_were_taken_are_counted() -> None:
    """A find that reaches past its value eats what nobody labelled."""
    spans = [Span(kind="PHONE", start=5, end=26)]

    eaten, benign = benign_eaten(_example(), spans)

    assert (eaten, benign) == (len("today"), len("calltoday"))


def test_a_find_that_touches_no_value_lowers_precision() -> None:
    """Precision is counted by kind of find."""
    engine = _Fixed(Span(kind="PHONE", start=5, end=20), Span(kind="IP", start=0, end=4))

    quality = measure([_example()], engine)

    assert quality.precision["PHONE"].share == 1
    assert quality.precision["IP"].share == 0
    assert quality.recall["PHONE"].share == 1


def test_wilson_interval_of_a_known_case() -> None:
    """Nine of ten: the interval that statistics books print."""
    low, high = Tally(hits=9, total=10).interval()

    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)


def test_card_numbers_get_the_right_check_digit() -> None:
    """The well-known test number ends in one."""
    assert luhn_digit("411111111111111") == "1"


def test_every_disguise_stands_in_its_text() -> None:
    """All 35 can be looked for."""
    found = [item for item in OBFUSCATIONS if item.text.count(item.value) == 1]

    assert len(found) == 35


def test_hostile_texts_are_as_long_as_promised() -> None:
    """Each is 64 KB and ends in the planted address."""
    texts = hostile_texts().values()

    assert {len(text) for text in texts} == {SIZE}
    assert all(text.endswith(PLANTED) for text in texts)


@pytest.mark.parametrize(
    ("sign", "ours", "is_met"),
    [
        ("≥", 0.99, True),
        ("≥", 0.98, False),
        ("≤", 0.99, True),
        ("<", 0.99, False),
        ("≥", None, False),
    ],
)
def test_a_target_is_judged_by_its_sign(
    sign: Literal["≥", "≤", "<"], ours: float | None, is_met: bool
) -> None:
    """What was not measured is not met."""
    target = Target(name="any", sign=sign, bound=0.99, unit="", ours=ours)

    assert target.is_met is is_met


def test_the_calls_are_like_those_of_the_study() -> None:
    """Speed is promised for 3.4 KB a call, of which little is new and less is personal."""
    load = workload()

    assert load.calls == 3741
    assert 3.2 < load.megabytes * 1000 / load.calls < 3.6
    assert load.repetition < 35
    assert load.repetition_of_turns < 5.8
    assert load.personal > 0.033
