"""What a run of a replay is, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """How far a candidate is followed."""

    PREFIX = "prefix"
    """One turn for each decision, after what was recorded before it."""
    CHAIN = "chain"
    """On with the recorded results of tools, until the candidate parts from what was recorded."""


class Arm(StrEnum):
    """Who is asked."""

    CANDIDATE = "candidate"
    BASELINE = "baseline"
    """The recorded version, asked again: how much of a difference is chance."""
    REPEAT = "repeat"
    """The candidate once more, compared with its own first answer."""


class RunState(StrEnum):
    """How far a run is."""

    READY = "ready"
    RUNNING = "running"
    INTERRUPTED = "interrupted"
    """Its process has gone silent; never stored, told from the time of its last beat."""
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    OVER_BUDGET = "over_budget"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a run may take; None sets no limit."""

    usd: float | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a run is done."""

    mode: Mode = Mode.PREFIX
    floor: Arm | None = None
    """The second arm, `Arm.BASELINE` or `Arm.REPEAT`, that shows how much of a difference is
    chance; None asks the candidate alone."""
    budget: Budget = Budget()
    concurrency: int = 4
    """Questions under way at once."""
    timeout_s: float = 120.0
    """How long one attempt may take."""
    is_moderated: bool = False
    """Whether both answers are shown to the endpoint's moderation."""
