"""A statement about a plan with the statements it rests on, and those about its parts.

Where filters went, why joins repeat and lose no row, and what measures are made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from semantic_layer.data.record import Record
from semantic_layer.errors import Origin
from semantic_layer.graph.condition import Window
from semantic_layer.graph.edges import JoinEdge
from semantic_layer.graph.routes import RouteFinder, Routes
from semantic_layer.measure_definition import ConversionDefinition
from semantic_layer.metric_definition import METRICS, MetricDefinition
from semantic_layer.plan.logical import Aggregate, Fact, LogicalPlan, Measure, RowFilter
from semantic_layer.plan.measures import MeasureKey, MeasureResolver
from semantic_layer.plan.nullability import required_nodes
from semantic_layer.plan.outputs import splits
from semantic_layer.plan.report import model_text
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import AggregateRef, Node, at_time, nodes_of


class Explanation(Record):
    """One line of text for people, and what belongs below it."""

    text: str
    children: list[Explanation] = []

    @property
    def line(self) -> str:
        """The text without the line breaks that an expression of the model may have."""
        return re.sub(r"\s*\n\s*", " ", self.text.strip())

    def as_json(self) -> dict[str, Any]:
        """Return `{"text": …, "children": […]}`; both are always there."""
        return {"text": self.line, "children": [child.as_json() for child in self.children]}

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Yield the statements from the top, each indented by two spaces below its own."""
        yield "  " * depth + self.line
        for child in self.children:
            yield from child.lines(depth + 1)


