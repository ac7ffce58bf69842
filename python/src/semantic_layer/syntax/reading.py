"""Reading SQL with sqlglot: names that are words of SQL, and where each part of a text stands.

What stands next to a dot is a name whatever word it is (`order.total`). A bare word is one only if
the text means nothing otherwise (`sum(add)` in a model that has `add`): text that parses keeps its
meaning. The parser is made to remember which tokens each part of an expression was read from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cache
from itertools import combinations, pairwise
from typing import Any, Self

from semantic_layer.syntax.lean_sqlglot import SqlglotError, TokenType, dialect_named, exp
from semantic_layer.syntax.tree import Node

_TEXTS = {TokenType.IDENTIFIER, TokenType.STRING}
_MOST_WORDS = 8
"""Of more words in a text, all have to be names."""
# `'O''Brien'` is O'Brien to Spark 4.3.0, and OBrien to sqlglot and to older versions: two texts
# beside each other are one text. `'O\'Brien'` means the same to all of them.
_TWO_TEXTS = {"databricks", "spark"}


def tokens_of(text: str, dialect: str) -> list[Any]:
    """Return the tokens of an expression, or of whatever else a text is."""
    found = dialect_named(dialect)
    tokens = found.tokenize(text)
    if not tokens or tokens[0].token_type not in found.tokenizer_class.COMMANDS:
        return tokens
    # At the start, such a word would take all that follows for a command's own text.
    tokens = found.tokenize(f"({text}")[1:]
    for token in tokens:
        token.start -= 1
        token.end -= 1
    return tokens


def with_plain_quotes(text: str, dialect: str) -> str:
    """Return SQL whose doubled quotes are escaped instead; everything stays in its place.

    A text that cannot be taken apart is returned as it is.
    """
    if dialect not in _TWO_TEXTS or not ("''" in text or '""' in text):
        return text
    try:
        tokens = tokens_of(text, dialect)
    except SqlglotError:
        return text
    letters = list(text)
    for first, second in pairwise(tokens):
        both = first.token_type is second.token_type is TokenType.STRING
        if both and second.start == first.end + 1 and text[first.end] == text[second.start]:
            letters[first.end] = "\\"
    return "".join(letters)


class Words:
    """The tokens of a text, some of them taken for names whatever else the words mean.

    sqlglot knows words by their text too, so names get another one until the tree is there.
    """

    def __init__(self, text: str, dialect: str, tokens: list[Any] | None = None) -> None:
        self._names: dict[str, str] = {}
        parser = dialect_named(dialect).parser_class
        self._special = {*parser.NO_PAREN_FUNCTION_PARSERS, "LAMBDA"}
        self.tokens = tokens if tokens is not None else tokens_of(text, dialect)
        for index, token in enumerate(self.tokens):
            if token.token_type is TokenType.DOT:
                self._take_beside(index)

    def _take_beside(self, dot: int) -> None:
        for index in (dot - 1, dot + 1):
            if 0 <= index < len(self.tokens) and self._is_word(index):
                self.take_for_name(index)

    def choices(self, is_name: Callable[[str], bool]) -> Iterator[list[tuple[int, ...]]]:
        """Yield which tokens to take for names: all words that are one, then all but one, …"""
        words = [
            index
            for index, token in enumerate(self.tokens)
            if self._is_word(index) and is_name(token.text)
        ]
        least = 0 if len(words) <= _MOST_WORDS else len(words) - 1
        for count in range(len(words), least, -1):
            yield list(combinations(words, count))

    def _is_word(self, index: int) -> bool:
        """Whether a token is a word that is not read as a name anyway, and no function's name."""
        token = self.tokens[index]
        following = self.tokens[index + 1 : index + 2]
        if not token.text.isidentifier() or token.token_type in _TEXTS:
            return False
        if following and following[0].token_type is TokenType.L_PAREN:
            return False
        return token.token_type is not TokenType.VAR or token.text.upper() in self._special

    def take_for_name(self, index: int) -> None:
        """Read a token as a name."""
        token = self.tokens[index]
        placeholder = f"zq_name_{index}"
        self._names[placeholder] = token.text
        token.token_type = TokenType.VAR
        token.text = placeholder

    def restore(self, trees: list[Any]) -> None:
        """Give the names in trees their texts; raises `SqlglotError` if one is no name there."""
        if not self._names:
            return
        left = set(self._names)
        for tree in trees:
            for node in tree.find_all(exp.Identifier) if isinstance(tree, Node) else ():
                if node.this in self._names:
                    left.discard(node.this)
                    node.set("this", self._names[node.this])
        if left:
            raise SqlglotError(f"`{self._names[left.pop()]}` is not a name here")


