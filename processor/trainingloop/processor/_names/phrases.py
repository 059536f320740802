"""The words around names that give them away, in seven languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SURE: Final = 0.9
_LIKELY: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words that come before a name."""

    words: frozenset[str]
    """Words of which every match has one: the pattern runs only where one of them occurs."""
    pattern: re.Pattern[str]
    any_case: bool = False
    """Whether a word in small letters after it is a name, too."""
    least_words: int = 1
    """How many words written like a name it takes."""
    ending: re.Pattern[str] | None = None
    """What has to follow the name."""
    score: float = _LIKELY
    most_words: int = 4


def _phrase(
    words: str,
    pattern: str,
    *,
    any_case: bool = False,
    least_words: int = 1,
    ending: str = "",
    score: float = _LIKELY,
    most_words: int = 4,
) -> Phrase:
    return Phrase(
        words=frozenset(words.split()),
        pattern=re.compile(pattern),
        any_case=any_case,
        least_words=least_words,
        ending=re.compile(ending) if ending else None,
        score=score,
        most_words=most_words,
    )


_ENDS: Final = r"[ \t]{0,3}(?:[,.!?:;\n\r)\"]|\Z)"
_SAYS_WHERE: Final = (
    r"[ \t]{0,3}(?:[,.!\n\r]|\Z"
    r"|(?:speaking|calling|here|from|again|and|with|de|desde|von|aus|der|di|da|van|uit|et|und)\b)"
)
_IS: Final = r"(?:['\u2019]?s|[ ]is|[ ]was)"
_TITLE: Final = (
    r"(?:mr|mrs|ms|mister|herr|frau|mevrouw|meneer|monsieur|madame|mme|mlle|se\u00f1ora?|sr|sra|srta"
    r"|signora?|sig|dott|senhora?|dra?)"
)
_TITLE_WORDS: Final = (
    "mr mrs ms mister herr frau mevrouw meneer monsieur madame mme mlle se\u00f1or se\u00f1ora sr"
    " sra srta signor signora sig dott senhor senhora dr dra"
)
_CLOSING_WORDS: Final = (
    "sincerely cheers atentamente saludos cordialement saluti atenciosamente gr\u00fc\u00dfen groet"
    " groeten truly"
)
_FIELD_WORDS: Final = (
    "full customer passenger passengers traveler travelers traveller travellers guest guests"
    " patient patients client contact holder cardholder caller"
)
_FIELD: Final = (
    r"(?:full|customer|passengers?|travell?ers?|guests?|patients?|client|contact|account holder"
    r"|card ?holder|caller)"
)
_RELATIVE: Final = (
    r"(?:friend|wife|husband|spouse|son|daughter|brother|sister|mother|father|mom|mum|dad|cousin"
    r"|nephew|niece|boss|colleague|partner|neighbou?r|uncle|aunt|roommate|landlord|girlfriend"
    r"|boyfriend|fianc\u00e9e?)"
)
_SOMEBODY: Final = rf"(?:{_RELATIVE}|passenger|agent|colleague|man|woman|lady|guy|girl|boy|person)"

