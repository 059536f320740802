# ruff: noqa: RUF001  # look-alikes of Latin letters are the point
"""Values that people and programs write so that they are not read, and text that is honest."""

from __future__ import annotations

import base64
import unicodedata
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Disguise:
    """A text that hides a value."""

    name: str
    text: str
    """With the value between guillemets; they are no part of the text."""

    def __str__(self) -> str:
        """The name, which holds nothing of the text."""
        return self.name

    @property
    def written(self) -> str:
        """The text as somebody wrote it."""
        return self.text.replace("«", "").replace("»", "")

    @property
    def value(self) -> tuple[int, int]:
        """Where the value begins and ends in the written text."""
        begin = self.text.index("«")
        return begin, self.text.index("»") - 1


def _mapped(text: str, first: int, *, offset: int = 0x30) -> str:
    """The digits of a text in another block of Unicode, that begins with ``first`` for zero."""
    return "".join(
        chr(ord(character) - offset + first) if character.isdigit() else character
        for character in text
    )


def wide(text: str) -> str:
    """The text in the full-width forms that Asian keyboards write."""
    return text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


def _bold(text: str) -> str:
    """The letters of a text in mathematical bold."""
    return "".join(
        unicodedata.lookup(f"MATHEMATICAL BOLD SMALL {character.upper()}")
        if character.islower()
        else character
        for character in text
    )


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


_CARD: Final = "4111 1111 1111 1111"
_PHONE: Final = "+1 415 555 0100"
_MAIL: Final = "ada.lovelace@example.com"

