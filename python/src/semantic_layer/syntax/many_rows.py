"""Conditions on rows of the many side, `any(order_items, products.category = 'books')`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node, parts_of
from semantic_layer.syntax.verbatim import called_name

ANY, NONE = "any", "none"
_RENAMED = "ktx_any"
"""What `any` is called where a database's own function of that name is read in its own way."""


class AnyOf(exp.Expression):
    """That some row of a source, or with `negated` none, belongs to a row and fulfils a condition.

    The condition is kept in a tuple: its columns are not those of the row around it.
    """

    arg_types = {"source": True, "condition": False, "negated": False}
    _hash_raw_args = True

    @property
    def source(self) -> str:
        """The node whose rows are looked for."""
        return str(self.args["source"])

    @property
    def condition(self) -> Node | None:
        """What they fulfil; None for nothing."""
        kept: tuple[Any, ...] = self.args["condition"]
        found: Node | None = kept[0]
        return found

    @property
    def negated(self) -> bool:
        """Whether there must be no such row."""
        return bool(self.args.get("negated"))


class Asked(tuple[str, exp.Column, Node | None]):
    """A call as it was written: its word, the source, and the condition."""

    __slots__ = ()


def asked(node: Node) -> Asked | None:
    """Return what a call asks for; None for one that is another."""
    is_operand = isinstance(node.parent, exp.Binary) and not isinstance(node.parent, exp.Connector)
    if isinstance(node, exp.Any) and not is_operand:
        inner = node.this
        items = inner.expressions if isinstance(inner, exp.Tuple) else [inner.unnest()]
        return _asked(ANY, items)
    name = called_name(node)
    if isinstance(node, exp.Anonymous) and name in (NONE, _RENAMED):
        return _asked(NONE if name == NONE else ANY, node.expressions)
    return None


def _asked(word: str, items: list[Node]) -> Asked | None:
    if not 1 <= len(items) <= 2 or not isinstance(items[0], exp.Column):
        return None
    return Asked((word, items[0], items[1] if len(items) == 2 else None))


def any_of(tree: Node) -> Iterator[AnyOf]:
    """Yield the conditions on rows of the many side in an expression."""
    return (part for part in parts_of(tree) if isinstance(part, AnyOf))


def readable(text: str, dialect: str) -> str:
    """Return a condition in which `any` of a source is no function of the database."""
    if dialect != "clickhouse" or ANY not in text.lower():
        return text
    from semantic_layer.syntax.reading import tokens_of

    tokens = tokens_of(text, dialect)
    places = [
        token.start
        for token, after in pairwise(tokens)
        if token.text.lower() == ANY and after.text == "("
    ]
    for start in reversed(places):
        text = f"{text[:start]}{_RENAMED}{text[start + len(ANY) :]}"
    return text