# The steps of the parser whose results are whole operands. Those in the second line are given
# what was read so far, and return it when nothing follows.
_STEPS = ("_parse_equality", "_parse_factor_operand", "_parse_function_call", "_parse_interval")
_CONTINUED = ("_parse_comparison", "_parse_range", "_parse_at_time_zone", "_parse_window")
# Between two operands: what is read from both has the span of both.
_INFIX = (
    *(exp.And, exp.Or, exp.Xor, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod),
    *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.DPipe),
    *(exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor),
)


class Span(tuple[int, int]):
    """The tokens of a node: from `start` up to and without `end`."""

    # No NamedTuple: making one takes longer at start than a query has of it.
    __slots__ = ()

    def __new__(cls, start: int, end: int) -> Self:
        """Make a span."""
        return tuple.__new__(cls, (start, end))

    @property
    def start(self) -> int:
        """The first token."""
        return self[0]

    @property
    def end(self) -> int:
        """The token behind the last."""
        return self[1]


class Marked(exp.Unary):
    """An operand behind a sign that sqlglot drops, as in `+x`."""


class Reading:
    """One parsed expression: its tree, its tokens and where its nodes stand among them."""

    def __init__(
        self,
        text: str,
        dialect: str,
        into: type[Node] | None,
        names: Collection[int] = (),
        tokens: list[Any] | None = None,
    ) -> None:
        """Parse a text; the tokens at the places `names` are names, whatever else they mean.

        `tokens` are those of the text, if they are known already.
        """
        self.text = text
        self.dialect = dialect
        found = dialect_named(dialect)
        words = Words(text, dialect, tokens)
        for index in names:
            words.take_for_name(index)
        self.tokens = words.tokens
        self._spans: dict[int, tuple[Node, Span]] = {}
        self._by_start = {token.start: index for index, token in enumerate(self.tokens)}
        self._by_end = {token.end: index for index, token in enumerate(self.tokens)}
        parser = _parser_class(found.parser_class)(dialect=found)
        parser.recorded = self._spans
        parser.call_starts = []
        if into is None:
            self.trees: list[Node] = parser.parse(self.tokens, text)
        else:
            self.trees = parser.parse_into(into, self.tokens, text)
        words.restore(self.trees)

    def span(self, node: Node) -> Span | None:
        """Return the tokens that a node was read from, or None if that is not known."""
        if isinstance(node, exp.Column):
            return self._column(node)
        recorded = self.recorded(node)
        if recorded is not None:
            return recorded
        if isinstance(node, _INFIX):
            return self._infix(node)
        return None

    def recorded(self, node: Node) -> Span | None:
        """Return the span that the parser remembered for a node itself."""
        known = self._spans.get(id(node))
        return known[1] if known is not None else None

    def _column(self, node: exp.Column) -> Span | None:
        metas = [part.meta for part in node.parts]
        if isinstance(node.this, exp.Star) or not all("start" in meta for meta in metas):
            return self.recorded(node)
        start = self._by_start.get(min(meta["start"] for meta in metas))
        end = self._by_end.get(max(meta["end"] for meta in metas))
        return Span(start, end + 1) if start is not None and end is not None else None

    def _infix(self, node: Node) -> Span | None:
        """Return the span of a chain of operators, without recursion into its left side."""
        right = self.inner_span(node.expression)
        left: Any = node
        while isinstance(left, _INFIX) and id(left) not in self._spans:
            left = left.this
        start = self.inner_span(left)
        if start is None or right is None or start.end >= right.start:
            return None
        return Span(start.start, right.end)

    def inner_span(self, node: Any) -> Span | None:
        """Return the span of an operand, which the parser may have put into parentheses."""
        while isinstance(node, exp.Paren) and id(node) not in self._spans:
            node = node.this
        return self.span(node) if isinstance(node, Node) else None

    def note(self, node: Node, span: Span | None) -> None:
        """Remember the span of a node that the parser did not make."""
        if span is not None:
            self._spans[id(node)] = node, span

    def operator(self, node: Node) -> Any | None:
        """Return the one token between the two operands of a node, or None."""
        left, right = self.inner_span(node.this), self.inner_span(node.expression)
        if left is None or right is None or right.start - left.end != 1:
            return None
        return self.tokens[left.end]

    def source(self, start: int, end: int) -> str:
        """Return the text of some tokens, without comments and with single spaces."""
        parts: list[str] = []
        for index in range(start, end):
            token = self.tokens[index]
            if index > start and token.start > self.tokens[index - 1].end + 1:
                parts.append(" ")
            parts.append(self.text[token.start : token.end + 1])
        return "".join(parts)

    def gap(self, index: int) -> str:
        """Return the space that stands before a token."""
        apart = 0 < index < len(self.tokens)
        apart = apart and self.tokens[index].start > self.tokens[index - 1].end + 1
        return " " if apart else ""


