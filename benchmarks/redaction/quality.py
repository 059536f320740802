"""Counts what each engine finds and what it takes by mistake."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.redaction.examples import Kind
from benchmarks.redaction.lookalikes import LOOKALIKES
from benchmarks.redaction.metrics import Span, Tally, benign_eaten, is_covered, is_typed, overlaps
from benchmarks.redaction.negatives import HARD_NEGATIVES
from benchmarks.redaction.obfuscations import OBFUSCATIONS, Obfuscation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.redaction.engines import Engine
    from benchmarks.redaction.examples import Example


def _tallies() -> defaultdict[str, Tally]:
    return defaultdict(Tally)


@dataclass(slots=True, kw_only=True)
class Quality:
    """Recall and precision of one engine over one set."""

    recall: dict[str, Tally] = field(default_factory=_tallies)
    """By kind: values of which nothing is left."""
    typed: dict[str, Tally] = field(default_factory=_tallies)
    by_language: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_style: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_place: dict[tuple[str, str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    """By kind, language and style."""
    precision: dict[str, Tally] = field(default_factory=_tallies)
    """By kind of find: finds that touch any value."""
    benign: Tally = field(default_factory=Tally)
    """Unlabelled letters and digits that were taken."""


def measure(examples: Iterable[Example], engine: Engine) -> Quality:
    """Run an engine over a set."""
    quality = Quality()
    for example in examples:
        spans = engine.find(example.text)
        _count_labels(example, spans, quality)
        for span in spans:
            is_right = any(overlaps(span, label) for label in example.labels)
            quality.precision[span.kind].add(is_hit=is_right)
        eaten, benign = benign_eaten(example, spans)
        quality.benign.hits += eaten
        quality.benign.total += benign
    return quality


def _count_labels(example: Example, spans: list[Span], quality: Quality) -> None:
    """Count the values of the kind the text was written for; others are there by the way."""
    for label in example.labels:
        if label.kind is not example.kind:
            continue
        covered = is_covered(example.text, label, spans)
        quality.recall[label.kind].add(is_hit=covered)
        quality.typed[label.kind].add(is_hit=is_typed(label, spans))
        quality.by_language[label.kind, example.language].add(is_hit=covered)
        quality.by_style[label.kind, example.style].add(is_hit=covered)
        quality.by_place[label.kind, example.language, example.style].add(is_hit=covered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suites:
    """The suites that have no kinds."""

    lookalikes: Tally
    """Look-alikes of secrets that were taken for one."""
    negatives: Tally
    """Harmless strings that were changed; an id is no change, that is for the policy."""
    obfuscations: Tally
    """Disguised values of which nothing is left."""
    uncaught: tuple[str, ...]
    """Names of the disguises that worked."""


def run_suites(engine: Engine) -> Suites:
    """Run an engine over look-alikes, hard negatives and obfuscations."""
    lookalikes, negatives, obfuscations = Tally(), Tally(), Tally()
    for text in LOOKALIKES:
        lookalikes.add(is_hit=any(span.kind == Kind.SECRET for span in engine.find(text)))
    for text in HARD_NEGATIVES:
        negatives.add(is_hit=any(span.kind != "ID" for span in engine.find(text)))
    uncaught: list[str] = []
    for item in OBFUSCATIONS:
        caught = is_caught(item, engine.find(item.text))
        obfuscations.add(is_hit=caught)
        if not caught:
            uncaught.append(item.name)
    return Suites(
        lookalikes=lookalikes,
        negatives=negatives,
        obfuscations=obfuscations,
        uncaught=tuple(uncaught),
    )


def is_caught(item: Obfuscation, spans: list[Span]) -> bool:
    """Whether no letter or digit of the disguised value is left, joining words aside."""
    start = item.text.index(item.value)
    left = set(range(start, start + len(item.value)))
    for span in spans:
        left.difference_update(range(span.start, span.end))
    return not re.search(r"\w", "".join(item.text[place] for place in sorted(left)))
