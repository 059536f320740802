"""The rules that tell outcomes: those built in, and those of a file."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from trainingloop.outcomes import environment
from trainingloop.outcomes._predicate import (
    DECISION_COLUMNS,
    EVENT_COLUMNS,
    Column,
    render,
    text_literal,
)
from trainingloop.outcomes._predicate_parser import parse
from trainingloop.outcomes._rule import ChannelWindow, Direction, Rule, Rules, Unit

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "BUILT_IN",
    "DECISION_COLUMNS",
    "EVENT_COLUMNS",
    "ChannelWindow",
    "Column",
    "Direction",
    "Rule",
    "Rules",
    "Unit",
    "columns_of",
    "deadline_sql",
    "load_rules",
    "read_rules",
    "rules_from_environment",
    "sql_of",
]

BUILT_IN: Final = Rules(
    rules=(
        Rule(
            id="customer_replied",
            title="The customer replied",
            window=timedelta(hours=24),
            when="event.kind = 'inbound'",
        ),
        Rule(
            id="no_further_inbound",
            title="Nothing more came from the customer",
            window=timedelta(hours=72),
            when="event.kind = 'inbound'",
            is_absence=True,
        ),
        Rule(
            id="escalation_triggered",
            title="It was handed to a human",
            direction="bad",
            window=timedelta(hours=72),
            unit="conversation",
            when="event.kind = 'escalation'",
        ),
    ),
    escalation_tools=("transfer_to_human*", "escalate*", "handoff*", "*human_agent*"),
)
"""What holds when no file says anything else."""


def load_rules(path: Path | None) -> Rules:
    """The rules of a YAML file; those built in when there is none.

    Raises:
        RulesError: The file cannot be used: every fault with its line.
    """
    if path is None:
        return BUILT_IN
    # YAML, the schema and its library take a tenth of a second: only who has a file pays.
    from trainingloop.outcomes._rules_yaml import load

    return load(path, BUILT_IN)


def read_rules(text: str) -> Rules:
    """The rules of a YAML text.

    Raises:
        RulesError: It cannot be used: every fault with its line.
    """
    from trainingloop.outcomes._rules_yaml import load  # see load_rules

    return load(text, BUILT_IN)


def rules_from_environment() -> Rules:
    """The rules of the file that ``TRAININGLOOP_OUTCOME_RULES`` names, else those built in.

    Raises:
        RulesError: The file cannot be used: every fault with its line.
    """
    return load_rules(environment.rules_file())


def sql_of(rule: Rule, *, event: str = "event", decision: str = "decision") -> str:
    """What `rule.when` says, as an SQL expression that is 1 or 0 and holds nothing else.

    Args:
        rule: the rule.
        event: the alias of a relation with the columns of `EVENT_COLUMNS` that it uses.
        decision: the alias of a relation with the columns of `DECISION_COLUMNS` that it uses.

    Raises:
        PredicateError: The expression is none that is allowed.
    """
    return render(parse(rule.when), {"event": event, "decision": decision})


def columns_of(rule: Rule) -> frozenset[str]:
    """The columns that `rule.when` uses, such as ``event.kind``."""
    return parse(rule.when).columns


def deadline_sql(rule: Rule, *, end: str, channel: str) -> str:
    """When the window of a decision has passed, as an SQL expression.

    Args:
        rule: the rule.
        end: an SQL expression for the end of the decision.
        channel: an SQL expression for the channel of the decision.
    """
    usual = int(rule.window.total_seconds())
    if not rule.channel_windows:
        return f"{end} + toIntervalSecond({usual})"
    channels = ", ".join(text_literal(each.channel) for each in rule.channel_windows)
    seconds = ", ".join(str(int(each.window.total_seconds())) for each in rule.channel_windows)
    return f"{end} + toIntervalSecond(transform({channel}, [{channels}], [{seconds}], {usual}))"
