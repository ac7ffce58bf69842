"""Reading names that are words of SQL: `order.total`, and `sum(add)` in a model that has `add`.

What stands next to a dot is a name whatever word it is. A bare word is one only if the text means
nothing otherwise: text that parses keeps its meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from typing import Any

from semantic_layer.lean_sqlglot import Dialect, SqlglotError, TokenType, exp
from semantic_layer.sql import Node

_TEXTS = {TokenType.IDENTIFIER, TokenType.STRING}
_MOST_WORDS = 8
"""Of more words in a text, all have to be names."""


@cache
def dialect_named(name: str) -> Dialect:
    """Return a dialect of sqlglot, which would make another object for each text."""
    return Dialect.get_or_raise(name)


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
