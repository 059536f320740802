"""The project's own model: a small convolutional tagger that needs numpy and nothing else.

``ner_training`` makes its weights; docs/design/0007-names.md says why it is built this way.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.errors import ConfigurationError
from trainingloop.processor._names.finder import Span
from trainingloop.processor._names.packages import unreadable
from trainingloop.processor._names.tokens import tokens

try:
    import numpy as np

    from trainingloop.processor._names.network import lay_out, probabilities
except ImportError as error:
    raise ConfigurationError(
        "the name finder 'builtin' was asked for and the package 'numpy' is not installed. "
        "Install it with: pip install 'trainingloop[ner]', or choose another name finder."
    ) from error

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

WEIGHTS: Final = Path(__file__).parent / "model" / "names.npz"
_GROUP_TOKENS: Final = 1_000


class BuiltinModel:
    """Names by the probability that a token begins or continues one."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        self._weights = weights
        self._threshold = float(weights["threshold"])

    def spans(self, texts: Sequence[str]) -> Iterator[Sequence[Span]]:
        """The names in each text."""
        for group in _groups([tokens(text) for text in texts]):
            layout = lay_out([[token.group() for token in found] for found in group])
            begins, continues = probabilities(self._weights, layout)
            for found, start in zip(group, layout.starts, strict=True):
                end = start + len(found)
                yield decoded(found, begins[start:end], continues[start:end], self._threshold)


def _groups(split: Sequence[list[re.Match[str]]]) -> Iterator[list[list[re.Match[str]]]]:
    """The texts in portions whose numbers fit a processor's cache, whatever they are long."""
    group: list[list[re.Match[str]]] = []
    count = 0
    for found in split:
        group.append(found)
        count += len(found)
        if count >= _GROUP_TOKENS:
            yield group
            group, count = [], 0
    if group:
        yield group


def decoded(
    found: Sequence[re.Match[str]],
    begins: Sequence[float],
    continues: Sequence[float],
    threshold: float,
) -> list[Span]:
    """Runs of tokens that are more likely part of a name than not, one span for each."""
    runs: list[list[int]] = []
    is_open = False
    for index in range(len(found)):
        is_inside = begins[index] + continues[index] >= threshold
        if is_inside and is_open and begins[index] <= continues[index]:
            runs[-1].append(index)
        elif is_inside:
            runs.append([index])
        is_open = is_inside
    return [_span(found, run, begins, continues) for run in runs if _has_letters(found, run)]


def _has_letters(found: Sequence[re.Match[str]], run: Sequence[int]) -> bool:
    """Whether there is more to a find than one letter, digits and signs."""
    return sum(map(str.isalpha, "".join(found[index].group() for index in run))) > 1


def _span(
    found: Sequence[re.Match[str]],
    run: Sequence[int],
    begins: Sequence[float],
    continues: Sequence[float],
) -> Span:
    score = sum(begins[index] + continues[index] for index in run) / len(run)
    return Span(
        start=found[run[0]].start(), end=found[run[-1]].end(), score=min(1.0, round(score, 3))
    )


@cache
def builtin_model() -> BuiltinModel:
    """The model that comes with the package; read once."""
    try:
        with np.load(WEIGHTS, allow_pickle=False) as stored:
            weights = {name: stored[name].astype(np.float32) for name in stored.files}
    except Exception as error:  # whatever a damaged file raises, the remedy is the same
        raise unreadable(
            asked="builtin", error=error, remedy="Reinstall trainingloop: it comes with the model."
        ) from error
    return BuiltinModel(weights)
