"""What people think of decisions: votes, reasons, corrections and their agreement."""

from __future__ import annotations

from trainingloop.feedback._actions import feedback_actions
from trainingloop.feedback._agreement import (
    LEAST_SHARED,
    Agreement,
    PairCounts,
    PanelCounts,
    cohens_kappa,
    krippendorffs_alpha,
)
from trainingloop.feedback._asked import REASONS, VALUES
from trainingloop.feedback._diff import DiffPart, word_diff
from trainingloop.feedback._shares import ClusterSums, Share, share_of
from trainingloop.feedback.errors import FeedbackError

__all__ = [
    "LEAST_SHARED",
    "REASONS",
    "VALUES",
    "Agreement",
    "ClusterSums",
    "DiffPart",
    "FeedbackError",
    "PairCounts",
    "PanelCounts",
    "Share",
    "cohens_kappa",
    "feedback_actions",
    "krippendorffs_alpha",
    "share_of",
    "word_diff",
]
