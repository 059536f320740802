"""The training of the built-in model: numpy, one core, a fixed seed."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ner_training.generator import Generator
from trainingloop.processor._names.network import (
    DILATIONS,
    WORD_COLUMNS,
    Layout,
    embedded,
    lay_out,
    surroundings,
)
from trainingloop.processor._names.tokens import GRAM_ROWS, SHAPES, STYLES, WORD_ROWS, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from ner_training.writing import Parts

Weights = dict[str, "NDArray[np.float32]"]
CLASSES: Final = 3
"""No name, first token of a name, later token of a name."""
_TINY: Final = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long and how fast to train."""

    seed: int = 20261122
    steps: int = 3_300
    texts: int = 128
    """Texts in one step."""
    rate: float = 3e-3
    """The highest learning rate."""
    warm_up: int = 200
    """Steps until it is reached; from there it falls to nothing."""
    word_width: int = 32
    gram_width: int = 32
    shape_width: int = 16
    width: int = 96
    word_blank: float = 0.2
    """How often a token's own rows are hidden: names of tomorrow have none."""
    letters_blank: float = 0.04
    """How often its letters are hidden, too, and only its neighbours can tell."""
    dropout: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Texts with their answers."""

    layout: Layout
    answers: NDArray[np.int64]


def train(plan: Plan, report: Callable[[str], None]) -> Weights:
    """The trained weights."""
    rng = np.random.default_rng(plan.seed)
    weights = _fresh(plan, rng)
    optimiser = _Adam(weights)
    began = time.process_time()
    recent: list[float] = []
    batches = itertools.islice(_batches(plan), plan.steps)
    for step, batch in enumerate(batches):
        loss, gradients = _step(weights, batch, plan, rng)
        optimiser.update(weights, gradients, _rate(plan, step))
        recent.append(loss)
        if (step + 1) % 250 == 0:
            spent = time.process_time() - began
            report(f"step {step + 1}: loss {sum(recent) / len(recent):.4f}, {spent:.0f} s")
            recent.clear()
    return weights


def answers_of(parts: Parts) -> tuple[list[str], list[int]]:
    """The tokens of a marked text and the class of each."""
    inside: list[int] = []
    for number, part in enumerate(parts):
        inside.extend([number + 1 if part.is_name else 0] * len(part.text))
    words: list[str] = []
    classes: list[int] = []
    earlier = 0
    for token in tokens("".join(part.text for part in parts)):
        number = inside[token.start()]
        words.append(token.group())
        classes.append(0 if number == 0 else 2 if number == earlier else 1)
        earlier = number
    return words, classes


def _batches(plan: Plan) -> Iterator[Batch]:
    generator = Generator(plan.seed)
    while True:
        pairs = [answers_of(parts) for parts in generator.texts(plan.texts)]
        yield batch_of(pairs)


def batch_of(pairs: Sequence[tuple[list[str], list[int]]]) -> Batch:
    """Marked texts as the network takes them."""
    layout = lay_out([words for words, _ in pairs])
    answers = np.zeros(len(layout.shapes), dtype=np.int64)
    for start, (_, classes) in zip(layout.starts, pairs, strict=True):
        answers[start : start + len(classes)] = classes
    return Batch(layout=layout, answers=answers)


def _fresh(plan: Plan, rng: np.random.Generator) -> Weights:
    def normal(rows: int, columns: int, scale: float) -> NDArray[np.float32]:
        return (rng.standard_normal((rows, columns)) * scale).astype(np.float32)

    entry = plan.word_width + plan.gram_width + plan.shape_width
    weights: Weights = {
        "word": normal(WORD_ROWS, plan.word_width, 0.1),
        "gram": normal(GRAM_ROWS, plan.gram_width, 0.1),
        "shape": normal(SHAPES * STYLES, plan.shape_width, 0.3),
        "in_w": normal(entry, plan.width, (2 / entry) ** 0.5),
        "in_b": np.zeros(plan.width, dtype=np.float32),
        "out_w": normal(plan.width, CLASSES, 0.1),
        "out_b": np.array([2, 0, 0], dtype=np.float32),
    }
    for number in range(len(DILATIONS)):
        weights[f"w{number}"] = normal(3 * plan.width, plan.width, (2 / (3 * plan.width)) ** 0.5)
        weights[f"b{number}"] = np.zeros(plan.width, dtype=np.float32)
        weights[f"g{number}"] = np.ones(plan.width, dtype=np.float32)
    weights["word"][0] = 0
    weights["gram"][0] = 0
    return weights


def _rate(plan: Plan, step: int) -> float:
    if step < plan.warm_up:
        return plan.rate * (step + 1) / plan.warm_up
    share = (step - plan.warm_up) / max(1, plan.steps - plan.warm_up)
    return float(plan.rate * 0.5 * (1 + np.cos(np.pi * share)))


def _blanked(layout: Layout, plan: Plan, rng: np.random.Generator) -> Layout:
    features = layout.features.copy()
    draw = rng.random(len(features))
    features[draw < plan.word_blank, :WORD_COLUMNS] = 0
    features[draw < plan.letters_blank] = 0
    return Layout(
        features=features, shapes=layout.shapes, present=layout.present, starts=layout.starts
    )


def _step(
    weights: Weights, batch: Batch, plan: Plan, rng: np.random.Generator
) -> tuple[float, Weights]:
    """The loss of a batch and what each weight has to do with it."""
    layout = _blanked(batch.layout, plan, rng)
    present = layout.present
    kept = (rng.random((len(present), weights["in_w"].shape[0])) >= plan.dropout).astype(np.float32)
    kept /= 1 - plan.dropout
    entry = embedded(weights, layout) * kept
    hidden = np.maximum(entry @ weights["in_w"] + weights["in_b"], 0) * present
    first = hidden
    trace: list[tuple[NDArray[np.float32], ...]] = []
    for number, dilation in enumerate(DILATIONS):
        around = surroundings(hidden, dilation)
        seen = np.maximum(around @ weights[f"w{number}"] + weights[f"b{number}"], 0)
        total = hidden + seen
        size = np.sqrt((total * total).mean(axis=1, keepdims=True) + _TINY)
        trace.append((around, seen, total, size))
        hidden = total / size * weights[f"g{number}"] * present
    logits = hidden @ weights["out_w"] + weights["out_b"]
    chance = np.exp(logits - logits.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    count = float(present.sum())
    rows = np.arange(len(chance))
    loss = float((-np.log(chance[rows, batch.answers] + 1e-9)[:, None] * present).sum() / count)
    wrong = chance
    wrong[rows, batch.answers] -= 1
    wrong *= present / count
    gradients: Weights = {"out_w": hidden.T @ wrong, "out_b": wrong.sum(axis=0)}
    back = wrong @ weights["out_w"].T
    for number in reversed(range(len(DILATIONS))):
        back = _through_layer(weights, gradients, number, trace[number], back * present)
    back = back * present * (first > 0)
    gradients["in_w"] = entry.T @ back
    gradients["in_b"] = back.sum(axis=0)
    _to_tables(weights, gradients, layout, (back @ weights["in_w"].T) * kept, plan)
    return loss, gradients


def _through_layer(
    weights: Weights,
    gradients: Weights,
    number: int,
    trace: tuple[NDArray[np.float32], ...],
    back: NDArray[np.float32],
) -> NDArray[np.float32]:
    around, seen, total, size = trace
    gradients[f"g{number}"] = (back * total / size).sum(axis=0)
    scaled = back * weights[f"g{number}"]
    mean = (scaled * total).mean(axis=1, keepdims=True)
    to_total = scaled / size - total * mean / size**3
    to_seen = to_total * (seen > 0)
    gradients[f"w{number}"] = around.T @ to_seen
    gradients[f"b{number}"] = to_seen.sum(axis=0)
    before, here, after = np.split(to_seen @ weights[f"w{number}"].T, 3, axis=1)
    result: NDArray[np.float32] = to_total + here
    dilation = DILATIONS[number]
    result[:-dilation] += before[dilation:]
    result[dilation:] += after[:-dilation]
    return result


def _to_tables(
    weights: Weights, gradients: Weights, layout: Layout, back: NDArray[np.float32], plan: Plan
) -> None:
    word_end = plan.word_width
    gram_end = word_end + plan.gram_width
    columns = (
        ("word", layout.features[:, :WORD_COLUMNS], back[:, :word_end]),
        ("gram", layout.features[:, WORD_COLUMNS:], back[:, word_end:gram_end]),
        ("shape", layout.shapes[:, None], back[:, gram_end:]),
    )
    for name, index, part in columns:
        gradients[name] = _scattered(weights[name].shape, index, part)
    # Row 0 is what absent things have: it stays empty.
    gradients["word"][0] = 0
    gradients["gram"][0] = 0


def _scattered(
    shape: tuple[int, ...], index: NDArray[np.int32], part: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The parts added up by row: sorted first, many times faster than one by one."""
    flat = index.ravel()
    order = np.argsort(flat, kind="stable")
    ordered = flat[order]
    begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    sums = np.add.reduceat(part[order // index.shape[1]], begins, axis=0)
    result = np.zeros(shape, dtype=np.float32)
    result[ordered[begins]] = sums
    return result


class _Adam:
    """Steps scaled by how large a weight's gradients have been."""

    def __init__(self, weights: Weights) -> None:
        self._mean = {name: np.zeros_like(value) for name, value in weights.items()}
        self._square = {name: np.zeros_like(value) for name, value in weights.items()}
        self._steps = 0

    def update(self, weights: Weights, gradients: Weights, rate: float) -> None:
        """One step against the gradients."""
        self._steps += 1
        size = np.sqrt(sum(float((value * value).sum()) for value in gradients.values()))
        scale = min(1.0, 1.0 / (float(size) + 1e-9))
        fix = (1 - 0.99**self._steps) ** 0.5 / (1 - 0.9**self._steps)
        for name, gradient in gradients.items():
            clipped = gradient * np.float32(scale)
            mean, square = self._mean[name], self._square[name]
            mean *= 0.9
            mean += 0.1 * clipped
            square *= 0.99
            square += 0.01 * clipped * clipped
            weights[name] -= np.float32(rate * fix) * mean / (np.sqrt(square) + np.float32(1e-8))
