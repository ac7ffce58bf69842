"""ORDER BY: which output a name means, and the NULLs last whatever the dialect's default."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from semantic_layer.errors import INVALID_QUERY, Origin, SemanticError, close_names
from semantic_layer.plan.logical import Dimension, LogicalPlan, Measure, Ordering
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node, column, is_not_null, number

# Without NULLS LAST, the NULLs are sorted by a term of their own, which cannot use an alias.
_NO_NULLS_LAST = {"mysql", "tsql"}


def order_by(
    query: exp.Select,
    terms: list[Ordering],
    values: Mapping[str, Node],
    dialect: str,
    written: Callable[[str], str],
) -> None:
    """Add ORDER BY to a SELECT whose output columns have the expressions `values`.

    `written` gives the name that an alias has in the SELECT.
    """
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
            shown: Node = column(written(term.alias))
            if term.as_time:
                # Inside a call, SQLite looks for a column of the tables before the alias.
                value = values[term.alias].copy()
                by_time = exp.Anonymous(this="JULIANDAY", expressions=[value])
                ordered.append(exp.Ordered(this=by_time, desc=term.descending, nulls_first=False))
            ordered.append(exp.Ordered(this=shown, desc=term.descending, nulls_first=False))
    if ordered:
        query.set("order", exp.Order(expressions=ordered))


def ordered_alias(wanted: str, plan: LogicalPlan, origin: Origin) -> str:
    """Return the alias of the output that a term names.

    What the reply shows is always right; another name of an output is if no other output has it.
    """
    outputs: list[Dimension | Measure] = [*plan.measures, *plan.dimensions]
    folded = wanted.casefold()
    shown = [item for item in outputs if item.shown.casefold() == folded]
    matches = shown or _whole([item for item in outputs if folded in _names(item)])
    if len(matches) == 1:
        return matches[0].alias
    if matches:
        spellings = [item.shown for item in matches]
        raise origin.error(
            f"it is ambiguous: {', '.join(spellings)}.",
            fix="Order by the output column's name.",
            suggestions=spellings,
        )
    raise SemanticError(
        INVALID_QUERY,
        f"ORDER BY field '{wanted}' is not a recognized measure or dimension in this query.",
        fix=f"Order by one of: {', '.join(item.shown for item in outputs)}.",
        suggestions=close_names(wanted, [item.alias for item in outputs]),
        path=origin.path,
    )


def _whole(matches: list[Dimension | Measure]) -> list[Dimension | Measure]:
    """Return the column itself, where the others are periods of it."""
    dimensions = [item for item in matches if isinstance(item, Dimension)]
    plain = [item for item in dimensions if item.granularity is None]
    if (
        len(matches) == len(dimensions)
        and len(plain) == 1
        and len({d.field for d in dimensions}) == 1
    ):
        return [*plain]
    return matches


def _names(output: Dimension | Measure) -> set[str]:
    return {name.casefold() for name in _spellings(output) if name is not None}


def _spellings(output: Dimension | Measure) -> Iterator[str | None]:
    yield output.alias
    if isinstance(output, Measure):
        yield from (output.name, output.text, output.qualified)
    else:
        yield from (output.field, output.column)
        if output.granularity is not None:
            yield from (f"{name}:{output.granularity}" for name in (output.field, output.column))
