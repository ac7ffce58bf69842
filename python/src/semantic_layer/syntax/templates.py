"""Giving the nodes of a parsed expression the text that they were read from."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from semantic_layer.syntax.lean_sqlglot import TokenType, exp
from semantic_layer.syntax.reading import Reading, Span
from semantic_layer.syntax.tree import VERBATIM, Node
from semantic_layer.syntax.verbatim import Call, Step, Template, operand

# What sqlglot prints as it was written, if these are the operators that stand there.
_OPERATORS: dict[type[Node], frozenset[str]] = {
    exp.EQ: frozenset({"=", "=="}),
    exp.NEQ: frozenset({"<>", "!="}),
    exp.LT: frozenset({"<"}),
    exp.LTE: frozenset({"<="}),
    exp.GT: frozenset({">"}),
    exp.GTE: frozenset({">="}),
    exp.Add: frozenset({"+"}),
    exp.Sub: frozenset({"-"}),
    exp.Mul: frozenset({"*"}),
    exp.Div: frozenset({"/"}),
    exp.Mod: frozenset({"%"}),
}
_PLAIN_AGGREGATES: dict[type[Node], str] = {
    exp.Sum: "SUM",
    exp.Avg: "AVG",
    exp.Min: "MIN",
    exp.Max: "MAX",
    exp.Count: "COUNT",
}
# Parts of a node that are words of its text, and never operands.
_WORDS = (exp.Identifier, exp.Var, exp.DataType, exp.Literal)


class Unreadable(Exception):
    """An expression whose parts cannot be told apart in its text."""


class Templates:
    """Attaches templates to the nodes of one expression.

    `aggregate` says of a call by its name and its number of arguments whether the database
    aggregates with it, or None to leave that to sqlglot.
    """

    def __init__(self, reading: Reading, aggregate: Callable[[str, int], bool | None]) -> None:
        self._reading = reading
        self._aggregate = aggregate

    def attach(self, root: Node, whole: Span) -> None:
        """Let `root` and every operand below it be written as the tokens of the text."""
        waiting: list[tuple[Node, Span | None]] = [(root, whole)]
        while waiting:
            node, span = waiting.pop()
            if isinstance(node, exp.Column):
                continue
            if self._is_plain(node):
                waiting += [(part, self._reading.span(part)) for part in _operands(node)]
            elif span is None:
                raise Unreadable
            else:
                waiting += self._keep(node, span)

    def _keep(self, node: Node, span: Span) -> list[tuple[Node, Span | None]]:
        """Give a node its template; return the operands in it."""
        holes = sorted(self._holes(node, ()), key=lambda hole: hole[1])
        parts: list[str | tuple[Step, ...]] = []
        position = span.start
        kept: list[tuple[Node, Span | None]] = []
        for path, inner in holes:
            if kept and inner == kept[-1][1]:
                continue  # the parser reads some operands once and uses them twice
            if inner.start < position or inner.end > span.end:
                raise Unreadable
            parts.append(self._words(span.start, position, inner.start, before_hole=True))
            parts.append(path)
            kept.append((operand(node, path), inner))
            position = inner.end
        parts.append(self._words(span.start, position, span.end, before_hole=False))
        found = tuple(part for part in parts if part)
        call = self._call(node, span)
        closed = call is not None or span.end - span.start == 1
        node.set(VERBATIM, Template(found, closed, call, call and self._aggregate(*call)))
        return kept

    def _words(self, start: int, position: int, end: int, *, before_hole: bool) -> str:
        """Return the text between two operands, with the space around it."""
        text = self._reading.source(position, end)
        if position > start and position < end:
            text = self._reading.gap(position) + text
        if before_hole and end > start:
            text += self._reading.gap(end)
        return text

    def _holes(self, node: Node, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Span]]:
        """Yield the operands below a node whose place in the text is known."""
        for key, value in node.args.items():
            for index, part in _listed(value):
                if not isinstance(part, Node) or isinstance(part, _WORDS):
                    continue
                there = (*path, (key, index))
                span = self._reading.span(part)
                if span is not None:
                    yield there, span
                elif isinstance(part, exp.Column) and not part.is_star:
                    raise Unreadable
                else:
                    yield from self._holes(part, there)

    def _is_plain(self, node: Node) -> bool:
        """Whether sqlglot prints a node as it was written, but for its operands."""
        if isinstance(node, (exp.And, exp.Or)):
            token = self._reading.operator(node)
            return token is None or token.text.upper() in ("AND", "OR")
        if isinstance(node, exp.Paren):
            return self._is_parenthesised(node)
        if isinstance(node, exp.Literal):
            return self._is_plain_literal(node)
        if type(node) is exp.Cast and self._reading.dialect == "sqlite":
            # SQLite has no types for times: what stands there for them is the planner's to write.
            return node.to.this in exp.DataType.TEMPORAL_TYPES
        if type(node) in _OPERATORS:
            token = self._reading.operator(node)
            spelt = token is not None and token.text in _OPERATORS[type(node)]
            return spelt and not self._has_added_parentheses(node)
        if type(node) in _PLAIN_AGGREGATES:
            return self._is_plain_aggregate(node)
        return False

    def _is_parenthesised(self, node: Node) -> bool:
        """Whether parentheses stand in the text, or were put around a part of a long chain."""
        span = self._reading.recorded(node)
        return span is None or self._reading.tokens[span.start].token_type is TokenType.L_PAREN

    def _has_added_parentheses(self, node: Node) -> bool:
        return any(
            isinstance(part, exp.Paren) and self._reading.span(part) is None
            for part in (node.this, node.expression)
        )

    def _is_plain_literal(self, node: Node) -> bool:
        span = self._reading.span(node)
        if span is None:
            return False
        text = self._reading.source(*span)
        if not node.is_string:
            return bool(text == node.name)
        return text[:1] == "'" and not set("\\\n\r") & set(text) and text.count("'") == 2

    def _is_plain_aggregate(self, node: Node) -> bool:
        """Whether a call is one of the usual aggregates, of one argument and nothing more."""
        span = self._reading.span(node)
        if span is None or not self._is_call(span) or set(_given(node)) - {"this", "big_int"}:
            return False
        name = self._reading.source(span.start, span.start + 1).upper()
        inner = Span(span.start + 2, span.end - 1)
        argument = node.this
        if isinstance(argument, exp.Distinct) and not argument.args.get("on"):
            argument = argument.expressions[0] if len(argument.expressions) == 1 else None
            inner = Span(inner.start + 1, inner.end)
        if name != _PLAIN_AGGREGATES[type(node)] or argument is None:
            return False
        if argument.is_star and not isinstance(node, exp.Count):
            return False
        return bool(argument.is_star) or self._reading.span(argument) == inner

    def _call(self, node: Node, span: Span) -> Call | None:
        """Return how a node is called, if its whole text is a call."""
        if not isinstance(node, exp.Func) or not self._is_call(span):
            return None
        name = self._reading.source(span.start, span.start + 1).lower()
        commas = _commas(self._reading, span)
        return Call(name, commas + 1 if span.end - span.start > 3 else 0)

    def _is_call(self, span: Span) -> bool:
        """Whether the text is a word and an argument list, and nothing follows."""
        tokens = self._reading.tokens
        if span.end - span.start < 3 or tokens[span.start + 1].token_type is not TokenType.L_PAREN:
            return False
        depth = 0
        for index in range(span.start + 1, span.end):
            kind = tokens[index].token_type
            depth += (kind is TokenType.L_PAREN) - (kind is TokenType.R_PAREN)
            if depth == 0:
                return index == span.end - 1
        return False


def _operands(node: Node) -> Iterator[Node]:
    for value in node.args.values():
        for _, part in _listed(value):
            if isinstance(part, exp.Distinct):
                yield from part.expressions
            elif isinstance(part, exp.Literal):
                if not isinstance(node, exp.Cast):
                    yield part
            elif isinstance(part, Node) and not isinstance(part, (*_WORDS, exp.Star)):
                yield part


def _listed(value: object) -> Iterator[tuple[int | None, object]]:
    if isinstance(value, list):
        yield from enumerate(value)
    else:
        yield None, value


def _given(node: Node) -> list[str]:
    return [key for key, value in node.args.items() if value not in (None, False, [])]


def _commas(reading: Reading, span: Span) -> int:
    """Return how many commas separate the arguments of a call."""
    depth, found = 0, 0
    for token in reading.tokens[span.start + 1 : span.end]:
        kind = token.token_type
        if kind in (TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE):
            depth += 1
        elif kind in (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE):
            depth -= 1
        found += kind is TokenType.COMMA and depth == 1
    return found
