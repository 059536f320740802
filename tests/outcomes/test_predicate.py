"""What ``when`` may say, and that nothing else reaches the engine."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainingloop.outcomes import PredicateError
from trainingloop.outcomes.rules import (
    DECISION_COLUMNS,
    EVENT_COLUMNS,
    Rule,
    columns_of,
    sql_of,
)
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypothesis.strategies import SearchStrategy

    from trainingloop.outcomes.rules import Column
    from trainingloop.store import Store

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with one event and one decision."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('predicate') / 'store'}") as opened:
        opened.append(
            "conversation_events",
            ["tenant_id", "thread_id", "event_id", "event_kind", "occurred_at", "text", "value"],
            [["acme", "t", "e", "inbound", NOON, "I want my MONEY back, 100%", "49.90"]],
        )
        opened.append(
            "decisions",
            ["tenant_id", "thread_id", "decision_id", "occurred_at", "model", "tool_names"],
            [["acme", "t", "d", NOON, "gpt-4o", ["book", "pay"]]],
        )
        yield opened


def rule(when: str) -> Rule:
    """A rule that says this."""
    return Rule(id="own", title="Own", window=timedelta(hours=1), when=when)


def view(columns: Mapping[str, Column]) -> str:
    """The columns an expression may read, by their names there."""
    return ", ".join(
        f"{column.stored or 'toFloat64(90)'} AS {name}" for name, column in columns.items()
    )


def answer(store: Store, when: str) -> object:
    """What the engine says of the one event and the one decision."""
    sql = (
        f"SELECT {sql_of(rule(when))} FROM (SELECT {view(EVENT_COLUMNS)} FROM conversation_events)"
        f" AS event CROSS JOIN (SELECT {view(DECISION_COLUMNS)} FROM decisions) AS decision"
    )
    return store.execute(sql, {}).rows[0][0]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("event.kind = 'inbound'", 1),
        ("event.kind <> 'inbound'", 0),
        ("NOT event.kind = 'close' AND event.kind = 'inbound'", 1),
        ("event.kind = 'close' AND event.kind = 'close' OR event.kind = 'inbound'", 1),
        ("event.kind = 'inbound' OR event.kind = 'close' AND event.kind = 'close'", 1),
        ("(event.kind = 'inbound' OR event.kind = 'close') AND event.kind = 'close'", 0),
        ("NOT (event.kind = 'inbound' OR event.kind = 'close')", 0),
        ("event.kind IN ('escalation', 'inbound')", 1),
        ("event.kind NOT IN ('escalation', 'inbound')", 0),
        ("lower(event.text) LIKE '%money%'", 1),
        ("event.text LIKE '%money%'", 0),
        ("event.text ILIKE '%money%'", 1),
        ("event.text NOT ILIKE '%money%'", 0),
        ("endsWith(event.text, '100%')", 1),
        ("startsWith(event.text, 'i want')", 0),
        ("position(event.text, 'MONEY') > 0", 1),
        ("length(event.text) BETWEEN 10 AND 30", 1),
        ("length(event.text) NOT BETWEEN 10 AND 30", 0),
        ("number(event.value) >= 49.9", 1),
        ("event.seconds_after < 60", 0),
        ("event.seconds_after > -1.5", 1),
        ("has(decision.tool_names, 'pay')", 1),
        ("decision.model = 'gpt-4o' and true", 1),
        ("event.reason = 'it''s \\'quoted\\' {x:String} ; -- \\\\'", 0),
        ("event.reason = ''", 1),
    ],
)
def test_an_expression_means_what_it_says(store: Store, when: str, expected: int) -> None:
    """Operators bind as in SQL, and functions do what they are called."""
    assert answer(store, when) == expected


REFUSED = {
    "SELECT 1": 1,
    "event.kind = (SELECT 1)": 15,
    "event.kind = 'a'; DROP TABLE decisions": 17,
    "event.kind = 'a' -- the rest": 18,
    "event.kind = 'a' /* the rest */": 18,
    "event.kind = 'a' AND tenant_id = 'other'": 22,
    "event.tenant_id = 'other'": 1,
    "decision.customer = 'x'": 1,
    "file('/etc/passwd') = 'x'": 1,
    "event.kind = url('http://x')": 14,
    "sleep(3) = 0": 1,
    "event.kind = {tenant:String}": 14,
    "event.kind = 'open": 14,
    'event."kind" = 1': 6,
    "`event`.kind = 'a'": 1,
    "event.kind = 5": 14,
    "event.kind LIKE event.text": 17,
    "event.kind LIKE '\\\\'": 17,
    "event.seconds_after LIKE '1'": 21,
    "event.seconds_after = '1'": 23,
    "event.kind": 1,
    "event.kind = 'a' event.kind": 18,
    "event.kind IN ()": 16,
    "event.kind IN (event.text)": 16,
    "event.kind NOT = 'a'": 16,
    "decision.tool_names = 'a'": 21,
    "has(event.kind, 'a')": 5,
    "lower(event.kind": 17,
    "(event.kind = 'a'": 18,
    "event.kind = 'a')": 17,
    "event.kind AND true": 1,
    "true AND event.kind": 10,
    "NOT event.kind": 5,
    "event.kind = 1e5": 14,
    "": 1,
    "event.kind = 'a' AND": 21,
    "()": 2,
    "event.kind = '\ud800'": 14,
    "event.kind = 'a\x00b'": 14,
}


@pytest.mark.parametrize(("when", "position"), REFUSED.items(), ids=map(ascii, REFUSED))
def test_anything_else_is_refused_with_its_place(when: str, position: int) -> None:
    """The message names the character and what is allowed."""
    with pytest.raises(PredicateError, match="allowed") as refused:
        sql_of(rule(when))

    assert refused.value.position == position


def test_nesting_and_length_are_bounded() -> None:
    """What would exhaust the stack is refused before it does."""
    deep = "(" * 5000 + "true" + ")" * 5000
    negated = "NOT " * 900 + "true"
    long = " OR ".join(["true"] * 3000)

    for when in (deep, negated, long, deep[:3000]):
        with pytest.raises(PredicateError):
            sql_of(rule(when))


def test_the_columns_it_reads_are_told() -> None:
    """A sweep reads no others."""
    when = "event.kind = 'inbound' AND (lower(event.text) LIKE '%x%' OR decision.model IN ('a'))"

    assert columns_of(rule(when)) == {"event.kind", "event.text", "decision.model"}


def test_relations_have_the_names_that_are_asked_for() -> None:
    """A sweep joins under its own aliases."""
    sql = sql_of(rule("event.kind = decision.kind"), event="e", decision="d")

    assert sql == "(e.kind = d.kind)"


def _columns(type_: str) -> list[str]:
    return [
        f"{relation}.{name}"
        for relation, columns in (("event", EVENT_COLUMNS), ("decision", DECISION_COLUMNS))
        for name, column in columns.items()
        if column.type == type_
    ]


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


CONTENT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
TEXT_LITERAL = CONTENT.map(_quoted)
PATTERN = CONTENT.map(lambda text: _quoted(text.replace("\\", "")))
NUMBER_LITERAL = st.one_of(
    st.integers(-(10**15) + 1, 10**15 - 1).map(str),
    st.decimals(-1000, 1000, places=3).map(lambda number: f"{number:f}"),
)
TEXT = st.one_of(
    st.sampled_from(_columns("text")),
    TEXT_LITERAL,
    st.sampled_from(_columns("text")).map(lambda column: f"lower({column})"),
)
NUMBER = st.one_of(
    st.sampled_from(_columns("number")),
    NUMBER_LITERAL,
    TEXT.map(lambda text: f"length({text})"),
    TEXT.map(lambda text: f"number( {text} )"),
    st.tuples(TEXT, TEXT).map(lambda two: f"position({two[0]},{two[1]})"),
)
COMPARISON = st.sampled_from(["=", "!=", "<>", "<", "<=", ">", ">="])
NOT = st.sampled_from(["", "NOT "])


def _members(literals: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.lists(literals, min_size=1, max_size=4).map(", ".join)


ATOM = st.one_of(
    st.sampled_from(["true", "FALSE"]),
    st.builds("{} {} {}".format, TEXT, COMPARISON, TEXT),
    st.builds("{}{}{}".format, NUMBER, COMPARISON, NUMBER),
    st.builds("{} {}IN ({})".format, TEXT, NOT, _members(TEXT_LITERAL)),
    st.builds("{} {}IN ({})".format, NUMBER, NOT, _members(NUMBER_LITERAL)),
    st.builds("{} {}LIKE {}".format, TEXT, NOT, PATTERN),
    st.builds("{} {}ilike {}".format, TEXT, NOT, PATTERN),
    st.builds("{} {}BETWEEN {} AND {}".format, NUMBER, NOT, NUMBER, NUMBER),
    st.builds("{} {}between {} and {}".format, TEXT, NOT, TEXT, TEXT),
    st.builds("startsWith({}, {})".format, TEXT, TEXT),
    st.builds("endsWith({}, {})".format, TEXT, TEXT),
    st.builds("has({}, {})".format, st.sampled_from(_columns("list")), TEXT),
)
EXPRESSION = st.recursive(
    ATOM,
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("{} or {}".format, inner, inner),
        st.builds("NOT ({})".format, inner),
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=150)
@given(EXPRESSION)
def test_every_accepted_expression_runs(store: Store, when: str) -> None:
    """Types are right before the engine is asked: a sweep never fails for a rule."""
    assert answer(store, when) in (0, 1)


_ALLOWED_SQL = re.compile(
    r"""'(?:[A-Za-z0-9 _.,:-]|\\x[0-9A-F]{2})*'
    |(?:event|decision)\.[a-z_]+
    |-?[0-9]+(?:\.[0-9]+)?
    |lowerUTF8|lengthUTF8|toFloat64OrZero|positionUTF8|startsWith|endsWith|has
    |AND|OR|NOT|IN|LIKE|ILIKE|BETWEEN|true|false
    |<=|>=|!=|[=<>(),\s]""",
    re.VERBOSE,
)
_SOUP = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "event.kind", "decision.model", "decision.tool_names", "event.seconds_after", "=",
                "IN", "(", ")", ",", "'a'", "'", "''", "\\", "AND", "OR", "NOT", "LIKE", "BETWEEN",
                "1", "-", "--", "/*", "*/", ";", "SELECT", "FROM", "system.tables", "lower", "has",
                "{x:String}", "%", "\n", "`", '"', "|| 'x'", "event.kind = 'inbound'", "$$", "::",
            ]
        ),
        EXPRESSION,
        st.text(max_size=3),
    ),
    max_size=8,
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(_SOUP, st.sampled_from(["", " "]))
def test_no_accepted_expression_holds_anything_else(parts: list[str], between: str) -> None:
    """The SQL of whatever is accepted is made of allowed tokens alone."""
    try:
        sql = sql_of(rule(between.join(parts)))
    except PredicateError:
        return

    assert _ALLOWED_SQL.sub("", sql) == ""
