"""Links in a text, also those that are written without ``https://``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALONE: Final = (
    "com net org info biz edu gov io co ai app dev xyz shop store online site club cloud tech icu "
    "vip click top eu uk de fr nl ch ca nz cn jp kr hk tw sg ph ru ua cz sk hu ro bg gr tr dk fi "
    "lt lv ee ie lu pt br ar cl mx uy za ng ke tv"
)
"""Ends of domains that make a link of ``example.net``."""
_WITH_PATH: Final = (
    "link live today pro work world life name support help chat page email news pay win bid loan "
    "zip mov mobi mil int it es at au be se no is in me to so my am as by do id la ma pa sa re us "
    "hr pl cc md py rs sh ps pm ws vi ml tk ga cf gq il pe ve th ge al ad mu li im"
)
"""Those that are also words, names of files or of fields: ``example.it`` may be the end of one
sentence and the beginning of the next, ``report.py`` is a file, ``example.it/pay`` is a link."""
_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_REST: Final = r"[^\s<>\"'|\\^`\]]+"
_PATH: Final = rf"(?:(?::\d{{1,5}})?/|[?#](?=\w)|:\d{{2,5}}\b)(?:{_REST})?"
_SLASH: Final = rf"(?::\d{{1,5}})?/(?:{_REST})?"
"""The path that ``report.py:12`` and ``notes.md#links`` have not."""


def _either(ends: str) -> str:
    """Ends in small letters or in capitals: "done.To begin" has none of them."""
    listed = "|".join(ends.split())
    return f"(?:{listed}|{listed.upper()})"


LINK: Final = (
    rf"(?i:\b(?:https?://|www\.|mailto:){_REST})"
    rf"|//(?:{_LABEL}\.){{1,8}}[^\W\d_]{{2,24}}(?![\w@])(?:{_PATH})?"
    # "name.example@example.com" and "a.name@b.example.com" are addresses of people.
    rf"|(?<![\w@.+-])(?:{_LABEL}\.){{1,8}}"
    rf"(?:{_either(_ALONE)}(?![\w@+-]|\.\w)(?:{_PATH})?|{_either(_WITH_PATH)}{_SLASH})"
)
"""An expression for a link."""
LAST_OF_SENTENCE: Final = ".,;:!?)*_"
"""What stands behind a link more often than it ends one."""
_LINK: Final = re.compile(LINK)
_SCHEME: Final = re.compile(r"(?:https?:)?//|mailto:")
_ESCAPED: Final = re.compile(r"\\[nrt]")


def domains_in(text: str) -> Iterator[str]:
    """The host of each link in a text, or in JSON as it is written."""
    written = _ESCAPED.sub("\n", text).replace("\\/", "/")
    return filter(None, map(domain_of, _LINK.findall(written)))


def domain_of(link: str) -> str:
    """The host a link leads to, without the ``www.`` that leads to the same."""
    rest = _SCHEME.sub("", link.lower(), count=1)
    # The path, the query and the fragment may hold an "@" too.
    host = re.split(r"[/?#]", rest)[0].rpartition("@")[2].split(":")[0]
    return host.rstrip(LAST_OF_SENTENCE).removeprefix("www.")
