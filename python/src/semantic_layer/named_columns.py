"""Refusing SQL text that reads columns without naming each of them."""

from __future__ import annotations

from semantic_layer.errors import Origin
from semantic_layer.lean_sqlglot import exp
from semantic_layer.sql import Node


def only_named_columns(tree: Node, origin: Origin) -> None:
    """Refuse what reads columns without naming each: its names cannot be checked against the model.

    Sub-queries, and everything that the database would expand (`*` in any function, `COLUMNS`),
    which would show hidden columns too. Only `count(*)` and `count(source.*)` name no column.
    """
    if tree.find(exp.Query):
        raise origin.unsupported(
            "a sub-query is not supported here.",
            fix="Make the sub-query an `sql` source and join it, or add a computed column to it.",
        )
    for part in tree.find_all(exp.Star, exp.Columns, exp.PositionalColumn):
        if not _is_counted(part):
            raise origin.error(
                f"`{part.sql()}` stands for columns that are not named; only `count(*)` may do so.",
                fix="Name each column.",
            )


def _is_counted(part: Node) -> bool:
    """Whether this is the `*` of `count(*)` or `count(source.*)`, with nothing after it."""
    if not isinstance(part, exp.Star) or any(part.args.values()):
        return False
    inner = part.parent if isinstance(part.parent, exp.Column) else part
    call = inner.parent
    return isinstance(call, exp.Count) and call.this is inner and not call.expressions
