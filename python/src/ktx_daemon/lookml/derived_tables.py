"""The SELECT of a derived table, in the dialect asked for, and the columns that it puts out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ktx_daemon.lookml.models import ColumnType, LookMLColumn
from ktx_daemon.lookml.sql_text import Unusable, replaced
from semantic_layer.data.record import Record
from semantic_layer.syntax.lean_sqlglot import SqlglotError, exp, parse
from semantic_layer.syntax.tree import Node

_READ_AS = "postgres"
_NUMBERS = (exp.Sum, exp.Avg, exp.Count, exp.Div, exp.Mul, exp.Sub, exp.Round)
_TIMES = (exp.TimestampTrunc, exp.DateTrunc, exp.DateAdd, exp.DateSub)


class DerivedTable(Record):
    """A SELECT and its output columns."""

    sql: str
    columns: list[LookMLColumn]


def derived_table(sql: str, dialect: str, resolve: Callable[[str], str]) -> DerivedTable:
    """Read the SQL of a derived table as PostgreSQL's; raises `Unusable`."""
    text = replaced(sql, resolve)
    try:
        trees = parse(text, read=_READ_AS)
        query = trees[0] if len(trees) == 1 else None
        if not isinstance(query, exp.Query):
            raise Unusable("its sql is not one SELECT")
        printed = query.sql(dialect)
        columns = list(_columns(query))
    except (SqlglotError, RecursionError) as error:
        raise Unusable("its sql cannot be parsed") from error
    return DerivedTable(printed, columns)


def _columns(query: exp.Query) -> Iterator[LookMLColumn]:
    # Here, so that lean_sqlglot is imported before it.
    from sqlglot.optimizer.annotate_types import annotate_types  # noqa: TID251

    try:
        typed = annotate_types(query.copy(), dialect=_READ_AS)
    except (SqlglotError, ValueError, TypeError, AttributeError, LookupError):
        typed = query  # Without inferred types a column is a string.
    seen: set[str] = set()
    for projection in typed.selects:
        name = projection.alias_or_name.lower()
        if name and name != "*" and name not in seen:
            seen.add(name)
            yield LookMLColumn(name=name, lookml_name=None, type=_type_of(projection))


def _type_of(projection: Node) -> ColumnType:
    inner = projection.unalias()
    while isinstance(inner, (exp.Coalesce, exp.Max, exp.Min, exp.Paren)):
        inner = inner.this
    if isinstance(inner, _NUMBERS):
        return "number"
    if isinstance(inner, _TIMES):
        return "time"
    kind = inner.type or projection.type
    if kind is None:
        return "string"
    if kind.this in exp.DataType.TEMPORAL_TYPES:
        return "time"
    if kind.this in exp.DataType.NUMERIC_TYPES:
        return "number"
    return "boolean" if kind.this == exp.DataType.Type.BOOLEAN else "string"
