"""What the measures of a query are made of."""

from __future__ import annotations

from semantic_layer.errors import Origin
from semantic_layer.explanation import Explanation, listed
from semantic_layer.graph.routes import Routes
from semantic_layer.plan.logical import Aggregate, LogicalPlan, Measure
from semantic_layer.plan.measures import MeasureKey, MeasureResolver
from semantic_layer.plan.report import model_text
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import AggregateRef, Node


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
        if definition.filter:
            below.append(Explanation(f"its own filter: only rows where {definition.filter}"))
        below += [
            Explanation(f"its own segment: only rows of {source}.{segment}")
            for segment in definition.segments
        ]
        parts = [".".join(part) for part in self._resolver.predefined(*key).depends_on]
        below += self._made_of(parts)
        if parts:
            below += self._division(definition.expr)
        return Explanation(f"{source}.{name} = {definition.expr}", below)

    def _made_of(self, parts: list[str]) -> list[Explanation]:
        """Explain the measures below another; one that is an output has its own place."""
        if not parts:
            return []
        text = f"derived: computed from the values of {listed(parts)} in each group"
        hidden = [part.rpartition(".") for part in parts if part not in self._shown]
        return [Explanation(text, [self._predefined((home, name)) for home, _, name in hidden])]

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
