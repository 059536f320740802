"""The small language of ``when``: what it may say, and the SQL that says just that.

An expression is parsed into nodes, and SQL is written from the nodes alone: no character of the
given text reaches the engine unless it is a name from a list here or inside an escaped literal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Type: TypeAlias = Literal["text", "number", "truth", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What an expression may read."""

    type: Type
    stored: str
    """The column of the table behind it; empty where it is worked out."""
    says: str


def _text(stored: str, says: str) -> Column:
    return Column(type="text", stored=stored, says=says)


def _number(stored: str, says: str) -> Column:
    return Column(type="number", stored=stored, says=says)


EVENT_COLUMNS: Final[Mapping[str, Column]] = {
    "kind": _text("event_kind", "'inbound', 'escalation', 'close' or 'outcome'"),
    "text": _text("text", "what the customer wrote, redacted"),
    "reason": _text("reason", "why it was escalated or closed"),
    "target": _text("target", "to whom it was escalated"),
    "outcome": _text("outcome", "the name of a reported outcome, such as 'order_paid'"),
    "value": _text("value", "what was reported, such as 'yes'"),
    "channel": _text("channel", "the channel of the event"),
    "source": _text("source", "'sdk', 'otlp', 'import', 'api' or 'derived'"),
    "seconds_after": _number("", "seconds from the end of the decision to the event"),
}
"""What may follow ``event.``."""

DECISION_COLUMNS: Final[Mapping[str, Column]] = {
    "kind": _text("decision_kind", "'message', 'tool_call' or 'playbook'"),
    "model": _text("model", "the model that was served"),
    "cohort": _text("cohort", "the tag of all versions that ran"),
    "channel": _text("channel", "the channel of the conversation"),
    "agent_name": _text("agent_name", "the agent"),
    "service_name": _text("service_name", "the service that recorded it"),
    "environment": _text("environment", "such as 'production'"),
    "prompt_name": _text("prompt_name", "the prompt"),
    "prompt_version": _text("prompt_version", "its version"),
    "playbook_id": _text("playbook_id", "the playbook"),
    "playbook_version": _text("playbook_version", "its version"),
    "code_version": _text("code_version", "the version of the code"),
    "experiment_id": _text("experiment_id", "the experiment"),
    "experiment_variant": _text("experiment_variant", "its arm"),
    "status": _text("status", "'ok' or 'error'"),
    "input_text": _text("input_text", "the newest message the decision knew, redacted"),
    "output_text": _text("output_text", "what it answered, redacted"),
    "turn_index": _number("turn_index", "which turn of the conversation"),
    "input_tokens": _number("input_tokens", "tokens read"),
    "output_tokens": _number("output_tokens", "tokens written"),
    "tool_names": Column(type="list", stored="tool_names", says="tools it called"),
    "rules_fired": Column(type="list", stored="rules_fired", says="playbook rules that fired"),
}
"""What may follow ``decision.``."""

COLUMNS: Final[Mapping[str, Column]] = {
    **{f"event.{name}": column for name, column in EVENT_COLUMNS.items()},
    **{f"decision.{name}": column for name, column in DECISION_COLUMNS.items()},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """What an expression may call."""

    takes: tuple[Type, ...]
    gives: Type
    sql: str


FUNCTIONS: Final[Mapping[str, Function]] = {
    "lower": Function(takes=("text",), gives="text", sql="lowerUTF8"),
    "length": Function(takes=("text",), gives="number", sql="lengthUTF8"),
    "number": Function(takes=("text",), gives="number", sql="toFloat64OrZero"),
    "position": Function(takes=("text", "text"), gives="number", sql="positionUTF8"),
    "startsWith": Function(takes=("text", "text"), gives="truth", sql="startsWith"),
    "endsWith": Function(takes=("text", "text"), gives="truth", sql="endsWith"),
    "has": Function(takes=("list", "text"), gives="truth", sql="has"),
}

Operator: TypeAlias = Literal[
    "=", "!=", "<", "<=", ">", ">=", "LIKE", "ILIKE", "IN", "BETWEEN", "AND", "OR", "NOT"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One part of an expression: a column, a literal, a call, or an operator over parts."""

    kind: Literal["column", "text", "number", "truth", "call", "operator"]
    type: Type
    value: str
    """The column, the literal, the function or the operator."""
    parts: tuple[Node, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """The columns it reads, such as ``event.kind``."""
        own = {self.value} if self.kind == "column" else set[str]()
        return frozenset(own.union(*(part.columns for part in self.parts)))


def render(node: Node, aliases: Mapping[str, str]) -> str:
    """The SQL of an expression, over relations of these aliases."""
    parts = [render(part, aliases) for part in node.parts]
    match node.kind:
        case "column":
            relation, _, name = node.value.partition(".")
            return f"{aliases[relation]}.{name}"
        case "text":
            return text_literal(node.value)
        case "number" | "truth":
            return node.value
        case "call":
            return f"{FUNCTIONS[node.value].sql}({', '.join(parts)})"
        case "operator":
            return f"({_operation(node.value, parts)})"


def _operation(operator: str, parts: list[str]) -> str:
    match operator:
        case "NOT":
            return f"NOT {parts[0]}"
        case "IN":
            return f"{parts[0]} IN ({', '.join(parts[1:])})"
        case "BETWEEN":
            return f"{parts[0]} BETWEEN {parts[1]} AND {parts[2]}"
        case _:
            return f" {operator} ".join(parts)


_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _.,:-")


def text_literal(text: str) -> str:
    """``text`` as an SQL literal in which nothing but letters, digits and a few marks is bare."""
    return "'" + "".join(map(_escaped, text)) + "'"


def _escaped(character: str) -> str:
    if character in _PLAIN:
        return character
    return "".join(f"\\x{byte:02X}" for byte in character.encode())
