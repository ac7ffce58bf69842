"""Sorting a query's filters: conditions on rows, and conditions on measures."""

from __future__ import annotations

from semantic_layer.data.record import Record
from semantic_layer.errors import Origin, shown
from semantic_layer.models import ColumnVisibility
from semantic_layer.plan.logical import Measure, RowFilter
from semantic_layer.plan.measures import MeasureKey, MeasureResolver
from semantic_layer.plan.question_names import OWN
from semantic_layer.plan.scope import two_meanings
from semantic_layer.syntax.aggregates import columns_outside_aggregates, has_aggregate
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.limits import check_limits
from semantic_layer.syntax.many_rows import asked, readable
from semantic_layer.syntax.measure_calls import is_measure_call
from semantic_layer.syntax.tree import Node, arguments, conjuncts, parts_of, rewrite, wrap
from semantic_layer.syntax.verbatim import written


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
        self._measures = measures

    def resolve(self, texts: list[str]) -> Filters:
        """Return the filters, their conditions split at each top-level AND."""
        filters = Filters()
        for index, text in enumerate(texts):
            origin = Origin(f"filter `{shown(text)}`", path=("filters", index))
            names = self._scope.names.folded()
            dialect = self._resolver.graph.parser.dialect
            tree = self._resolver.graph.parser.parse(readable(text, dialect), origin, names)
            check_limits(tree, self._resolver.graph.parser.dialect, origin)
            for part in conjuncts(tree):
                self._add(part.copy(), filters, origin)
        return filters

    def _add(self, part: Node, filters: Filters, origin: Origin) -> None:
        text = written(part, self._resolver.graph.parser.dialect)
        inside = {id(column) for node in parts_of(part) if asked(node) for column in _columns(node)}
        calls = self._measure_calls(part, origin)
        inside |= {id(column) for node in calls for column in _columns(node)}
        outside = [col for col in columns_outside_aggregates(part) if id(col) not in inside]
        on_measures = [col for col in outside if self._is_measure(col, origin)]
        if not on_measures and not calls and not has_aggregate(part):
            tree = self._resolver.columns_only(part, self._scope, origin)
            filters.rows.append(RowFilter(text, tree, origin))
            return
        if len(on_measures) < len(outside):
            mixed = next(col for col in outside if col not in on_measures)
            self._scope.resolve(mixed, origin)
            raise origin.error(
                f"`{text}` mixes a condition on the column '{written(mixed)}' "
                "with one on a measure.",
                fix="Filter rows and measures in separate filters, or joined by AND.",
            )
        filters.having.append(self._having(part, origin))
        filters.having_texts.append(text)

    def _measure_calls(self, part: Node, origin: Origin) -> list[Node]:
        """Return the calls over time and groups, whose arguments are no columns of rows."""
        calls = self._resolver.calls
        return [
            node
            for node in parts_of(part)
            if is_measure_call(node)
            and calls.is_of_measures(next(iter(arguments(node)), None), self._scope, origin)
        ]

    def _having(self, part: Node, origin: Origin) -> Node:
        outside = {id(column) for column in columns_outside_aggregates(part)}

        def step(node: Node) -> Node | None:
            if id(node) not in outside or node.args.get("table") is not None:
                return None
            meaning = next(iter(self._meanings(node.name).values()))
            if isinstance(meaning, Measure):
                return wrap(meaning.tree.copy())
            return wrap(self._resolver.predefined(*meaning).tree)

        return self._resolver.lower_tree(rewrite(part, step), self._scope, origin).tree

    def _is_measure(self, column: exp.Column, origin: Origin) -> bool:
        """Whether a name outside aggregates is a measure; one with two meanings is refused."""
        if column.args.get("table") is None:
            return self._is_bare_measure(column.name, origin)
        found = self._resolver.find_measure(column, self._scope, origin)
        is_of_source = found is not None and found[0] in self._resolver.catalog
        if is_of_source and self._is_visible(column, origin):
            raise origin.error(
                f"'{written(column)}' is both a column and a measure.",
                fix="Write the aggregate itself to filter the measure, or rename one of the two "
                "in the model.",
            )
        return found is not None

    def _is_bare_measure(self, name: str, origin: Origin) -> bool:
        meanings = list(self._meanings(name))
        columns = [f"{source}.{name}" for source in self._scope.columns_named(name)]
        if meanings and columns:
            raise two_meanings(name, columns, meanings, origin)
        if len(meanings) > 1:
            raise origin.error(
                f"the measure '{name}' is ambiguous: {', '.join(meanings)}.",
                fix=f"Write `{meanings[0]}`, or another of them.",
                suggestions=meanings,
            )
        return bool(meanings)

    def _meanings(self, name: str) -> dict[str, Measure | MeasureKey]:
        """Return the measures that a bare name may mean, by how to write each."""
        if name in self._scope.names:
            key = (OWN, self._scope.names.get(name)[0])
            return {key[1]: key}
        found: dict[str, Measure | MeasureKey] = {
            ".".join(key): key for key in self._scope.measures_named(name)
        }
        for measure in self._measures:
            if name.casefold() in (measure.name.casefold(), measure.alias.casefold()):
                found.setdefault(measure.qualified or measure.alias, measure)
        return found

    def _is_visible(self, column: exp.Column, origin: Origin) -> bool:
        node = self._scope.qualifier(column, origin)
        declared = self._scope.declared(node, column.name)
        return declared is not None and declared.visibility is not ColumnVisibility.hidden


def _columns(node: Node) -> list[exp.Column]:
    return [part for part in parts_of(node) if isinstance(part, exp.Column)]