PHRASES: Final = (
    _phrase("name", rf"\b(?:my|her|his)[ ](?:full[ ]|first[ ]|last[ ])?name{_IS}[ ]",
            any_case=True, score=_SURE),
    _phrase("name", rf"\b(?:the[ ])?name{_IS}[ ](?!(?:on|of|for|in|under)\b)", ending=_SAYS_WHERE),
    _phrase("name", r"\bunder[ ]the[ ]name(?:[ ]of)?[ ]", score=_SURE),
    _phrase("name", rf"(?:\A|[\n\r,;{{(|])[ \t\"'*\-]{{0,4}}(?:{_FIELD}[ ])?(?:(?:first|last)[ ])?"
            r"name"
            r"[\"'*]{0,3}[ ]?:[*]{0,2}[ ]?[\"']?", any_case=True, ending=_ENDS, score=_SURE),
    _phrase(_FIELD_WORDS, rf"(?:\A|[\n\r,;(|])[ \t*\-]{{0,4}}{_FIELD}[*]{{0,2}}[ ]?:[*]{{0,2}}[ ]",
            ending=rf"{_ENDS}|[ ](?:and|&|\()"),
    _phrase("named", rf"\b{_SOMEBODY}[ ]named[ ]"),
    _phrase("called", rf"\b(?:a|an|the|my)[ ]{_SOMEBODY}[ ]called[ ]"),
    _phrase("my", rf"\bmy[ ]{_RELATIVE},?[ ]"),
    _phrase("thank thanks", r"\bthank(?:s|[ ]you)(?:[ ](?:so|very)[ ]much)?,?[ ]",
            ending=r"[ ]?[.!,\n\r]"),
    _phrase("this", r"\bthis[ ]is[ ](?:again[ ])?", least_words=2, ending=_SAYS_WHERE),
    _phrase("this", r"\bthis[ ]is[ ]",
            ending=r"[ ](?:speaking|calling|here)\b|[ ]from[ ]"),
    _phrase("i im", r"\bi(?:['\u2019]?m|[ ]am)[ ]", least_words=2, ending=_SAYS_WHERE),
    _phrase("i im", r"(?:\A|[.!,]|\bhi|\bhello|\bhey)[ ]?i(?:['\u2019]?m|[ ]am)[ ]",
            ending=r"[ ]?,|[ ]from[ ]|[ ]and[ ]i\b"),
    _phrase("llamo", r"\bme[ ]llamo[ ]", any_case=True, score=_SURE),
    _phrase("nombre", r"\bmi[ ]nombre[ ](?:completo[ ])?es[ ]", any_case=True, score=_SURE),
    _phrase("soy", r"\bsoy[ ]", least_words=2, ending=_SAYS_WHERE),
    _phrase("habla", r"\ble[ ]habla[ ]"),
    _phrase("mein", r"\bmein[ ]name[ ]ist[ ]", any_case=True, score=_SURE),
    _phrase("heiße heisse", r"\bich[ ]hei(?:\u00df|ss)e[ ]", any_case=True, score=_SURE),
    _phrase("bin", r"\bich[ ]bin[ ](?:der[ ]|die[ ])?", least_words=2, ending=_SAYS_WHERE),
    _phrase("hier", r"\bhier[ ](?:ist|spricht)[ ]", ending=_SAYS_WHERE),
    _phrase("appelle mappelle", r"\bje[ ]m['\u2019]?appelle[ ]", any_case=True, score=_SURE),
    _phrase("nom", r"\bmon[ ]nom[ ](?:complet[ ])?est[ ]", any_case=True, score=_SURE),
    _phrase("suis", r"\bje[ ]suis[ ]", least_words=2, ending=_SAYS_WHERE),
    _phrase("chiamo", r"\bmi[ ]chiamo[ ]", any_case=True, score=_SURE),
    _phrase("nome", r"\b(?:il[ ]mio[ ]nome[ ](?:completo[ ])?\u00e8"
            r"|meu[ ]nome[ ](?:completo[ ])?\u00e9)[ ]", any_case=True, score=_SURE),
    _phrase("sono", r"\bsono[ ]", least_words=2, ending=_SAYS_WHERE),
    _phrase("chamo", r"\bme[ ]chamo[ ]|\bchamo-me[ ]", any_case=True, score=_SURE),
    _phrase("sou", r"\bsou[ ](?:o[ ]|a[ ])?", least_words=2, ending=_SAYS_WHERE),
    _phrase("mijn", r"\bmijn[ ]naam[ ]is[ ]", any_case=True, score=_SURE),
    _phrase("ik", r"\bik[ ](?:ben|heet)[ ]", least_words=2, ending=_SAYS_WHERE),
    _phrase("heet", r"\bik[ ]heet[ ]", any_case=True, score=_SURE),
    _phrase("dear", r"\bdear[ ]", ending=_ENDS),
    _phrase("hi hello hey", r"(?:\A|[\n\r.!])[ ]{0,2}(?:hi|hello|hey)[ ](?:there[ ])?",
            ending=r"[ ]?[,!\n\r]"),
    _phrase("liebe lieber", r"\bliebe[r]?[ ]", ending=r"[ ]?[,!\n\r]"),
    _phrase("hallo", r"(?:\A|[\n\r])hallo[ ]", ending=r"[ ]?[,!\n\r]"),
    _phrase("estimado estimada", r"\bestimad[oa][ ]", ending=_ENDS),
    _phrase("querido querida", r"\bquerid[oa][ ]", ending=r"[ ]?[,!:\n\r]"),
    _phrase("hola", r"(?:\A|[\n\r\u00a1])hola[ ]", ending=r"[ ]?[,!:\n\r]"),
    _phrase("bonjour", r"\bbonjour[ ]", ending=r"[ ]?[,!\n\r]"),
    _phrase("cher chere chère", r"\bch(?:er|ere|\u00e8re)[ ]", ending=r"[ ]?[,!\n\r]"),
    _phrase("gentile", r"\bgentile[ ]", ending=_ENDS),
    _phrase("caro cara", r"\bcar[oa][ ]", ending=r"[ ]?[,!\n\r]"),
    _phrase("prezado prezada", r"\bprezad[oa][ ]", ending=_ENDS),
    _phrase("beste", r"\bbeste[ ]", ending=r"[ ]?[,!\n\r]"),
    _phrase("regards", r"\bregards[ ]?[,.!]?[ \t]{0,3}[\n\r]{1,3}[ \t\-]{0,3}",
            ending=r"[ \t]{0,3}(?:[\n\r,|]|\Z)"),
    _phrase(_CLOSING_WORDS,
            r"\b(?:sincerely|cheers|atentamente|saludos|cordialement|cordiali saluti|"
            r"atenciosamente|gr\u00fc\u00dfen|groet(?:en)?|yours truly)[ ]?[,.!]?[ \t]{0,3}"
            r"[\n\r]{1,3}[ \t\-]{0,3}", ending=r"[ \t]{0,3}(?:[\n\r,|]|\Z)"),
    # Not before another title: a text of nothing but titles would be read twice for each.
    _phrase(_TITLE_WORDS, rf"\b{_TITLE}\.?[ ](?!{_TITLE}\b)", score=_SURE),
    _phrase("mr mrs ms dr", r"\b(?:mr|mrs|ms|dr)\.?[ ](?!(?:mr|mrs|ms|dr)\b)",
            any_case=True, most_words=1,
            ending=r"[ \t]{0,3}(?:[,.!?\n\r]|\Z|(?:and|is|has|at|on|for|will|said|to)\b)"),
    _phrase("name", r"\b(?:first|last)[ ]name[ ]", ending=_ENDS),
)  # fmt: skip

