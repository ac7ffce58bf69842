"""Checking measures, segments and computed columns by planning each on its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from semantic_layer.errors import Origin
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.routes import Routes
from semantic_layer.models import SemanticQuery, SourceDefinition
from semantic_layer.plan.logical import LogicalPlan
from semantic_layer.plan.measures import MeasureResolver
from semantic_layer.planner import QueryPlanner
from semantic_layer.sql.statement import StatementBuilder
from semantic_layer.sql.tables import Tables
from semantic_layer.validate.findings import FindingLog, Location
from semantic_layer.validate.verdicts import ModelProofs


class ExpressionCheck:
    """Plans every expression of a model, but those that are proven to be fine."""

    def __init__(self, graph: JoinGraph) -> None:
        self._planner = QueryPlanner(graph.catalog, graph, graph.parser.dialect)
        self._resolver = MeasureResolver(graph, Routes(graph, []), {})

    def run(self, source: SourceDefinition, log: FindingLog, proofs: ModelProofs | None) -> None:
        """Note which expressions of a source cannot be honoured."""
        proven = proofs.of(source) if proofs is not None else None
        check: Callable[[], object]
        for index, measure in enumerate(source.measures):
            if proven is None or not proven.measure(measure):
                check = partial(self.measure, source.name, measure.name)
                _guard(log, "measure", check, source.name, index)
        for index, segment in enumerate(source.segments):
            if proven is None or not proven.segment(segment):
                check = partial(self.segment, source.name, segment.name, index)
                _guard(log, "segment", check, source.name, index)
        for index, column in enumerate(source.columns):
            checked = column.expr is not None and column.visibility != "hidden"
            if checked and (proven is None or not proven.column(column.name)):
                check = partial(self.column, source.name, column.name)
                _guard(log, "column", check, source.name, index)
        if source.sql is not None:
            # Found by now, if anything of the source is used in a measure or computed.
            log.guard("source_invalid", lambda: Tables(self._planner.graph, [source.name]))

    def measure(self, source: str, name: str) -> LogicalPlan:
        """Plan a measure; raises what is wrong with it."""
        return self._compiled(SemanticQuery(measures=[f"{source}.{name}"]))

    def segment(self, source: str, name: str, index: int) -> None:
        """Resolve a segment; raises what is wrong with it."""
        origin = Origin(f"source '{source}'", source, ("segments", index))
        self._resolver.segment(source, name, origin)

    def column(self, source: str, name: str) -> None:
        """Plan a query by a computed column; raises what is wrong with it."""
        self._compiled(SemanticQuery(measures=[], dimensions=[f"{source}.{name}"]))

    def _compiled(self, query: SemanticQuery) -> LogicalPlan:
        plan = self._planner.logical(query)
        StatementBuilder(plan, {}).build()
        return plan


def _guard(
    log: FindingLog, kind: str, check: Callable[[], object], source: str, index: int
) -> None:
    # What is planned here is a question of ours: an error about it is about the expression.
    place = Location(source=source, path=[f"{kind}s", index, "expr"])
    log.guard(f"{kind}_invalid", check, place=place)
