"""LookML's SQL: which fields a text refers to, and what stands in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ktx_daemon.lookml.models import ColumnType, LookMLColumn
from semantic_layer.data.record import Record
from semantic_layer.syntax.lean_sqlglot import SqlglotError, exp, parse
from semantic_layer.syntax.names import as_stored, quoted_name
from semantic_layer.syntax.tree import Node

_REFERENCE = re.compile(r"\$\{\s*([\w.]+)\s*\}")
_OWN_COLUMN = re.compile(r"\$\{TABLE\}\s*\.\s*(?:\"([^\"]+)\"|`([^`]+)`|\[([^\]]+)\]|(\w+))\s*\Z")
_TABLE = re.compile(r"\$\{TABLE\}\s*\.\s*")
# A name, or the call of a function without parentheses inside.
_ONE_TERM = re.compile(r"(?:\w+|\"[^\"]*\"|`[^`]*`|\[[^\]]*\]|\w+\([^()]*\))\Z")


class Unusable(Exception):
    """A text that has no meaning outside Looker; says why."""


def plain_column(sql: str, dialect: str) -> str | None:
    """Return the column that a text is and nothing else, as the database calls it."""
    match = _OWN_COLUMN.match(sql.strip())
    if match is None:
        return None
    unquoted = match.groups()[-1]
    return as_stored(unquoted, dialect) if unquoted else next(filter(None, match.groups()), None)


def require_usable(sql: str) -> None:
    """Raise for a text that Looker computes when it runs a query."""
    if "{%" in sql or "{{" in sql:
        raise Unusable("Liquid is not evaluated")
    if "@{" in sql:
        raise Unusable("a constant has no value")


def replaced(sql: str, resolve: Callable[[str], str]) -> str:
    """Return SQL with its own table's name dropped and each reference resolved.

    Raises `Unusable`, as `resolve` may for a field that it does not know.
    """
    require_usable(sql)
    text = _TABLE.sub("", sql.strip())
    text = _REFERENCE.sub(lambda match: resolve(match[1]), text)
    if "${" in text:
        raise Unusable("a reference in it is not understood")
    return text


def references(sql: str) -> list[str]:
    """Return the fields that a text refers to, in order."""
    return [name for name in _REFERENCE.findall(sql) if name != "TABLE"]


def written(name: str, dialect: str) -> str:
    """Return a column's name as SQL of the dialect."""
    return quoted_name(name, dialect)


def in_parentheses(sql: str) -> str:
    """Return SQL so that it keeps its meaning inside a larger expression."""
    return sql if _ONE_TERM.match(sql) else f"({sql})"


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
