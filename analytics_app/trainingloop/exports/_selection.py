"""What is exported, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, Protocol

from trainingloop.exports.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.store import Table

ONLY_HELP: Final = "'up', 'all' or 'outcome:RULE=STATE' with the state 'yes' or 'no'"


class ExportForm(StrEnum):
    """What a file is for."""

    JSONL = "jsonl"
    """Whole decisions, one a line."""
    SFT = "sft"
    """Examples for supervised fine-tuning, as OpenAI takes them."""
    DPO = "dpo"
    """Pairs of a better and a worse answer, as OpenAI takes them."""
    EVAL = "eval"
    """Questions with the answer that is expected."""
    PARQUET = "parquet"
    """Whole decisions, as a table."""


class TenantReads(Protocol):
    """The reads of one tenant, as `trainingloop.store.Reads` has them."""

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which of the decisions a filter leaves become examples."""

    by: Literal["all", "up", "outcome"]
    rule: str = ""
    """The rule whose outcome chooses."""
    state: str = ""
    """What it must say: ``yes`` or ``no``."""


ALL: Final = Only(by="all")
UP: Final = Only(by="up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which decisions."""

    parameters: Mapping[str, object]
    """Those of every read of decisions, see ``_decision_filter.sql``, but for the tenant."""
    only: Only | None = None
    """None: what suits the form, for fine-tuning `UP` and else `ALL`."""
    most: int | None = None
    """How many decisions are looked at, the oldest first; None: all of them."""


def parse_only(text: str) -> Only:
    """Return what ``text`` chooses: ``up``, ``all`` or ``outcome:RULE=STATE``.

    Raises:
        SelectionError: it is none of them.
    """
    if text in ("all", "up"):
        return ALL if text == "all" else UP
    kind, _, condition = text.partition(":")
    rule, _, state = condition.partition("=")
    if kind == "outcome" and rule and state in ("yes", "no"):
        return Only(by="outcome", rule=rule, state=state)
    raise SelectionError(
        f"{text!r} chooses nothing: use {ONLY_HELP}, as in 'outcome:order_paid=yes'"
    )
