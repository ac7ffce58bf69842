"""ORDER BY with the NULLs last on every dialect, whatever its default."""

from __future__ import annotations

from collections.abc import Mapping

from semantic_layer.lean_sqlglot import exp
from semantic_layer.logical import Ordering
from semantic_layer.sql import Node, column, is_not_null, number

# Without NULLS LAST, the NULLs are sorted by a term of their own, which cannot use an alias.
_NO_NULLS_LAST = {"mysql", "tsql"}


def order_by(
    query: exp.Select, terms: list[Ordering], values: Mapping[str, Node], dialect: str
) -> None:
    """Add ORDER BY to a SELECT whose output columns have the expressions `values`."""
    ordered: list[Node] = []
    for term in terms:
        if dialect in _NO_NULLS_LAST:
            value = values[term.alias]
            nulls = exp.Case(
                ifs=[exp.If(this=is_not_null(value.copy()), true=number(0))], default=number(1)
            )
            ordered.append(exp.Ordered(this=nulls, nulls_first=True))
            # Saying where this dialect puts them anyway keeps a second term from being added.
            first = not term.descending
            ordered.append(exp.Ordered(this=value.copy(), desc=term.descending, nulls_first=first))
        else:
            ordered.append(
                exp.Ordered(this=column(term.alias), desc=term.descending, nulls_first=False)
            )
    if ordered:
        query.set("order", exp.Order(expressions=ordered))