def listed(names: Sequence[str]) -> str:
    """Return `a`, `a and b` or `a, b and c`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


class FilterExplanation:
    """Explains the conditions of one plan."""

    def __init__(self, plan: LogicalPlan) -> None:
        self._plan = plan

    def rows(self) -> list[Explanation]:
        """Explain the conditions on rows, each with the facts that it reaches and misses."""
        return [
            Explanation(
                f"Row filter {item.text}",
                [
                    *self._reached(item),
                    *self._grouping(item),
                    *self._shown(item),
                    *self._missed(item),
                    *self._spines(item),
                ],
            )
            for item in self._plan.row_filters
        ]

    def measures(self) -> list[Explanation]:
        """Explain the conditions on the values of groups."""
        merged = len(self._plan.facts) + len(self._plan.spines) > 1
        when = "after aggregation" + (" and the merge" if merged else "")
        reason = f"applied {when}: keeps the groups for which it holds, and changes none"
        return [
            Explanation(f"Measure filter {text}", [Explanation(reason)])
            for text in self._plan.having_texts
        ]

    def segments(self) -> list[Explanation]:
        """Explain the segments that the query names."""
        return [self._segment(source, name) for source, name in self._plan.segments]

    def _segment(self, source: str, name: str) -> Explanation:
        segments = self._plan.graph.catalog[source].segments
        condition = next(item.expr for item in segments if item.name == name)
        reason = f"every measure of {source} sees only these rows; no group is removed"
        return Explanation(f"Segment {source}.{name}: {condition}", [Explanation(reason)])

    def _bases(self, row_filter: RowFilter, effect: str) -> list[str]:
        facts = self._plan.facts
        return list(dict.fromkeys(f.base for f in facts if _effect(row_filter, f) == effect))

    def _reached(self, row_filter: RowFilter) -> list[Explanation]:
        bases = listed(self._bases(row_filter, _ROWS))
        text = f"applied to the rows of {bases} before aggregation: keeps those for which it holds"
        return [Explanation(text)] if bases else []

    def _grouping(self, row_filter: RowFilter) -> list[Explanation]:
        bases = listed(self._bases(row_filter, _GROUPS))
        text = f"says which rows of the many side make the groups of {bases}: rows with none do not"
        return [Explanation(f"{text} count")] if bases else []

    def _shown(self, row_filter: RowFilter) -> list[Explanation]:
        bases = listed(self._bases(row_filter, _PERIODS))
        text = f"over time, for {bases}: says which periods are shown, and takes no row away"
        return [Explanation(text)] if bases else []

    def _missed(self, row_filter: RowFilter) -> list[Explanation]:
        return [
            Explanation(
                f"warning: does not reach {base}, which cannot look up "
                f"{listed(self._unreachable(base, row_filter))}: its rows stay unrestricted "
                "[filter_partial]"
            )
            for base in self._bases(row_filter, _NONE)
        ]

    def _unreachable(self, base: str, row_filter: RowFilter) -> list[str]:
        nodes = nodes_of([row_filter.tree])
        finder = RouteFinder(self._plan.graph, base)
        # A `join_path` that leads elsewhere can be the reason as well; then no node stands out.
        return [node for node in nodes if not finder.reaches(node)] or nodes

    def _spines(self, row_filter: RowFilter) -> list[Explanation]:
        roots = [
            spine.root
            for spine in self._plan.spines
            if any(tree is row_filter.tree for tree in spine.filters)
        ]
        text = f"applied to the values of {listed(roots)} that are shown without rows"
        return [Explanation(text)] if roots else []


_ROWS, _GROUPS, _PERIODS, _NONE = "rows", "groups", "periods", "none"


def _effect(row_filter: RowFilter, fact: Fact) -> str:
    """Return what a filter does to a fact."""
    tree = at_time(row_filter.tree, fact.time)
    if any(applied is tree or applied == tree for applied in fact.filters):
        return _ROWS
    if any(applied == tree for groups in fact.once for applied in groups.filters):
        return _GROUPS
    if fact.frames and fact.time is not None:
        from semantic_layer.plan.periods import is_about

        if is_about(tree, fact.time):
            return _PERIODS
    return _NONE


def explain_joins(plan: LogicalPlan, fact: Fact) -> list[Explanation]:
    """Return the joins that start at the fact, each with those that go on from its end."""
    edges: dict[str, JoinEdge] = {}
    for route in fact.routes.values():
        for edge in route:
            edges.setdefault(edge.to_source, edge)
    top: list[Explanation] = []
    required = required_nodes(fact.filters, edges)
    steps = {
        node: Explanation(_join(plan, edge), _reasons(edge, node in required))
        for node, edge in edges.items()
    }
    for node, edge in edges.items():
        above = top if edge.from_source == fact.base else steps[edge.from_source].children
        above.append(steps[node])
    return top


def _reasons(edge: JoinEdge, required: bool) -> list[Explanation]:
    reasons = [Explanation(safety(edge))]
    if required:
        reasons.append(Explanation("inner join: no row without a match passes the row filters"))
    return reasons


def _join(plan: LogicalPlan, edge: JoinEdge) -> str:
    source = plan.graph.source_of(edge.to_source)
    name = edge.to_source if source == edge.to_source else f"{source} as {edge.to_source}"
    text = f"join {name} on {model_text(plan, edge.written_on())}"
    window = edge.window
    if window is None:
        return text
    return f"{text}, the row that held at {window.elsewhere or edge.from_source}.{window.at.column}"


def safety(edge: JoinEdge) -> str:
    """Return why a join gives a row at most one match, or why that is not certain."""
    source = edge.graph.source_of(edge.to_source)
    grain = edge.graph.catalog[source].grain
    kind = edge.relationship + _declared_elsewhere(edge)
    columns = listed([f"{edge.to_source}.{name}" for name in grain])
    if edge.window is not None:
        return _window_safety(edge, edge.window, columns)
    if not edge.uncovered_grain():
        verb = "is" if len(grain) == 1 else "together are"
        return (
            f"{kind}: {columns} {verb} the grain of {source}, "
            f"so no row of {edge.from_source} is repeated"
        )
    return (
        f"warning: {kind} is declared, but the equalities of the join do not cover the grain of "
        f"{source} ({', '.join(edge.uncovered_grain())}): if several rows of {source} match, rows "
        f"of {edge.from_source} are counted more than once [join_grain]"
    )


def _window_safety(edge: JoinEdge, window: Window, grain: str) -> str:
    """Return which row a window finds, and why it is one at most."""
    source = edge.graph.source_of(edge.to_source)
    start, end = (f"{edge.to_source}.{item.column}" for item in (window.start, window.end))
    return (
        f"{edge.relationship}: it holds from {start} (NULL: since ever) until before {end} (NULL: "
        f"still); {grain} tell the rows of {source} apart, of which no two with one key hold at "
        f"once as declared, so no row of {edge.from_source} is repeated"
    )


def _declared_elsewhere(edge: JoinEdge) -> str:
    declared = edge.declaration
    if not edge.inverse:
        return ""
    return f" ({declared.source} declares it as {declared.relationship})"


class MeasureExplanation:
    """Explains the output measures of one plan and the aggregates below them."""

    def __init__(self, plan: LogicalPlan) -> None:
        self._plan = plan
        self._resolver = MeasureResolver(plan.graph, Routes(plan.graph, []), {})
        self._shown = {item.qualified or item.name for item in plan.measures}

    def measure(self, measure: Measure) -> Explanation:
        """Explain one output column: its expression, its own filter and its parts."""
        if measure.qualified is not None:
            return self._predefined((measure.source, measure.name))
        return Explanation(
            f"{measure.shown} = {measure.text} (written in the query)",
            self._made_of(measure.depends_on) + self._division(measure.text),
        )

    def _predefined(self, key: MeasureKey) -> Explanation:
        source, name = key
        definition = self._plan.graph.catalog.measure(source, name)
        assert definition is not None
        below = []
        if isinstance(definition, MetricDefinition):
            below += _inputs(definition)
        if definition.filter:
            below.append(Explanation(f"its own filter: only rows where {definition.filter}"))
        below += [
            Explanation(f"its own segment: only rows of {source}.{segment}")
            for segment in definition.segments
        ]
        if definition.conversion is not None:
            below.append(_conversion(definition.conversion))
        parts = [".".join(part) for part in self._resolver.predefined(*key).depends_on]
        below += self._made_of(parts)
        if parts:
            below += self._division(definition.text)
        shown = name if source == METRICS else f"{source}.{name}"
        return Explanation(f"{shown} = {definition.text}", below)

    def _made_of(self, parts: Sequence[str]) -> list[Explanation]:
        """Explain the measures below another; one that is an output has its own place."""
        if not parts:
            return []
        text = f"derived: computed from the values of {listed(parts)} in each group"
        hidden = [self._measure_key(part) for part in parts if part not in self._shown]
        return [Explanation(text, [self._predefined(key) for key in hidden])]

    def _measure_key(self, text: str) -> MeasureKey:
        catalog = self._plan.graph.catalog
        return next(
            (source, name)
            for source, name in splits(text)
            if catalog.owns(source) and catalog.measure(source, name) is not None
        )

    def _division(self, text: str) -> list[Explanation]:
        tree = self._plan.graph.parser.parse(text, Origin(f"measure `{text}`"))
        if tree.find(exp.Div, exp.IntDiv, exp.Mod) is None:
            return []
        return [Explanation("division is real, and NULL where the divisor is zero")]

    def aggregate(self, index: int) -> Explanation:
        """Explain one aggregate: which rows it sees, and what it is for."""
        aggregate = self._plan.aggregates[index]
        below = [
            Explanation(f"sees only rows where {model_text(self._plan, tree)}")
            for tree in aggregate.filters
        ]
        return Explanation(f"{self._call(aggregate)} for {listed(self._users(index))}", below)

    def _call(self, aggregate: Aggregate) -> str:
        if aggregate.argument is None or aggregate.fraction is None:
            return model_text(self._plan, aggregate.call)
        value = model_text(self._plan, aggregate.argument)
        return f"percentile {model_text(self._plan, aggregate.fraction)} of {value}"

    def _users(self, index: int) -> list[str]:
        plan = self._plan

        def uses(tree: Node) -> bool:
            return any(ref.position == index for ref in tree.find_all(AggregateRef))

        users = [item.shown for item in plan.measures if uses(item.tree)]
        texts = zip(plan.having, plan.having_texts, strict=True)
        return users + [f"the filter {text}" for tree, text in texts if uses(tree)]


def _inputs(metric: MetricDefinition) -> list[Explanation]:
    """Explain the names that only the metric's own text knows."""
    inputs = [(name, metric.input(name)) for name in metric.inputs]
    return [
        Explanation(
            f"`{name}` in it is {item.text}"
            + (f", only rows where {item.filter}" if item.filter else "")
        )
        for name, item in inputs
    ]


def _conversion(stated: ConversionDefinition) -> Explanation:
    """Explain what a measure that is a conversion computes of its two measures."""
    given = f"{stated.conversion}, of the rows that are given to rows of {stated.base}"
    if stated.calculate == "rate":
        return Explanation(f"a rate: {given}, divided by {stated.base}; NULL where that is 0")
    return Explanation(f"a number of conversions: {given}")
