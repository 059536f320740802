"""Comparisons as text for people and for build servers: markdown, and JUnit's XML."""

from __future__ import annotations

from trainingloop.replay._comparing.junit import as_junit
from trainingloop.replay._comparing.markdown import as_markdown
from trainingloop.replay._comparing.words import (
    LEVELS,
    judge_words,
    p_words,
    points_words,
    ratio_words,
    sentences,
    share_words,
    verdict_words,
)

__all__ = [
    "LEVELS",
    "as_junit",
    "as_markdown",
    "judge_words",
    "p_words",
    "points_words",
    "ratio_words",
    "sentences",
    "share_words",
    "verdict_words",
]
