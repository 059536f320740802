"""Names that are also everyday words: alone, they count only where they are capitalised."""

from __future__ import annotations

from typing import Final

from trainingloop.processor._key_names import ROLES

_ENGLISH: Final = (
    "ace angel april archer art ash august bailey baker banks barber bash bay bear bell berry "
    "best bill bird bishop black bloom blue bob bond booth branch brook brown buck bush butler "
    "cash chance chase church clay close cole cook coral cross crystal daisy dale dawn day dean "
    "dell destiny dick diamond drew duke early east ebony english faith field fields finch fish "
    "fisher flint flower flowers ford forest fox frank franco free french frost gene glass gold "
    "golden good grace grant gray green grey guy hall harmony harper hart haven hazel heath "
    "heather heaven hill hills holiday holly honor hope house hunt hunter iris ivy jack jade "
    "jasmine jean jet jewel john joy july june justice king knight lake lamb lance lane law lee "
    "legend liberty lily little long lord love lucky luna major mark marsh mason max may mercy "
    "mercedes merry mike miles mill miller minor mint misty moon moss myra nick noble north "
    "nova oak ocean olive opal page paige park parks parker patience pat paul peace pearl penny "
    "perry phoenix pike pope porter post potter power price prince queen rain ranger ray reed "
    "rich ridge ring river rivers rob robin rock rod rose rosemary rowan royal ruby rush "
    "russell rusty sage sales sandy savannah sawyer scout serenity shade sharp shepherd short "
    "silver singer skip sky small smart smith snow sol south sparks spring spencer star steel "
    "stew stone storm street strong sue summer sun sunny swan sweet tab tanner taylor teal "
    "temple tiger trinity trip trust ty tyler van viola violet virtue wade walker wall ward "
    "warden waters weaver webb weeks wells west wheeler white will willow winter wise wolf wood "
    "woods wright young york"
)
_OTHERS: Final = (
    "alba alma amor anders blanca blanche bruno campo claire clara claro costa cruz dolores "
    "dulce felix flor fleur fort gross grande guerra jung klein koch krone kurz lang lange leon "
    "luz mar marina meister moreno neu neumann noel paloma paris pascal paz petit piedra pilar "
    "pierre prado reyes rico rio rojas roma rosa sala santos schnell schwarz serena sole sommer "
    "stark sylvester vera verde viktoria vida vogel wagner weber weiss wolke"
)
_FUNCTION_WORDS: Final = (
    "an and are as at be by can da das de del della der des di do dos du el en for from he her "
    "his in is it la las le les lo los me my no not of on or she so sir the they to un una und "
    "us van von was we who with y you your agent bot test user customer guest admin unknown "
    "anonymous mr mrs ms miss dr prof herr frau sr sra monsieur madame signor signora name na "
    "none null true false text tool assistant system function model team staff sales info help "
    "operator manager owner host contact reception service desk office"
)

EVERYDAY_WORDS: Final = frozenset(f"{_ENGLISH} {_OTHERS}".split())
"""Counted as a name only with a capital letter."""
NO_NAMES: Final = frozenset(_FUNCTION_WORDS.split()) | ROLES
"""Never a name by themselves, though many names have them inside."""
