"""Checking measures, segments and computed columns by planning each on its own."""

from __future__ import annotations

from semantic_layer.errors import Origin
from semantic_layer.finding_log import FindingLog
from semantic_layer.generator import StatementBuilder
from semantic_layer.graph import JoinGraph
from semantic_layer.logical import LogicalPlan, Routes
from semantic_layer.measures import MeasureResolver
from semantic_layer.models import SemanticQuery, SourceDefinition
from semantic_layer.planner import QueryPlanner
from semantic_layer.proofs import ModelProofs
from semantic_layer.tables import Tables


class ExpressionCheck:
    """Plans every expression of a model, but those that are proven to be fine."""

    def __init__(self, graph: JoinGraph) -> None:
        self._planner = QueryPlanner(graph.catalog, graph, graph.parser.dialect)
        self._resolver = MeasureResolver(graph, Routes(graph, []), {})

    def run(self, source: SourceDefinition, log: FindingLog, proofs: ModelProofs | None) -> None:
        """Note which expressions of a source cannot be honoured."""
        proven = proofs.of(source) if proofs is not None else None
        for measure in source.measures:
            if proven is None or not proven.measure(measure):
                name = measure.name
                log.guard("measure_invalid", lambda name=name: self.measure(source.name, name))  # type: ignore[misc]
        for index, segment in enumerate(source.segments):
            if proven is None or not proven.segment(segment):
                name = segment.name
                log.guard(
                    "segment_invalid",
                    lambda name=name, index=index: self.segment(source.name, name, index),  # type: ignore[misc]
                )
        for column in source.columns:
            checked = column.expr is not None and column.visibility != "hidden"
            if checked and (proven is None or not proven.column(column.name)):
                name = column.name
                log.guard("column_invalid", lambda name=name: self.column(source.name, name))  # type: ignore[misc]
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
