"""Which texts can hold a name at all: a look that costs next to nothing."""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_IDENTIFIER: Final = re.compile(r"[^\s,;]*[\d_/\\:@=<>{}][^\s,;]*")
_FEW_WORDS: Final = 120
# What half of all short chat messages consist of. None of them is anybody's name.
_NOBODY_WORDS: Final = """
ok okay yes no yeah yep nope sure thanks thank you please hello hi hey bye goodbye great good
perfect fine right correct cool nice sounds that this it is was are the an and or but to of in
on for with me my we he she they do does did not can could would like want need have has how
what when where which why who there here now today tomorrow morning evening afternoon help
sorry welcome very much so all any some one two also just go ahead yup thx ty pls
si sí gracias hola vale bueno ja nein danke hallo bitte oui non merci bonjour ciao grazie
prego sim não obrigado obrigada olá nee bedankt dank je
true false null none ok
"""
_NOBODY: Final = frozenset(_NOBODY_WORDS.split())


def may_hold_name(text: str) -> bool:
    """Whether a text is worth a model's time: false only where no name can stand.

    False for what has no word of letters, for one identifier, and for a few words that are all
    plain answers and greetings.
    """
    stripped = text.strip()
    if len(stripped) < 2 or not _WORD.search(stripped):
        return False
    if _IDENTIFIER.fullmatch(stripped):
        return False
    if len(stripped) > _FEW_WORDS:
        return True
    return not _NOBODY.issuperset(_WORD.findall(stripped.lower()))