_NOT_NAMES: Final = """
a about all already also am an and any are as at back be because been being but by calling can
canceled cancelled confused correct customer did do done double downgraded due even ever
everyone folks for from fine friend friends getting glad go going good great guest guys had
happy has have having he her here hi his how i if ill in interested is it its just kindly ladies
late later locked looking lost madam manager me member misspelled missing my new no not now of
off ok okay on one or our out over passenger please printed quite ready really right s sad same
she sir so some sorry spelled spelt still stuck support sure t team than thank thanks that the
their them then there they thing this those to today together tomorrow too traveling travelling
trying unable under unhappy up upset us user using valued very waiting was we well what when
where which who will with wondering working worried wrong yes yet you your agent assistant bot
colleague colleagues hiring monday tuesday wednesday thursday friday saturday sunday january
february march april june july august september october november december american british
canadian chinese dutch english european french german indian irish italian japanese mexican
portuguese spanish y o pero en el la los las un una de del con que cliente clientes equipo todos
muy es mi yo señor señora amigo amiga nuevo nueva titular usuario usuaria und oder aber nicht
ich im mit der die das ein eine bei auf kunde kundin leider damen herren noch schon sehr
zusammen alle kein keine neu seit et ou mais pas je j dans avec le les une des du très client
équipe bien désolé désolée intéressé tous toutes ma sur pour e non io il lo gli uno che molto
tutti anche nel per interessato mas não eu com os um uma muito também em para novo nova maar
niet ik met het een bij op klant heel allemaal nog al geen sinds
"""
NOT_NAMES: Final = frozenset(_NOT_NAMES.split())
"""Words that follow these phrases and are nobody's name."""

_BUSINESSES: Final = """
airline airlines airways bank hotel hotels inn resort insurance inc ltd llc gmbh corp company
store stores shop customer service services support team department desk express pharmacy clinic
hospital dental salon studio restaurant cafe plus prime premium gold silver platinum pro max
edition telecom mobile wireless logistics motors energy group university college flughafen banco
hôtel
"""
BUSINESSES: Final = frozenset(_BUSINESSES.split())
"""Words that make what comes before them the name of a business or a product."""
