"""No planted value survives under any mix of case, spacing and escapes that is read through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from processor.disguises import wide
from trainingloop.processor import Redactor
from trainingloop.processor._entities import TOKEN
from trainingloop.processor._normalise import plain

if TYPE_CHECKING:
    from collections.abc import Callable

REDACTOR = Redactor(key=b"a key that only tests use, 32+ bytes", engine="fast")

_ESCAPES: Final[tuple[Callable[[str], str], ...]] = (
    str,
    str,
    str.upper,
    wide,
    lambda character: f"%{ord(character):02X}",
    lambda character: f"%25{ord(character):02x}",
    lambda character: f"\\u{ord(character):04x}",
    lambda character: f"\\\\u{ord(character):04X}",
    lambda character: f"\\x{ord(character):02x}",
    lambda character: f"&#{ord(character)};",
    lambda character: f"&#x{ord(character):x};",
    lambda character: f"&amp;#{ord(character)};",
    lambda character: f"{character}\u200b",
    lambda character: f"\u2060{character}",
    lambda character: f"{character}\u00ad",
    lambda character: f"{character}\u0336",
)
_VALUES: Final = (
    "ada.lovelace@example.com",
    "4111111111111111",
    "4111-1111-1111-1111",
    "+14155550100",
    "415-555-0100",
    "123-45-6789",
    "DE89370400440532013000",
)
_GAPS: Final = {"-": ("-", "\u2011", "\u2012", "\uff0d", "&hyphen;", "%2D", "\\u2010")}


def _written(character: str) -> st.SearchStrategy[str]:
    """All ways to write a character that are read through."""
    if character in _GAPS:
        return st.sampled_from(_GAPS[character])
    return st.sampled_from([escape(character) for escape in _ESCAPES])


_DISGUISED: Final = st.sampled_from(_VALUES).flatmap(lambda value: st.tuples(*map(_written, value)))


@settings(deadline=None, max_examples=300)
@given(parts=_DISGUISED, before=st.sampled_from(("", "call ", "x: ", "é\u200b ", "%41 ")))
def test_no_value_survives_a_mix_of_escapes(parts: tuple[str, ...], before: str) -> None:
    """Every character may be written in a way of its own; none of them is left."""
    text = f"{before}{''.join(parts)} end"

    redacted = REDACTOR.text(text)

    left = TOKEN.sub("", redacted.removeprefix(before).removesuffix(" end"))
    assert [character for character in left if character.isalnum()] == []


@settings(deadline=None, max_examples=300)
@given(text=st.text(max_size=60))
def test_the_way_back_is_in_order(text: str) -> None:
    """Each character of the plain form comes from a part of the text, and parts do not cross."""
    form = plain(text)

    starts = [form.start_of(index) for index in range(len(form.text))]
    ends = [form.end_of(index + 1) for index in range(len(form.text))]

    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True))
    assert len(form.lower) == len(form.text)
