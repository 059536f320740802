"""Writes what was missed and what was taken by mistake, a file a kind, for who works on it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from benchmarks.redaction.dialogues import dialogues
from benchmarks.redaction.examples import Kind
from benchmarks.redaction.hostile import PLANTED, hostile_texts
from benchmarks.redaction.labelled import SEED
from benchmarks.redaction.lookalikes import LOOKALIKES
from benchmarks.redaction.metrics import is_covered, is_typed, overlaps
from benchmarks.redaction.negatives import HARD_NEGATIVES
from benchmarks.redaction.obfuscations import OBFUSCATIONS
from benchmarks.redaction.quality import is_caught

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.redaction.engines import Ours
    from benchmarks.redaction.examples import Example
    from benchmarks.redaction.labelled import Sets


def write_misses(folder: Path, sets: Sets, ours: Ours) -> dict[str, int]:
    """How many lines went to each file of the folder, whose earlier text files are removed."""
    found: dict[str, list[str]] = defaultdict(list)
    for example in (*sets.messages, *sets.regions, *sets.secrets):
        _example(example, ours, found)
    _suites(ours, found)
    _conversations(ours, found)
    folder.mkdir(parents=True, exist_ok=True)
    for earlier in folder.glob("*.txt"):
        earlier.unlink()
    for name, entries in found.items():
        (folder / f"{name}.txt").write_text("\n".join(entries) + "\n", encoding="utf-8")
    return {name: len(entries) for name, entries in sorted(found.items())}


def _example(example: Example, ours: Ours, found: dict[str, list[str]]) -> None:
    spans = ours.find(example.text)
    seen = [f"{span.kind}:{example.text[span.start : span.end]!r}" for span in spans]
    where = f"{example.language}/{example.style}"
    for label in example.labels:
        if label.kind is not example.kind or label.kind is Kind.OTHER:
            continue
        line = f"{where}\t{label.value!r}\t{example.text!r}\tfound {seen}"
        if not is_covered(example.text, label, spans):
            found[label.kind].append(line)
        elif not is_typed(label, spans):
            found[f"wrong-kind-{label.kind}"].append(line)
    for span in spans:
        if not any(overlaps(span, label) for label in example.labels):
            value = example.text[span.start : span.end]
            found[f"false-{span.kind}"].append(f"{where}\t{value!r}\t{example.text!r}")


def _conversations(ours: Ours, found: dict[str, list[str]]) -> None:
    for dialogue in dialogues(seed=SEED):
        ours.learn(dialogue.attributes, dialogue.name)
        answer = dialogue.attributes["gen_ai.tool.call.result"]
        for turn in dialogue.turns:
            spans = ours.find_in(turn.text, dialogue.name)
            for label in turn.labels:
                if not is_covered(turn.text, label, spans):
                    line = f"{turn.language}\t{label.value!r}\t{turn.text!r}\t{answer}"
                    found[f"vault-{label.kind}"].append(line)


def _suites(ours: Ours, found: dict[str, list[str]]) -> None:
    for text in LOOKALIKES:
        for span in ours.find(text):
            if span.kind == Kind.SECRET:
                found["lookalikes"].append(f"{text[span.start : span.end]!r}\t{text!r}")
    for text in HARD_NEGATIVES:
        spans = [span for span in ours.find(text) if span.kind != "ID"]
        if spans:
            seen = [f"{span.kind}:{text[span.start : span.end]!r}" for span in spans]
            found["negatives"].append(f"{text!r}\t{seen}")
    for item in OBFUSCATIONS:
        if not is_caught(item, ours.find(item.text)):
            found["obfuscations"].append(f"{item.name}\t{item.text!r}\t{ours.written(item.text)!r}")
    for name, text in hostile_texts().items():
        if PLANTED in ours.text(text):
            found["hostile"].append(f"leaks: {name}")
