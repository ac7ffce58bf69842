"""The plan and the output columns as clients see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from semantic_layer.errors import INVALID_REQUEST, SemanticError
from semantic_layer.models import (
    DERIVED_SOURCE,
    MeasureGroup,
    Provenance,
    QueryOrder,
    ResolvedColumn,
    ResolvedDimension,
    ResolvedJoin,
    ResolvedMeasure,
    ResolvedPlan,
)
from semantic_layer.plan.logical import Aggregate, LogicalPlan, Measure
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.many_rows import AnyOf
from semantic_layer.syntax.names import finished
from semantic_layer.syntax.tree import (
    DECLARED,
    METRIC_TIME,
    AggregateRef,
    ColumnRef,
    MetricTime,
    Node,
    RankOf,
    conjunction,
    identifier,
    rewrite,
)
from semantic_layer.syntax.verbatim import written


class PlannedQuery(ResolvedPlan):
    """A report that knows the plan it is about; to clients it is a report and nothing more."""

    def __init__(self, logical: LogicalPlan, **fields: Any) -> None:
        super().__init__(**fields)
        self._logical = logical

    @property
    def logical(self) -> LogicalPlan:
        """The plan that was reported on."""
        return self._logical

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ResolvedPlan) and self.model_dump() == other.model_dump()


def logical_of(plan: ResolvedPlan) -> LogicalPlan:
    """Return the plan behind a report; raises for a report that no planner made."""
    if not isinstance(plan, PlannedQuery):
        raise SemanticError(
            INVALID_REQUEST,
            "This plan was not made by a planner, so there is nothing to write as SQL.",
            fix="Give what QueryPlanner.plan or SemanticEngine.plan_only returned.",
        )
    return plan.logical


class PlanReport:
    """Describes a logical plan."""

    def __init__(self, plan: LogicalPlan) -> None:
        self._plan = plan
        self._texts = {item.alias: model_text(plan, item.tree) for item in plan.measures}

    def build(self) -> PlannedQuery:
        """Return the report, which the generator is given as the plan."""
        plan = self._plan
        joins = self._joins()
        bases = list(dict.fromkeys(fact.base for fact in plan.facts))
        chasm = f"Chasm trap: {len(bases)} independent measure sources ({', '.join(bases)})"
        return PlannedQuery(
            plan,
            sources_used=self._sources(),
            join_paths=[text for text, _ in joins],
            joins=[join for _, join in joins],
            anchor_source=bases[0],
            anchor_grain=[item.field for item in plan.dimensions],
            fan_out_description=chasm if len(bases) > 1 else "No fan-out",
            has_fan_out=len(bases) > 1,
            measure_groups=self._groups(),
            aggregate_locality=self._locality(bases),
            where_filters=[item.text for item in plan.row_filters],
            having_filters=list(plan.having_texts),
            columns=[*self._dimension_columns(), *self._measure_columns()],
            measures=[self._measure(item) for item in plan.measures],
            dimensions=[
                ResolvedDimension(field=item.field, granularity=item.granularity)
                for item in plan.dimensions
            ],
            order_by=[
                QueryOrder(field=item.field, direction="desc" if item.descending else "asc")
                for item in plan.order
                if item.asked
            ],
            limit=plan.limit,
            include_empty=plan.include_empty,
        )

    def _sources(self) -> list[str]:
        return sorted({node for fact in self._plan.facts for node in fact.nodes()})

    def _joins(self) -> list[tuple[str, ResolvedJoin]]:
        found: dict[str, ResolvedJoin] = {}
        for fact in self._plan.facts:
            for route in fact.all_routes():
                for edge in route:
                    found[edge.describe()] = ResolvedJoin(
                        from_source=edge.from_source,
                        to_source=edge.to_source,
                        from_column=edge.from_column,
                        to_column=edge.to_column,
                        relationship=edge.relationship,
                    )
        return list(found.items())

    def _groups(self) -> list[MeasureGroup]:
        groups: dict[str, list[str]] = {fact.base: [] for fact in self._plan.facts}
        for measure in self._plan.measures:
            for base in self._bases(measure):
                groups[base].append(measure.alias)
        if not self._plan.measures:
            return []
        return [MeasureGroup(source_name=base, measures=names) for base, names in groups.items()]

    def _bases(self, measure: Measure) -> list[str]:
        refs = measure.tree.find_all(AggregateRef)
        return list(dict.fromkeys(self._plan.aggregates[ref.position].base for ref in refs))

    def _locality(self, bases: list[str]) -> list[str]:
        if len(bases) < 2:
            return []
        grain = ", ".join(item.field for item in self._plan.dimensions) or "one row"
        return [f"{base} is aggregated on its own at {grain}" for base in bases]

    def _dimension_columns(self) -> list[ResolvedColumn]:
        return [
            ResolvedColumn(
                name=item.alias,
                provenance=Provenance.dimension,
                expr=item.field,
                description=item.description,
                granularity=item.granularity,
            )
            for item in self._plan.dimensions
        ]

    def _measure_columns(self) -> list[ResolvedColumn]:
        return [
            ResolvedColumn(
                name=item.alias,
                provenance=item.provenance,
                expr=self._texts[item.alias],
                description=item.description,
                part=item.is_part,
            )
            for item in self._plan.measures
        ]

    def _measure(self, measure: Measure) -> ResolvedMeasure:
        return ResolvedMeasure(
            name=measure.alias,
            expr=self._texts[measure.alias],
            source_name=DERIVED_SOURCE if measure.is_derived else measure.source,
            original_name=measure.name,
            qualified_ref=measure.qualified,
            filter=measure.filter,
            provenance=measure.provenance,
            is_derived=measure.is_derived,
            depends_on=list(measure.depends_on),
            description=measure.description,
        )


def model_text(plan: LogicalPlan, tree: Node) -> str:
    """Return an expression over aggregates or rows as SQL over the model's columns."""

    def step(part: Node) -> Node | None:
        if isinstance(part, ColumnRef):
            name = identifier(part.column, bool(part.args.get("quoted")), DECLARED)
            return exp.Column(this=name, table=identifier(part.node))
        if isinstance(part, MetricTime):
            return exp.Column(this=identifier(METRIC_TIME))
        if isinstance(part, AnyOf):
            inside = [rewrite(part.condition.copy(), step)] if part.condition is not None else []
            named = exp.Column(this=identifier(part.source))
            return exp.Anonymous(
                this="none" if part.negated else "any", expressions=[named, *inside]
            )
        if isinstance(part, RankOf):
            return exp.Anonymous(
                this="rank", expressions=[rewrite(tree, step) for tree in _parts_of_rank(part)]
            )
        if isinstance(part, AggregateRef):
            return _with_frames(plan.aggregates[part.position], step)
        return None

    return written(finished(rewrite(tree.copy(), step), plan.dialect), plan.dialect, copy=False)


