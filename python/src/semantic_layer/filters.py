"""Sorting a query's filters: conditions on rows, and conditions on measures."""

from __future__ import annotations

from semantic_layer.aggregates import columns_outside_aggregates, has_aggregate
from semantic_layer.errors import Origin
from semantic_layer.lean_sqlglot import exp
from semantic_layer.logical import Measure, RowFilter
from semantic_layer.measures import MeasureResolver
from semantic_layer.record import Record
from semantic_layer.scope import no_subquery
from semantic_layer.sql import Node, conjuncts, rewrite, wrap
from semantic_layer.verbatim import written


class Filters(Record):
    """The filters of a query, each a whole condition; all of them must hold."""

    rows: list[RowFilter] = []
    having: list[Node] = []
    having_texts: list[str] = []


class FilterResolver:
    """Resolves filters against the model and the query's own measures."""

    def __init__(self, resolver: MeasureResolver, measures: list[Measure]) -> None:
        self._resolver = resolver
        self._scope = resolver.query_scope
        self._named: dict[str, Measure] = {}
        for measure in measures:
            for name in (measure.name, measure.alias):
                self._named.setdefault(name.casefold(), measure)

    def resolve(self, texts: list[str]) -> Filters:
        """Return the filters, their conditions split at each top-level AND."""
        filters = Filters()
        for index, text in enumerate(texts):
            origin = Origin(f"filter `{text}`", path=("filters", index))
            tree = self._resolver.graph.parser.parse(text, origin)
            no_subquery(tree, origin)
            for part in conjuncts(tree):
                self._add(part.copy(), filters, origin)
        return filters

    def _add(self, part: Node, filters: Filters, origin: Origin) -> None:
        text = written(part, self._resolver.graph.parser.dialect)
        outside = columns_outside_aggregates(part)
        on_measures = [col for col in outside if self._is_measure(col, origin)]
        if not on_measures and not has_aggregate(part):
            tree = self._resolver.columns_only(part, self._scope, origin)
            filters.rows.append(RowFilter(text, tree, origin))
            return
        if len(on_measures) < len(outside):
            mixed = next(col for col in outside if col not in on_measures)
            self._scope.resolve(mixed, origin)
            raise origin.error(
                f"`{text}` mixes a condition on the column '{mixed.sql()}' with one on a measure.",
                fix="Filter rows and measures in separate filters, or joined by AND.",
            )
        filters.having.append(self._having(part, origin))
        filters.having_texts.append(text)

    def _having(self, part: Node, origin: Origin) -> Node:
        def step(node: Node) -> Node | None:
            if isinstance(node, exp.Column) and not node.args.get("table"):
                named = self._named.get(node.name.casefold())
                return wrap(named.tree.copy()) if named is not None else None
            return None

        outside = {id(column) for column in columns_outside_aggregates(part)}
        replaced = rewrite(part, lambda node: step(node) if id(node) in outside else None)
        return self._resolver.lower_tree(replaced, self._scope, origin).tree

    def _is_measure(self, column: exp.Column, origin: Origin) -> bool:
        """Whether a name outside aggregates is a measure; a name that is both is refused."""
        if column.args.get("table") is None and column.name.casefold() in self._named:
            is_measure, is_column = True, self._scope.has_bare(column.name)
        else:
            is_column = self._is_column(column, origin)
            if column.args.get("table") is None and is_column:
                return False
            is_measure = self._resolver.find_measure(column, self._scope, origin) is not None
        if is_measure and is_column:
            raise origin.error(
                f"'{column.sql()}' is both a column and a measure.",
                fix="Write the aggregate itself to filter the measure, or qualify the column; "
                "otherwise rename one of them in the model.",
            )
        return is_measure

    def _is_column(self, column: exp.Column, origin: Origin) -> bool:
        if column.args.get("table") is None:
            return self._scope.has_bare(column.name)
        node = self._scope.qualifier(column, origin)
        return self._scope.declared(node, column.name) is not None
