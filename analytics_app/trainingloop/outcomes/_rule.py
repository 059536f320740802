"""What a rule says, and what holds together with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Final, Literal, TypeAlias

Direction: TypeAlias = Literal["good", "bad", "neutral"]
"""What a yes says of a decision."""
Unit: TypeAlias = Literal["turn", "conversation"]
"""What a rate counts."""

REPORTED_WINDOW: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelWindow:
    """The window of a rule on one channel."""

    channel: str
    window: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one outcome is told from what happened after a decision.

    A decision is *yes* when an event that satisfies `when` occurs after it and inside the window,
    counted from the end of the decision; with `is_absence`, when the window passed without one.
    """

    id: str
    version: str = "1"
    title: str
    direction: Direction = "neutral"
    window: timedelta
    unit: Unit = "turn"
    when: str
    """A boolean expression over ``event.*`` and ``decision.*``; see docs/outcomes.md."""
    is_absence: bool = False
    channel_windows: tuple[ChannelWindow, ...] = ()
    """Where the window differs; sorted by channel."""

    def window_on(self, channel: str) -> timedelta:
        """The window on a channel."""
        return next(
            (each.window for each in self.channel_windows if each.channel == channel), self.window
        )

    @property
    def longest_window(self) -> timedelta:
        """The window after which nothing can change on any channel."""
        return max([self.window, *(each.window for each in self.channel_windows)])


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Every rule that holds in one installation."""

    rules: tuple[Rule, ...]
    reported_rules: tuple[Rule, ...] = ()
    """What is said of outcomes that are reported by name, where it differs from the usual."""
    escalation_tools: tuple[str, ...] = field(default=())
    """Names of tools, in lower case with ``*`` for any characters, whose call is an escalation."""

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that differ between rules that say different things."""
        says = repr((self.rules, self.reported_rules, self.escalation_tools))
        return hashlib.sha256(says.encode()).hexdigest()[:12]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the rules: an outcome reported under one of them counts for nothing."""
        return tuple(rule.id for rule in self.rules)

    def reported(self, outcome: str) -> Rule:
        """The rule of an outcome that is reported by name, such as ``order_paid``."""
        own = (rule for rule in self.reported_rules if rule.id == outcome)
        return next(own, None) or reported_rule(outcome)


def reported_rule(
    outcome: str, *, direction: Direction = "good", window: timedelta = REPORTED_WINDOW
) -> Rule:
    """The usual rule of an outcome that is reported by name: its value says yes or no."""
    name = outcome.replace("\\", "\\\\").replace("'", "\\'")
    return Rule(
        id=outcome,
        title=f"{outcome.replace('_', ' ')} was reported".capitalize(),
        direction=direction,
        window=window,
        unit="conversation",
        when=f"event.kind = 'outcome' AND event.outcome = '{name}'",
    )
