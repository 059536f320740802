"""Names, streets and birthdays as they are written in six languages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from faker import Faker

from benchmarks.redaction.examples import words

if TYPE_CHECKING:
    import random

LOCALES = {
    "en": ("en_US", "en_GB", "en_AU", "en_CA", "en_IN", "en_NZ", "en_IE"),
    "es": ("es_ES", "es_MX", "es_AR", "es_CO", "es_CL"),
    "de": ("de_DE", "de_AT", "de_CH"),
    "fr": ("fr_FR", "fr_CA", "fr_CH"),
    "it": ("it_IT",),
    "pt": ("pt_PT", "pt_BR"),
}
_TITLES = {
    "en": ("Mr.", "Mrs.", "Ms", "Dr.", "Professor", "Miss", "Mr", "Sir"),
    "es": ("Sr.", "Sra.", "Don", "Doña", "Dr.", "señor"),
    "de": ("Herr", "Frau", "Herr Dr.", "Frau Prof.", "Fr."),
    "fr": ("M.", "Mme", "Monsieur", "Madame", "Dr", "Maître"),
    "it": ("Sig.", "Sig.ra", "Dott.", "Signor", "Signora", "Avv."),
    "pt": ("Sr.", "Sra.", "Dr.", "Dona", "senhor", "Eng."),
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
}
MONTHS = {language: tuple(names.split()) for language, names in _MONTHS.items()}


@cache
def _faker(locale: str) -> Faker:
    fake = Faker(locale)
    fake.seed_instance(f"redaction {locale}")
    return fake


def forget() -> None:
    """Start every locale at its seed again."""
    _faker.cache_clear()


def _any(dice: random.Random, language: str) -> Faker:
    return _faker(dice.choice(LOCALES[language]))


def full_name(dice: random.Random, language: str) -> str:
    """A first and a last name; now and then a middle initial or the last name first."""
    fake = _any(dice, language)
    first, last = str(fake.first_name()), str(fake.last_name())
    form = dice.random()
    if form < 0.06:
        return f"{first} {dice.choice('ABCDEFGHJKLMRST')}. {last}"
    if form < 0.1:
        return f"{last}, {first}"
    if form < 0.14:
        return f"{first} {fake.first_name()} {last}"
    return f"{first} {last}"


def first_name(dice: random.Random, language: str) -> str:
    """A first name."""
    return str(_any(dice, language).first_name())


def last_name(dice: random.Random, language: str) -> str:
    """A last name."""
    return str(_any(dice, language).last_name())


def title(dice: random.Random, language: str) -> str:
    """A form of address."""
    return dice.choice(_TITLES[language])


def town(dice: random.Random, language: str) -> str:
    """A town, mostly with its postcode."""
    fake = _any(dice, language)
    city = str(fake.city())
    if dice.random() < 0.4:
        return city
    return f"{city} {fake.postcode()}" if language == "en" else f"{fake.postcode()} {city}"


def street(dice: random.Random, language: str) -> str:
    """A street with its house number, from Faker or as people abbreviate it."""
    if dice.random() < 0.5:
        for _ in range(9):
            line = str(_any(dice, language).street_address()).replace("\n", ", ")
            if any(map(str.isdigit, line)) and not line.startswith("PO Box"):
                return line
    return _STREETS[language](dice)


_EN_NAMES = words(
    "Main Oak Maple Washington Church High Station Victoria Mill Park Elm Lake Hill "
    "Sunset King Queen Bridge Cedar Chestnut Allston Telegraph Shattuck Valencia Harbour "
    "Orchard Grange Kings"
)
_EN_WAYS = words(
    "Street St St. Avenue Ave Ave. Road Rd Drive Dr Lane Ln Court Ct Boulevard Blvd Way "
    "Place Pl Terrace Close Crescent Square Parkway Pkwy Highway Circle Gardens"
)


def _english(dice: random.Random) -> str:
    number = str(dice.randint(1, 9999 if dice.random() < 0.5 else 220))
    if dice.random() < 0.08:
        number += dice.choice("abcABC")
    side = dice.choice(("", "", "", "", "N ", "West ", "S. ", "NE "))
    ordinal = dice.choice(("1st", "2nd", "3rd", "5th", "12th", "22nd", "Fifth", "Second"))
    name = ordinal if dice.random() < 0.15 else dice.choice(_EN_NAMES)
    unit = ""
    if dice.random() < 0.25:
        unit = dice.choice((" Apt {}", ", Unit {}", " #{}", ", Suite {}", ", Flat {}", " apt. {}"))
        unit = unit.format(dice.choice(("4B", "12", "3", "210", "2a")))
    return f"{number} {side}{name} {dice.choice(_EN_WAYS)}{unit}"


_DE_STEMS = words("Haupt Bahnhof Garten Schul Linden Berg Goethe Schiller Mozart Rosen Kirch Wald")


def _german(dice: random.Random) -> str:
    stem = dice.choice(_DE_STEMS)
    way = dice.choice(("straße", "str.", "strasse", "weg", "gasse", "allee", "platz", "ring"))
    loose = dice.choice(
        ("Am Markt", "Lange Gasse", "An der Alster", "Unter den Linden", "Alte Poststr.")
    )
    name = loose if dice.random() < 0.2 else f"{stem}{way}"
    number = f"{dice.randint(1, 180)}{dice.choice(('', '', '', 'a', ' b', '-14', '/3'))}"
    return f"{name} {number}"


def _spanish(dice: random.Random) -> str:
    way = dice.choice(
        ("Calle", "C/", "Calle de", "Avenida", "Avda.", "Av.", "Plaza", "Paseo de", "Carrer de")
    )
    name = dice.choice(
        ("Mayor", "Alcalá", "la Constitución", "Cervantes", "San Juan", "los Olivos", "Colón")
    )
    number = dice.choice((" {}", ", {}", " nº {}", " n. {}", " núm. {}")).format(
        dice.randint(1, 240)
    )
    floor = dice.choice(("", "", "", ", 3º B", " 2º izq", ", piso 4", " bajo A"))
    return f"{way} {name}{number}{floor}"


def _french(dice: random.Random) -> str:
    way = dice.choice(
        ("rue", "Rue", "avenue", "av.", "boulevard", "bd", "chemin", "impasse", "place", "quai")
    )
    name = dice.choice(
        ("de la Paix", "Victor Hugo", "des Lilas", "du Moulin", "Voltaire", "de l'Église")
    )
    number = f"{dice.randint(1, 190)}{dice.choice(('', '', '', ' bis', ' ter', 'B'))}"
    return f"{number}{dice.choice((' ', ', '))}{way} {name}"


def _italian(dice: random.Random) -> str:
    way = dice.choice(
        ("Via", "via", "Viale", "Corso", "Piazza", "P.zza", "Vicolo", "Largo", "V.le")
    )
    name = dice.choice(
        ("Roma", "Garibaldi", "Dante Alighieri", "della Repubblica", "Mazzini", "dei Mille")
    )
    number = f"{dice.randint(1, 180)}{dice.choice(('', '', '', '/A', ' bis', ' int. 3'))}"
    return f"{way} {name}{dice.choice((' ', ', ', ' n. '))}{number}"


def _portuguese(dice: random.Random) -> str:
    way = dice.choice(
        ("Rua", "R.", "Avenida", "Av.", "Travessa", "Praça", "Largo", "Alameda", "Estrada")
    )
    name = dice.choice(
        ("Augusta", "da Liberdade", "das Flores", "Paulista", "do Comércio", "Dom Pedro")
    )
    number = dice.choice((" {}", ", {}", ", nº {}", " n. {}")).format(dice.randint(1, 2400))
    unit = dice.choice(("", "", "", ", apto 42", ", 3º Esq", " ap 101", ", casa 2"))
    return f"{way} {name}{number}{unit}"


_STREETS = {
    "en": _english,
    "de": _german,
    "es": _spanish,
    "fr": _french,
    "it": _italian,
    "pt": _portuguese,
}


def birthday(dice: random.Random, language: str) -> str:
    """A date of birth, in the notations of its language."""
    year, month, day = dice.randint(1936, 2012), dice.randint(1, 12), dice.randint(1, 28)
    name = MONTHS[language][month - 1]
    numeric = (f"{day:02d}/{month:02d}/{year}", f"{year}-{month:02d}-{day:02d}")
    short = (f"{day:02d}.{month:02d}.{year % 100:02d}", f"{day}-{month}-{year}")
    written = {
        "en": (
            f"{name} {day}, {year}",
            f"{day} {name} {year}",
            f"{month}/{day}/{year}",
            f"{day} {name[:3]} {year}",
            f"{name[:3]} {day} {year}",
            f"{month:02d}/{day:02d}/{year % 100:02d}",
        ),
        "de": (f"{day}. {name} {year}", f"{day:02d}.{month:02d}.{year}", f"{day}.{month}.{year}"),
        "fr": (f"{day} {name} {year}", f"{day}/{month}/{year}"),
        "es": (f"{day} de {name} de {year}", f"{day}/{month}/{year}"),
        "pt": (f"{day} de {name} de {year}", f"{day}/{month}/{year}"),
        "it": (f"{day} {name} {year}", f"{day}/{month}/{year}"),
    }
    return dice.choice((*numeric, *written[language], *written[language], dice.choice(short)))