@cache
def _parser_class(base: type[Any]) -> type[Any]:
    members: dict[str, Any] = {name: _step(getattr(base, name)) for name in _STEPS}
    members.update({name: _continued(getattr(base, name)) for name in _CONTINUED})
    members["_parse_function_call"] = _call(base._parse_function_call)
    if "_parse_function" in vars(base):  # ClickHouse has calls of two lists: quantile(0.5)(x)
        members["_parse_function"] = _call(base._parse_function)
    members["UNARY_PARSERS"] = {**base.UNARY_PARSERS, TokenType.PLUS: _plus}
    return type(f"Recording{base.__name__}", (base,), members)


def _plus(parser: Any) -> Node:
    return Marked(this=parser._parse_unary())


def _step(parse: Callable[..., Any]) -> Callable[..., Any]:
    def step(self: Any, *args: Any, **options: Any) -> Any:
        start = self._index
        return _record(self, parse(self, *args, **options), start)

    return step


def _continued(parse: Callable[..., Any]) -> Callable[..., Any]:
    def step(self: Any, this: Any = None, *args: Any, **options: Any) -> Any:
        start = self._index
        if this is not None:
            known = self.recorded.get(id(this))
            # What follows a call is read by the step that reads the call, which comes back later.
            if known is None and isinstance(this, exp.Func) and parse.__name__ == "_parse_window":
                _record(self, this, self.call_starts[-1])
                known = self.recorded.get(id(this))
            start = known[1].start if known is not None else None
        found = parse(self, this, *args, **options)
        return _record(self, found, start) if start is not None else found

    return step


def _call(parse: Callable[..., Any]) -> Callable[..., Any]:
    def step(self: Any, *args: Any, **options: Any) -> Any:
        start = self._index
        self.call_starts.append(start)
        try:
            return _record(self, parse(self, *args, **options), start)
        finally:
            self.call_starts.pop()

    return step


def _record(parser: Any, node: Any, start: int) -> Any:
    if isinstance(node, Node) and not isinstance(node, (exp.Column, exp.Identifier)):
        parser.recorded[id(node)] = node, Span(start, parser._index)
    return node
