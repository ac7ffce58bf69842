"""Following the columns of a query through its sub-queries to the tables that they come from."""

from __future__ import annotations

from collections.abc import Iterator

from semantic_layer.syntax.lean_sqlglot import Scope, exp, traverse_scope
from semantic_layer.syntax.tree import Node

_STAR = "*"


def scopes_of(tree: Node) -> list[Scope]:
    """Return the scopes of a query, inner ones first."""
    return list(traverse_scope(tree))


def table_name(table: exp.Table) -> str:
    """Return a table's name as it was written, without quotes, its parts in dots."""
    return ".".join(part.name for part in table.parts)


class Origins:
    """The physical columns, as `table.column`, behind the columns of one statement's scopes."""

    def __init__(self, scopes: list[Scope]) -> None:
        # A recursive sub-query knows its first branch by a scope that has no sources.
        self._scopes = {id(scope.expression): scope for scope in scopes}
        # By scope and output column. What is being followed is in it, empty, so that a
        # recursive sub-query ends.
        self._outputs: dict[tuple[int, str], set[str]] = {}

    def of_part(self, part: Node, scope: Scope, *, outputs: bool) -> set[str]:
        """Return the columns behind a clause; with `outputs` it may name what SELECT names."""
        found: set[str] = set()
        for column in _columns_of(part):
            named = self._named_output(column, scope) if outputs else None
            found |= self._of_column(column, scope) if named is None else named
        return found

    def _named_output(self, column: Node, scope: Scope) -> set[str] | None:
        if column.args.get("table"):
            return None
        query = scope.expression
        if isinstance(query, exp.SetOperation):
            return self._through(scope, column.name)
        for projection in query.expressions:
            if _same(projection.alias_or_name, column.name):
                return self.of_part(projection, scope, outputs=False)
        return None

    def _of_column(self, column: Node, scope: Scope) -> set[str]:
        name = _STAR if isinstance(column, exp.Star) else column.name
        qualifier = column.text("table")
        if isinstance(column, exp.Identifier) or (name == _STAR and not qualifier):
            return self._of_all(scope, name)
        current: Scope | None = scope
        while current is not None:  # A correlated sub-query names columns of the one around it.
            source = self._source(current, qualifier, name)
            if source is not None:
                return self._through(source, name)
            if not qualifier and current.selected_sources:
                break
            current = current.parent
        return {f"{qualifier}.{name}" if qualifier else name}

    def _of_all(self, scope: Scope, name: str) -> set[str]:
        found: set[str] = set()
        for _, source in scope.selected_sources.values():
            found |= self._through(source, name)
        return found

    def _source(self, scope: Scope, qualifier: str, name: str) -> exp.Table | Scope | None:
        sources = {alias: source for alias, (_, source) in scope.selected_sources.items()}
        if qualifier:
            return next((s for alias, s in sources.items() if _same(alias, qualifier)), None)
        possible = [source for source in sources.values() if _may_have(source, name)]
        return possible[0] if len(possible) == 1 else None

    def _through(self, source: exp.Table | Scope, name: str) -> set[str]:
        if not isinstance(source, Scope):
            physical = isinstance(source.this, exp.Identifier)
            return {f"{table_name(source)}.{name}"} if physical else set()
        source = self._scopes.get(id(source.expression), source)
        key = (id(source), name.casefold())
        if key not in self._outputs:
            self._outputs[key] = set()
            self._outputs[key] = self._of_output(source, name)
        return self._outputs[key]

    def _of_output(self, scope: Scope, name: str) -> set[str]:
        query = scope.expression
        if isinstance(query, exp.SetOperation):
            return self._of_branches(scope, name)
        if not isinstance(query, exp.Select):
            return set()
        found: set[str] = set()
        names = _output_names(scope)
        for index, projection in enumerate(query.expressions):
            if name == _STAR or _same(names[index], name):
                found |= self.of_part(projection, scope, outputs=False)
            elif projection.is_star and not any(_same(other, name) for other in names):
                found |= self._of_all(scope, name)
        return found

    def _of_branches(self, scope: Scope, name: str) -> set[str]:
        first, *others = _branches(scope)
        names = _output_names(first)
        places = [index for index, output in enumerate(names) if _same(output, name)]
        found = set(self._through(first, name))
        for branch in others:
            own = _output_names(branch)
            for place in [p for p in places if p < len(own)]:
                found |= self._through(branch, own[place])
            if not places:
                found |= self._through(branch, name)
        return found


def _columns_of(part: Node) -> Iterator[Node]:
    """Yield the columns of a clause; those of a query inside it belong to that query."""
    if isinstance(part, (exp.Star, exp.Identifier)):
        yield part
        return
    for node in part.walk(prune=lambda inner: isinstance(inner, (exp.Query, exp.Column))):
        if isinstance(node, exp.Column):
            yield node


def _may_have(source: exp.Table | Scope, name: str) -> bool:
    if not isinstance(source, Scope):
        return isinstance(source.this, exp.Identifier)
    names = _output_names(source)
    return _STAR in names or any(_same(output, name) for output in names)


def _output_names(scope: Scope) -> list[str]:
    query = scope.expression
    if isinstance(query, exp.SetOperation):
        return _output_names(_branches(scope)[0])
    if not isinstance(query, exp.Select):
        return [_STAR]
    if scope.outer_columns and len(scope.outer_columns) == len(query.expressions):
        return list(scope.outer_columns)
    return [_STAR if part.is_star else part.alias_or_name for part in query.expressions]


def _branches(scope: Scope) -> list[Scope]:
    # sqlglot 28 has another name for them.
    attribute = "set_operation_scopes" if hasattr(scope, "set_operation_scopes") else "union_scopes"
    branches: list[Scope] = getattr(scope, attribute)
    return branches


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
