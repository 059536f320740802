"""The arithmetic of the built-in model: embeddings, three layers that look around, an answer.

Several texts are one long row of tokens with empty ones between them, so that a batch is a few
matrix products whatever the lengths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from trainingloop.processor._names.tokens import FEATURES, STYLES, rows, shape, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]
    Integers: TypeAlias = NDArray[np.int32]

DILATIONS: Final = (1, 2, 4)
"""How far apart the three tokens are that each layer looks at."""
GAP: Final = max(DILATIONS)
"""Empty tokens between two texts, so that none sees its neighbour."""
WORD_COLUMNS: Final = 2
_ROWS_AT_ONCE: Final = 8
"""OpenBLAS starts threads for larger products. They wait for each other in a loop, and on a
machine with other work cost ten times what they do."""
_TINY: Final = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A batch of texts as one row of tokens."""

    features: Integers
    """For each token its rows of the word table and of the letter-group table."""
    shapes: Integers
    """For each token its row of the shape table."""
    present: Floats
    """1 for a token, 0 for a gap; one column."""
    starts: tuple[int, ...]
    """Where each text begins."""


def lay_out(texts: Sequence[Sequence[str]]) -> Layout:
    """The tokens of several texts in one row, with gaps around each."""
    empty, gap = (0,) * FEATURES, GAP
    length = gap + sum(len(words) + gap for words in texts)
    rest = -length % _ROWS_AT_ONCE
    features: list[tuple[int, ...]] = [empty] * gap
    shapes: list[int] = [0] * gap
    present: list[int] = [0] * gap
    starts: list[int] = []
    for words in texts:
        starts.append(len(features))
        written = style(words)
        features.extend(map(rows, words))
        shapes.extend(shape(word) * STYLES + written for word in words)
        present.extend([1] * len(words))
        features.extend([empty] * gap)
        shapes.extend([0] * gap)
        present.extend([0] * gap)
    features.extend([empty] * rest)
    shapes.extend([0] * rest)
    present.extend([0] * rest)
    return Layout(
        features=np.array(features, dtype=np.int32),
        shapes=np.array(shapes, dtype=np.int32),
        present=np.array(present, dtype=np.float32)[:, None],
        starts=tuple(starts),
    )


def probabilities(weights: Mapping[str, Floats], layout: Layout) -> tuple[list[float], list[float]]:
    """For each token of the row: that it begins a name, and that it continues one."""
    hidden = np.maximum(_product(embedded(weights, layout), weights["in_w"]) + weights["in_b"], 0)
    hidden *= layout.present
    for number, dilation in enumerate(DILATIONS):
        around = surroundings(hidden, dilation)
        seen = np.maximum(_product(around, weights[f"w{number}"]) + weights[f"b{number}"], 0)
        hidden = levelled(hidden + seen, weights[f"g{number}"]) * layout.present
    answers = _product(hidden, weights["out_w"]) + weights["out_b"]
    answers = np.exp(answers - answers.max(axis=1, keepdims=True))
    answers /= answers.sum(axis=1, keepdims=True)
    return answers[:, 1].tolist(), answers[:, 2].tolist()


def _product(left: Floats, right: Floats) -> Floats:
    """The matrix product, a few rows at a time."""
    parts: Floats = left.reshape(-1, _ROWS_AT_ONCE, left.shape[1]) @ right
    return parts.reshape(len(left), right.shape[1])


def embedded(weights: Mapping[str, Floats], layout: Layout) -> Floats:
    """What the tables say about each token: word, letter groups, shape."""
    word = weights["word"][layout.features[:, :WORD_COLUMNS]].sum(axis=1)
    grams = weights["gram"][layout.features[:, WORD_COLUMNS:]].sum(axis=1)
    return np.concatenate((word, grams, weights["shape"][layout.shapes]), axis=1)


def surroundings(hidden: Floats, dilation: int) -> Floats:
    """Each token beside the ones ``dilation`` places before and after it."""
    padding = np.zeros((dilation, hidden.shape[1]), dtype=hidden.dtype)
    before = np.concatenate((padding, hidden[:-dilation]))
    after = np.concatenate((hidden[dilation:], padding))
    return np.concatenate((before, hidden, after), axis=1)


def levelled(hidden: Floats, gain: Floats) -> Floats:
    """Each token's numbers with a root mean square of one, times the gain."""
    size = np.sqrt((hidden * hidden).mean(axis=1, keepdims=True) + _TINY)
    scaled: Floats = hidden / size * gain
    return scaled
