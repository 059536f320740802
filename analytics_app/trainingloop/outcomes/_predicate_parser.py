"""Reads a ``when``: every token is known by name, and every operator gets what it can work on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from trainingloop.outcomes._predicate import COLUMNS, FUNCTIONS, Node
from trainingloop.outcomes.errors import PredicateError

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainingloop.outcomes._predicate import Type

_LONGEST: Final = 4000
_DEEPEST: Final = 32
_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<text>'(?:[^'\\\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]|''|\\['\\])*')
    |(?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,9})?(?![\w.]))
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    |(?P<mark><=|>=|!=|<>|[=<>(),])""",
    re.VERBOSE,
)
_COMPARISONS: Final = {"=": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_KEYWORDS: Final = frozenset(
    ["AND", "OR", "NOT", "IN", "LIKE", "ILIKE", "BETWEEN", "TRUE", "FALSE"]
)
_ALLOWED: Final = (
    "columns of event and decision, 'text', numbers, true, false, = != < <= > >=, AND, OR, NOT, "
    f"IN, LIKE, ILIKE, BETWEEN, parentheses, and the functions {', '.join(FUNCTIONS)}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    kind: str
    text: str
    position: int

    @property
    def keyword(self) -> str:
        """The keyword or mark it is; empty for a name or a literal."""
        if self.kind == "mark":
            return self.text
        folded = self.text.upper()
        return folded if self.kind == "word" and folded in _KEYWORDS else ""


def parse(text: str) -> Node:
    """The expression of a ``when``.

    Raises:
        PredicateError: It is none that is allowed; the error says where, and what is.
    """
    if len(text) > _LONGEST:
        raise PredicateError(_LONGEST + 1, f"an expression has at most {_LONGEST} characters")
    return _Parser(_tokens(text)).whole()


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            hint = (
                ": a text ends with a quote and holds no control character"
                if text[position] == "'"
                else ""
            )
            _refuse(position + 1, f"{text[position]!r} is not allowed here{hint}")
        kind = str(found.lastgroup)
        if kind != "space":
            tokens.append(_Token(kind=kind, text=found[0], position=position + 1))
        position = found.end()
    tokens.append(_Token(kind="end", text="", position=len(text) + 1))
    return tokens


def _refuse(position: int, message: str, allowed: str = _ALLOWED) -> NoReturn:
    raise PredicateError(position, f"{message}; allowed: {allowed}")


class _Parser:
    """Recursive descent: one method a level of binding, loosest first."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        """All of the expression."""
        node = self._truth(self._either)
        if self._next.kind != "end":
            self._refuse_next("does not belong here")
        return node

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += 1
        return token

    def _took(self, *keywords: str) -> str:
        """The keyword or mark that came next, when it is one of these."""
        found = self._next.keyword
        if found not in keywords:
            return ""
        self._at += 1
        return found

    def _expect(self, mark: str) -> None:
        if not self._took(mark):
            self._refuse_next(f"stands where {mark!r} should be")

    def _refuse_next(self, why: str) -> NoReturn:
        shown = repr(self._next.text[:40]) if self._next.text else "the end"
        _refuse(self._next.position, f"{shown} {why}")

    def _truth(self, read: Callable[[], Node]) -> Node:
        start = self._next.position
        node = read()
        if node.type != "truth":
            _refuse(start, "this is no statement that is true or false", "a comparison, such as "
                    "event.kind = 'inbound', or several joined with AND, OR and NOT")  # fmt: skip
        return node

    def _either(self) -> Node:
        return self._chain("OR", self._both)

    def _both(self) -> Node:
        return self._chain("AND", self._negated)

    def _chain(self, keyword: str, read: Callable[[], Node]) -> Node:
        start = self._next.position
        parts = [read()]
        while self._took(keyword):
            parts.append(self._truth(read))
        if len(parts) == 1:
            return parts[0]
        if parts[0].type != "truth":
            _refuse(start, f"{keyword} joins what is true or false", "a comparison")
        return Node(kind="operator", type="truth", value=keyword, parts=tuple(parts))

    def _negated(self) -> Node:
        if not self._took("NOT"):
            return self._comparison()
        return _not(self._deeper(lambda: self._truth(self._negated)))

    def _deeper(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            _refuse(self._next.position, "too deeply nested", f"{_DEEPEST} levels")
        node = read()
        self._depth -= 1
        return node

    def _comparison(self) -> Node:
        left = self._operand()
        position = self._next.position
        if found := self._took(*_COMPARISONS):
            _check_comparable(_COMPARISONS[found], left, position)
            return _compared(_COMPARISONS[found], left, self._like_type(left))
        negated = self._took("NOT")
        if found := self._took("LIKE", "ILIKE", "IN", "BETWEEN"):
            _check_comparable(found, left, position)
            node = _compared(found, left, *self._others(found, left))
            return _not(node) if negated else node
        if negated:
            self._refuse_next("follows NOT, which stands before LIKE, ILIKE, IN or BETWEEN here")
        return left

    def _others(self, operator: str, left: Node) -> list[Node]:
        if operator == "IN":
            return self._members(left)
        if operator != "BETWEEN":
            return [self._pattern()]
        low = self._like_type(left)
        self._expect("AND")
        return [low, self._like_type(left)]

    def _like_type(self, left: Node) -> Node:
        return self._typed(left.type, self._operand)

    def _typed(self, type_: Type, read: Callable[[], Node]) -> Node:
        position = self._next.position
        node = read()
        if node.type != type_:
            _refuse(position, f"this is a {node.type}, compared with a {type_}", f"a {type_}")
        return node

    def _literal(self) -> Node:
        if self._next.kind not in {"text", "number"}:
            self._refuse_next("is no literal")
        return self._operand()

    def _pattern(self) -> Node:
        position = self._next.position
        node = self._typed("text", self._literal)
        if "\\" in node.value:
            _refuse(position, "a pattern has no backslash", "% for any text, _ for any character")
        return node

    def _members(self, left: Node) -> list[Node]:
        self._expect("(")
        members = [self._typed(left.type, self._literal)]
        while self._took(","):
            members.append(self._typed(left.type, self._literal))
        self._expect(")")
        return members

    def _operand(self) -> Node:
        if self._took("("):
            node = self._deeper(self._either)
            self._expect(")")
            return node
        if found := self._took("TRUE", "FALSE"):
            return Node(kind="truth", type="truth", value=found.lower())
        token = self._next
        if token.kind == "number":
            return Node(kind="number", type="number", value=self._take().text)
        if token.kind == "text":
            return Node(kind="text", type="text", value=_unquoted(self._take().text))
        if token.kind == "word" and token.text in FUNCTIONS:
            return self._deeper(self._call)
        if token.kind == "word" and token.text in COLUMNS:
            return Node(kind="column", type=COLUMNS[token.text].type, value=self._take().text)
        return self._refuse_word(token)

    def _call(self) -> Node:
        name = self._take().text
        function = FUNCTIONS[name]
        self._expect("(")
        arguments: list[Node] = []
        for index, type_ in enumerate(function.takes):
            if index:
                self._expect(",")
            arguments.append(self._typed(type_, self._operand))
        self._expect(")")
        return Node(kind="call", type=function.gives, value=name, parts=tuple(arguments))

    def _refuse_word(self, token: _Token) -> NoReturn:
        relation = token.text.partition(".")[0]
        if token.kind == "word" and "." in token.text and relation in {"event", "decision"}:
            known = [name for name in COLUMNS if name.startswith(f"{relation}.")]
            _refuse(token.position, f"there is no {token.text[:60]!r}", ", ".join(known))
        self._refuse_next("is not allowed here")


def _check_comparable(operator: str, left: Node, position: int) -> None:
    types = {"text"} if operator in {"LIKE", "ILIKE"} else {"text", "number"}
    if left.type == "list":
        _refuse(position, "a list is not compared", f"has({left.value}, 'text')")
    if left.type not in types:
        _refuse(position, f"{operator} cannot compare this", f"a {' or a '.join(sorted(types))}")


def _compared(operator: str, left: Node, *others: Node) -> Node:
    return Node(kind="operator", type="truth", value=operator, parts=(left, *others))


def _not(node: Node) -> Node:
    return Node(kind="operator", type="truth", value="NOT", parts=(node,))


def _unquoted(literal: str) -> str:
    return re.sub(r"''|\\(['\\])", lambda found: found[1] or "'", literal[1:-1])
