"""What a reviewer changed, word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trainingloop.feedback import DiffPart, word_diff

_TEXT = st.text(alphabet="ab \n\t<é", max_size=60)


def test_changed_words_are_told_from_kept_ones() -> None:
    """A word that was replaced is one removed and one added."""
    parts = word_diff("We open at 9:30 on Friday", "We open at 10:00 on Friday")

    assert parts == (
        DiffPart(kind="same", text="We open at"),
        DiffPart(kind="removed", text=" 9:30"),
        DiffPart(kind="added", text=" 10:00"),
        DiffPart(kind="same", text=" on Friday"),
    )


def test_an_answer_that_was_not_changed_is_one_part() -> None:
    """And one that had no words is all new."""
    assert word_diff("See you", "See you") == (DiffPart(kind="same", text="See you"),)
    assert word_diff("", "See you") == (DiffPart(kind="added", text="See you"),)
    assert word_diff("", "") == ()


@given(_TEXT, _TEXT)
def test_both_texts_come_out_of_the_parts(recorded: str, corrected: str) -> None:
    """To the last space: nothing is lost or made up."""
    parts = word_diff(recorded, corrected)

    assert "".join(part.text for part in parts if part.kind != "added") == recorded
    assert "".join(part.text for part in parts if part.kind != "removed") == corrected


def test_a_long_answer_is_compared_in_time() -> None:
    """Twenty thousand words, of which every third is the same one."""
    recorded = " ".join(f"the w{n} again" for n in range(7000))
    corrected = recorded.replace("w3500 ", "W ").replace("w10 ", "")

    parts = word_diff(recorded, corrected)

    assert "".join(part.text for part in parts if part.kind == "added") == " W"
    assert "".join(part.text for part in parts if part.kind == "removed") == " w10 w3500"