DISGUISES: Final = tuple(
    Disguise(name=name, text=text)
    for name, text in (
        ("card in full width", f"card «{wide(_CARD)}» ok"),
        ("card in mathematical digits", f"card «{_mapped(_CARD, 0x1D7CE)}» ok"),
        ("card in superscripts", "card «⁴¹¹¹ ¹¹¹¹ ¹¹¹¹ ¹¹¹¹» ok"),
        ("card in circled digits", "card «④①①① ①①①① ①①①① ①①①①» ok"),
        ("card in keycaps", "card «" + "4\ufe0f\u20e3" + "1\ufe0f\u20e3" * 15 + "» ok"),
        ("card in Devanagari", f"card «{_mapped(_CARD, 0x966)}» ok"),
        ("card in Thai digits", f"card «{_mapped(_CARD, 0xE50)}» ok"),
        ("card between no-break spaces", f"card «{_CARD.replace(' ', chr(0xA0))}» ok"),
        ("card between no-break hyphens", f"card «{_CARD.replace(' ', chr(0x2011))}» ok"),
        ("card with soft hyphens", f"card «{_CARD.replace(' ', chr(0xAD))}» ok"),
        ("card with zero-width spaces", "card «" + "\u200b".join("4111111111111111") + "» ok"),
        ("card with word joiners", "card «4111\u20601111\u20601111\u20601111» ok"),
        ("card with bidi marks", "card \u202d«4111\u200e1111\u200f1111\u20661111»\u202c ok"),
        ("card struck through", "card «" + "\u0336".join("4111111111111111") + "» ok"),
        ("card on four lines", "«4111\n1111\n1111\n1111»"),
        ("card with underscores", "card «4111_1111_1111_1111» ok"),
        ("card with commas", "card «4111, 1111, 1111, 1111» ok"),
        ("card with full stops", "card «4111.1111.1111.1111» ok"),
        ("card with slashes", "card «4111/1111/1111/1111» ok"),
        ("card with middle dots", "card «4111·1111·1111·1111» ok"),
        ("card with dashes and spaces", "card «4111 - 1111 - 1111 - 1111» ok"),
        ("card with stars", "card «4111*1111*1111*1111» ok"),
        ("card, every digit apart", "card «4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1» ok"),
        ("card with l for 1", "card «4l1l 1111 llll 1111» ok"),
        ("card with O for 0", "card «4OO0 0000 OO00 0002» ok"),
        ("card in bold", "card **«4111** 1111 **1111** 1111» ok"),
        ("card in code marks", "card `«4111` `1111` `1111` `1111»` ok"),
        ("card in tags", "card <b>«4111</b> 1111 <span class='x'>1111</span> 1111» ok"),
        ("card with no-break entities", "card «4111&nbsp;1111&#160;1111&#xa0;1111» ok"),
        ("card in percent escapes", "card=«4111%201111%201111%201111» ok"),
        ("card cut off", "my card is «4111 1111 1111 11»"),
        ("card cut off in JSON", '{"note": "pay with «4111-1111-1111-1»'),
        ("card in words", "«four one one one " + "one one one one " * 3 + "» ok"),
        ("phone in words", "call «four one five five five five oh one double zero» ok"),
        ("phone in Spanish words", "llama al «seis uno dos tres cuatro cinco seis siete ocho» ya"),
        ("phone in German words", "ruf «null eins fünf eins zwei drei vier fünf sechs sieben» an"),
        ("phone in French words", "au «zéro six un deux trois quatre cinq six sept huit» merci"),
        ("phone in Italian words", "al «tre due zero uno due tre quattro cinque sei sette» ciao"),
        ("phone in Portuguese words", "é «nove um dois três quatro cinco seis sete oito» ok"),
        ("phone in words and digits", "it is «4 one 5, triple five, 0 one zero zero» ok"),
        ("phone with an escaped plus", "call «\\u002b14155550100» ok"),
        ("phone in a percent escape", "to=«%2B14155550100»&x=1"),
        ("phone in a query", "?phone=«%2B1+415+555+0100»&x=1"),
        ("phone over two lines", "call me: «+1 415\n555 0100» ok"),
        ("phone over two lines after a hyphen", "call me: «415-555-\n0100» ok"),
        ("phone in tags", "<b>«415</b>-<i>555</i>-0100» ok"),
        ("phone in bold", "call **«415**-555-**0100»** ok"),
        ("phone with figure dashes", "call «415‒555‒0100» ok"),
        ("phone with bullets", "call «415•555•0100» ok"),
        ("phone glued to a name", "tel«4155550100»"),
        ("phone glued to a key", "phone=«4155550100»&x=1"),
        ("phone as a messenger id", "from «14155550100@s.whatsapp.net»"),
        ("phone as a link", "https://wa.me/«14155550100»?text=hi"),
        ("mail in full width", f"to «{wide(_MAIL)}» ok"),
        ("mail in bold letters", f"to «{_bold(_MAIL)}» ok"),
        ("mail with a Cyrillic letter", "to «аda@example.com» ok"),
        ("mail with an escaped sign", "to «ada\\u0040example.com» ok"),
        ("mail with a twice escaped sign", "to «ada\\\\u0040example.com» ok"),
        ("mail with a hex escape", "to «ada\\x40example\\x2ecom» ok"),
        ("mail with a brace escape", "to «ada\\u{40}example.com» ok"),
        ("mail in percent escapes", "to=«ada%2Elovelace%40example%2Ecom»&x"),
        ("mail in double percent escapes", "to=«ada%2540example.com»&x"),
        ("mail with a decimal entity", "to «ada&#64;example&#46;com» ok"),
        ("mail with a hex entity", "to «ada&#x40;example.com» ok"),
        ("mail with a named entity", "to «ada&commat;example&period;com» ok"),
        ("mail with a double entity", "to «ada&amp;#64;example.com» ok"),
        ("mail, all of it entities", "to «" + "".join(f"&#{ord(c)};" for c in _MAIL) + "» ok"),
        ("mail, all of it escaped", "to «" + "".join(f"\\u{ord(c):04x}" for c in _MAIL) + "» ok"),
        ("mail with a zero-width space", "to «ada\u200b@\u200bexample.com» ok"),
        ("mail with an ideographic stop", "to «ada@example。com» ok"),
        ("mail with a small sign", "to «ada﹫example․com» ok"),
        ("mail in brackets", "to «ada[at]example[dot]com» ok"),
        ("mail in braces", "to «ada {at} example {dot} com» ok"),
        ("mail in parentheses", "to «ada (at) example (.) com» ok"),
        ("mail in capitals", "to «ada AT example DOT com» ok"),
        ("mail with spelled dots", "to «ada dot lovelace at example dot co dot uk» ok"),
        ("mail with one spelled dot", "to «ada@example dot com» ok"),
        ("mail between hyphens", "to «ada-at-example-dot-com» ok"),
        ("mail in Spanish", "a «ada arroba ejemplo punto com» vale"),
        ("mail in German", "an «ada at beispiel punkt de» bitte"),
        ("mail in French", "à «ada arobase exemple point fr» merci"),
        ("mail in Italian", "a «ada chiocciola esempio punto it» grazie"),
        ("mail in Portuguese", "para «ada arroba exemplo ponto com» ok"),
        ("mail between spaces", "to «ada . lovelace @ example . com» ok"),
        ("mail after a space", "to «ada @example.com» ok"),
        ("mail over two lines", "to «ada.lovelace@example.\ncom» ok"),
        ("mail, every letter apart", "to «" + " ".join("ada@example.com") + "» ok"),
        ("mail in tags", "to «ada<b>@</b>example.com» ok"),
        ("mail in bold", "to «ada**@**example.com» ok"),
        ("mail in base64", f"Authorization of «{_b64('mail=' + _MAIL)}» ok"),
        ("phone in base64", f"state=«{_b64('phone ' + _PHONE)}» ok"),
        ("mail in hex", f"id «{_MAIL.encode().hex()}» ok"),
        ("SSN with figure dashes", "social «123‒45‒6789» ok"),
        ("IBAN in full width", f"to «{wide('DE89 3704 0044 0532 0130 00')}» ok"),
        (
            "IBAN between no-break spaces",
            "to «DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000»",
        ),
        ("password in full width", "ｐａｓｓｗｏｒｄ＝«ｈｕｎｔｅｒ２»"),
        ("password with Cyrillic letters", "pаsswоrd=«hunter2»"),
    )
)

HONEST: Final = (
    "look at example.com and tell me what you think at this point in time",
    "at some point it was mine",
    "we met at the bar dot",
    "one, two, three, four, five, six, seven, eight",
    "the first one or the second one, or the one in the middle, or two",
    "1, 2, 3, 4, 5, 6, 7 and one more",
    "**12** rooms and **34** guests, **5** nights",
    "<td>123</td><td>456</td><td>7890</td>",
    "12\n34\n56\n78\n90\n12",
    "lunch @ 12:30 on a + b = c",
    "50% off, 20%20 and 100%",
    "R&D costs &amp; benefits",
    "C:\\new\\users\\report.txt",
    "a = b + 100 + 200 + 300",
    "snake_case_name and __init__ and `code`",
    "SGVsbG8gd29ybGQsIHRoaXMgaXMgZmluZQ==",
    "x² + y² = 10² and ½ of №5",
    "Привет, как дела? Всё хорошо.",
    "今日は、元気ですか。",
    "il est né à l'été",
    "0123456789abcdef0123456789abcdef",
    "i x y z a b c d e f",
)