def _parts_of_rank(part: RankOf) -> list[Node]:
    return [part.this, *part.expressions]


def _with_frames(aggregate: Aggregate, step: Callable[[Node], Node | None]) -> Node:
    """Return an aggregate as the calls over time and groups in which it stands."""
    shown = _with_filters(aggregate, step)
    if not aggregate.frames:
        return shown
    from semantic_layer.plan.frames import as_calls

    return rewrite(as_calls(shown, aggregate.frames), step)


def _with_filters(aggregate: Aggregate, step: Callable[[Node], Node | None]) -> Node:
    """Return an aggregate over the model's columns, with the rows that it sees."""
    call = rewrite(aggregate.call.copy(), step)
    if not aggregate.filters:
        return call
    condition = conjunction([rewrite(tree.copy(), step) for tree in aggregate.filters])
    return exp.Filter(this=call, expression=exp.Where(this=condition))


def response_columns(plan: ResolvedPlan) -> list[ResolvedColumn]:
    """Return the output columns under the names of the model: `orders.status`."""
    logical = logical_of(plan)
    named = [item.shown for item in logical.dimensions]
    named += [item.shown for item in logical.measures]
    return [
        ResolvedColumn(
            name=name,
            provenance=item.provenance,
            expr=item.expr,
            description=item.description,
            granularity=item.granularity,
            part=item.part,
        )
        for name, item in zip(named, plan.columns, strict=True)
    ]
