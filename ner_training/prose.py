"""Sentences and words that are no names: of Python's library, of Faker's and spaCy's lists."""

from __future__ import annotations

import ast
import re
import sysconfig
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path
from pydoc_data.topics import topics
from typing import Final

_SENTENCE: Final = re.compile(r"(?<=[.:!?])\s+")
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_SKIPPED: Final = re.compile(r"[@<>]|[Aa]uthor|[Ww]ritten|[Cc]opyright|[Tt]hanks|>>>")
_LOREM: Final = {
    "en": "en_US", "es": "es_ES", "de": "de_DE", "fr": "fr_FR", "it": "it_IT", "nl": "nl_NL",
}  # fmt: skip
# Words of those lists that mean a person wherever a sentence of ours puts them.
_ALSO_NAMES: Final = frozenset(
    ("will", "mark", "grace", "hope", "bill", "rose", "frank", "jean", "paul", "jim", "joe", "john")
)
_PACKAGES: Final = ("asyncio", "email", "http", "json", "logging", "unittest", "urllib", "xml", ".")


@cache
def sentences() -> tuple[str, ...]:
    """Every sentence of 3 to 40 words, in the order of the files."""
    root = Path(sysconfig.get_paths()["stdlib"])
    found = dict.fromkeys(_split([str(text) for text in topics.values()]))
    for package in _PACKAGES:
        for path in sorted((root / package).glob("*.py")):
            found.update(dict.fromkeys(_of(path)))
    return tuple(found)


@cache
def words(language: str) -> tuple[str, ...]:
    """Common words of a language that are nobody's name."""
    stop = import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS
    found = {word.lower() for word in stop if len(word) > 2 and word.isalpha()}
    if language in _LOREM:
        lorem = import_module(f"faker.providers.lorem.{_LOREM[language]}").Provider.word_list
        found.update(word.lower() for word in lorem if len(word) > 2 and word.isalpha())
    if language == "en":
        counts = Counter(word for text in sentences() for word in set(_WORD.findall(text.lower())))
        found.update(word for word, count in counts.items() if count >= 3 and len(word) > 3)
    return tuple(sorted(found - _ALSO_NAMES))


def _of(path: Path) -> list[str]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return []
    nodes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    texts = [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, nodes)]
    return _split(texts)


def _split(texts: list[str]) -> list[str]:
    return [
        " ".join(sentence.split())
        for text in texts
        for sentence in _SENTENCE.split(text)
        if 3 <= len(sentence.split()) <= 40 and not _SKIPPED.search(sentence)
    ]
