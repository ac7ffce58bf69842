"""Checking measures, segments and computed columns by planning each on its own."""

from __future__ import annotations

from contextlib import suppress

from semantic_layer.errors import Origin, SemanticError
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.graph.routes import Routes
from semantic_layer.models import QueryDimension, SemanticQuery
from semantic_layer.plan.logical import LogicalPlan
from semantic_layer.plan.measures import MeasureResolver
from semantic_layer.planner import QueryPlanner
from semantic_layer.sql.statement import StatementBuilder
from semantic_layer.sql.tables import Tables
from semantic_layer.syntax.tree import METRIC_TIME
from semantic_layer.times.calendar import Calendar


class ExpressionCheck:
    """Plans single expressions of a model; each method raises what is wrong with one."""

    def __init__(self, graph: JoinGraph, calendar: Calendar | None = None) -> None:
        # Where the periods come from is judged once, and not by each measure.
        self._calendar = calendar.without_spine() if calendar is not None else None
        self._planner = QueryPlanner(graph.catalog, graph, graph.parser.dialect)
        self._resolver = MeasureResolver(graph, Routes(graph, []), {})

    def rows(self, source: str) -> None:
        """Read a source's table or SELECT; raises what is wrong with it."""
        Tables(self._planner.graph, [source])

    def measure(self, source: str, name: str) -> LogicalPlan:
        """Plan a measure; raises what is wrong with it.

        One that looks at another time than its group's is asked for by periods.
        """
        asked = f"{source}.{name}"
        try:
            return self._compiled(SemanticQuery(measures=[asked]))
        except SemanticError:
            by_day = QueryDimension(field=METRIC_TIME, granularity="day")
            with suppress(SemanticError):
                return self._compiled(SemanticQuery(measures=[asked], dimensions=[by_day]))
            raise

    def segment(self, source: str, name: str, index: int) -> None:
        """Resolve a segment; raises what is wrong with it."""
        origin = Origin(f"source '{source}'", source, ("segments", index))
        self._resolver.segment(source, name, origin)

    def column(self, source: str, name: str) -> None:
        """Plan a query by a computed column; raises what is wrong with it."""
        self._compiled(SemanticQuery(measures=[], dimensions=[f"{source}.{name}"]))

    def _compiled(self, query: SemanticQuery) -> LogicalPlan:
        plan = self._planner.logical(query, calendar=self._calendar, sees_hidden=True)
        StatementBuilder(plan, {}).build()
        return plan
