"""Which tables a statement reads, and in which clauses their columns stand."""

from __future__ import annotations

from collections.abc import Iterator

from ktx_daemon.sql_analysis.origins import Origins, scopes_of, table_name
from ktx_daemon.sql_analysis.reading import Refused
from semantic_layer.data.record import Record
from semantic_layer.syntax.lean_sqlglot import Scope, SqlglotError, exp
from semantic_layer.syntax.tree import Node

CLAUSES = ("select", "where", "join", "group_by", "having", "order_by")
_ARGUMENTS = {"where": "where", "group": "group_by", "having": "having", "qualify": "having"}


class Usage(Record):
    """The tables of a statement and the columns of each clause, as `table.column`, sorted."""

    tables: list[str]
    columns: dict[str, list[str]]

    def as_json(self) -> dict[str, object]:
        """Return one result of the operation."""
        return {"tables_touched": self.tables, "columns_by_clause": self.columns, "error": None}


def usage_of(tree: Node) -> Usage:
    """Return what a query reads, the clauses of its sub-queries among its own.

    A column of a sub-query counts as the columns that it is made from. One that could be of
    several tables stands without a table. Raises `Refused` for what is no query.
    """
    if not isinstance(tree, exp.Query):
        raise Refused("not_a_query", f"The statement is no SELECT but {tree.key.upper()}.")
    found: dict[str, set[str]] = {clause: set() for clause in CLAUSES}
    try:
        scopes = scopes_of(tree)
        origins = Origins(scopes)
        for scope in scopes:
            for clause, part in _parts(scope.expression):
                found[clause] |= origins.of_part(part, scope, outputs=clause not in _INPUTS)
    except (SqlglotError, RecursionError) as error:
        raise _unfollowed() from error
    columns = {clause: sorted(names) for clause, names in found.items()}
    return Usage(physical_tables(tree), columns)


def physical_tables(tree: Node) -> list[str]:
    """Return the names of the tables that a query reads, in dots, sorted."""
    try:
        return sorted({table_name(t) for scope in scopes_of(tree) for t in _tables(scope)})
    except (SqlglotError, RecursionError) as error:
        raise _unfollowed() from error


# Clauses that cannot name what the SELECT calls its columns.
_INPUTS = frozenset(("select", "where", "join"))


def _tables(scope: Scope) -> Iterator[exp.Table]:
    for table in scope.tables:
        is_function = not isinstance(table.this, exp.Identifier)
        if not is_function and (table.db or table.name not in scope.cte_sources):
            yield table


def _parts(query: Node) -> Iterator[tuple[str, Node]]:
    """Yield the clauses of one SELECT, or what a set operation is ordered by."""
    if query.args.get("order"):
        yield "order_by", query.args["order"]
    if not isinstance(query, exp.Select):
        return
    for part in query.expressions:
        yield "select", part
    for argument, clause in _ARGUMENTS.items():
        if query.args.get(argument):
            yield clause, query.args[argument]
    for join in query.find_all(exp.Join):
        if join.parent_select is not query:
            continue
        for part in (join.args.get("on"), *(join.args.get("using") or [])):
            if part is not None:
                yield "join", part


def _unfollowed() -> Refused:
    return Refused("too_deep", "The sub-queries of the statement could not be followed.")
