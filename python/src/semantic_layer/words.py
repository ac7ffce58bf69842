"""Reading names that are words of SQL: `order.total`, and `sum(add)` in a model that has `add`.

What stands next to a dot is a name whatever word it is. A bare word is one only if the text means
nothing otherwise: text that parses keeps its meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

from semantic_layer.lean_sqlglot import Dialect, SqlglotError, TokenType, exp
from semantic_layer.sql import Node

_TEXTS = {TokenType.IDENTIFIER, TokenType.STRING}
_MOST_WORDS = 8
"""Of more words in a text, all have to be names."""


def parsed(text: str, dialect: str, into: type[Node]) -> Node:
    """Parse one expression or the name of a table; raises sqlglot's error."""
    return _Text(text, dialect).tree(into)


def parsed_with_names(
    text: str, dialect: str, into: type[Node], is_name: Callable[[str], bool]
) -> Node | None:
    """Parse text that is no SQL with words of it as names; None if that gives no one meaning."""
    read = _Text(text, dialect)
    words = [
        index
        for index, token in enumerate(read.tokens)
        if read.is_word(index) and is_name(token.text)
    ]
    for count in range(len(words), 0, -1) if len(words) <= _MOST_WORDS else [len(words)]:
        found = [_as_names(some, text, dialect, into) for some in combinations(words, count)]
        trees = [tree for tree in found if tree is not None]
        if trees:
            return trees[0] if len(trees) == 1 else None
    return None


def _as_names(indexes: Iterable[int], text: str, dialect: str, into: type[Node]) -> Node | None:
    read = _Text(text, dialect)
    for index in indexes:
        read.take_for_name(index)
    try:
        return read.tree(into)
    except SqlglotError:
        return None


class _Text:
    """The tokens of a text. sqlglot knows words by their text too, so names get another one."""

    def __init__(self, text: str, dialect: str) -> None:
        self._text = text
        self._dialect = Dialect.get_or_raise(dialect)
        self._names: dict[str, str] = {}
        self._special = {*self._dialect.parser_class.NO_PAREN_FUNCTION_PARSERS, "LAMBDA"}
        self.tokens: list[Any] = self._dialect.tokenize(text)
        if self.tokens and self.tokens[0].token_type in self._dialect.tokenizer_class.COMMANDS:
            # At the start, such a word would take all that follows for a command's own text.
            self.tokens = self._dialect.tokenize(f"({text}")[1:]
        for index, token in enumerate(self.tokens):
            if token.token_type is TokenType.DOT:
                self._take_beside(index)

    def _take_beside(self, dot: int) -> None:
        for index in (dot - 1, dot + 1):
            if 0 <= index < len(self.tokens) and self.is_word(index):
                self.take_for_name(index)

    def is_word(self, index: int) -> bool:
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

    def tree(self, into: type[Node]) -> Node:
        """Return the tree; raises sqlglot's error."""
        trees = self._dialect.parser().parse_into(into, self.tokens, self._text)
        tree = trees[0] if len(trees) == 1 else None
        if tree is None or isinstance(tree, exp.Command):
            raise SqlglotError("it is not one expression")
        if self._names:
            self._restore(tree)
        return tree

    def _restore(self, tree: Node) -> None:
        left = set(self._names)
        for node in tree.find_all(exp.Identifier):
            if node.this in self._names:
                left.discard(node.this)
                node.set("this", self._names[node.this])
        if left:
            raise SqlglotError(f"`{self._names[left.pop()]}` is not a name here")
