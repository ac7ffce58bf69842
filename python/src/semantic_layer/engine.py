"""The semantic layer as a whole: a model, and questions to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from semantic_layer.catalog import Catalog, RawSource
from semantic_layer.generator import SqlGenerator, Statement
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.models import QueryResult, ResolvedPlan, SemanticQuery, TimeCheck
from semantic_layer.parser import check_dialect
from semantic_layer.plan.report import logical_of, response_columns
from semantic_layer.planner import QueryPlanner
from semantic_layer.syntax.depth import with_room
from semantic_layer.times.calendar import Calendar

if TYPE_CHECKING:
    from pathlib import Path

    from semantic_layer.explain.parts import Explanation
    from semantic_layer.loader import SourceLoader
    from semantic_layer.plan.logical import LogicalPlan
    from semantic_layer.validate.findings import ValidationReport


class SemanticEngine:
    """Answers semantic queries over a model with SQL of one dialect."""

    def __init__(self, sources_dir: str | Path, dialect: str = "postgres") -> None:
        from semantic_layer.loader import SourceLoader

        loader = SourceLoader(sources_dir)
        sources: dict[str, RawSource] = {**loader.load_all()}
        metrics = loader.load_metrics()
        if metrics is not None:
            sources[metrics.name] = metrics
        self._start(Catalog(sources), dialect, loader)

    @classmethod
    def from_sources(cls, sources: Mapping[str, RawSource], dialect: str = "postgres") -> Self:
        """Build an engine from sources by name: definitions, or mappings as in the YAML.

        The model's metrics are among them, under `metrics`.
        """
        engine = cls.__new__(cls)
        catalog = sources if isinstance(sources, Catalog) else Catalog(sources)
        engine._start(catalog, dialect, None)
        return engine

    def _start(self, catalog: Catalog, dialect: str, loader: SourceLoader | None) -> None:
        self.dialect = check_dialect(dialect)
        self.loader = loader
        self.sources = catalog
        self.graph = JoinGraph(catalog, self.dialect)

    @cached_property
    def planner(self) -> QueryPlanner:
        """The planner; a join to an undefined source is an error here."""
        return QueryPlanner(self.sources, self.graph.build(), self.dialect)

    @cached_property
    def generator(self) -> SqlGenerator:
        """The SQL generator."""
        return SqlGenerator(self.dialect)

    def query(
        self,
        query: SemanticQuery | dict[str, Any],
        timezone: str | None = None,
        calendar: Calendar | None = None,
    ) -> QueryResult:
        """Return the SQL that answers a question, or raise `SemanticError`.

        `timezone` is the zone when neither the question nor its sources state one, `calendar` says
        when weeks and fiscal years begin.
        """
        return with_room(lambda: self._query(query, timezone, calendar))

    def _query(
        self,
        query: SemanticQuery | dict[str, Any],
        timezone: str | None,
        calendar: Calendar | None,
    ) -> QueryResult:
        plan = self.plan_only(query, timezone, calendar)
        logical = logical_of(plan)
        statement = self.generator.write(logical)
        return QueryResult(
            sql=statement.sql,
            dialect=self.dialect,
            columns=response_columns(plan),
            plan=plan,
            warnings=list(logical.warnings),
            timezone=logical.timezone,
            checks=_checks(logical, statement),
        )

    def plan_only(
        self,
        query: SemanticQuery | dict[str, Any],
        timezone: str | None = None,
        calendar: Calendar | None = None,
    ) -> ResolvedPlan:
        """Return how a question would be answered, without its SQL."""
        return with_room(
            lambda: self.planner.plan(SemanticQuery.model_validate(query), timezone, calendar)
        )

    def explain(
        self, query: SemanticQuery | dict[str, Any], calendar: Calendar | None = None
    ) -> Explanation:
        """Return how a question would be answered and why that is right, for people."""
        return self.explain_plan(self.plan_only(query, calendar=calendar))

    def explain_plan(self, plan: ResolvedPlan) -> Explanation:
        """Return the explanation of a plan of this engine."""
        from semantic_layer.explain.plan import PlanExplanation

        return with_room(PlanExplanation(logical_of(plan)).build)

    def validate(
        self, recently_touched: Sequence[str] | None = None, calendar: Calendar | None = None
    ) -> ValidationReport:
        """Check the whole model."""
        from semantic_layer.validate.model import validate_model

        return with_room(
            lambda: validate_model(self.sources, self.dialect, recently_touched, calendar)
        )

    def suggest(
        self, query: SemanticQuery | dict[str, Any], calendar: Calendar | None = None
    ) -> dict[str, Any]:
        """Return the plan of a question, or what the model lacks to answer it."""
        from semantic_layer.errors import SemanticError

        try:
            return {"plan": self.plan_only(query, calendar=calendar).model_dump()}
        except SemanticError as error:
            return {
                "error": error.message,
                "fix": error.fix,
                "suggestions": error.suggestions,
            }


def _checks(plan: LogicalPlan, statement: Statement) -> list[TimeCheck]:
    """Return the checks of a plan's times; most questions need none."""
    if not statement.time_uses:
        return []
    from semantic_layer.sql.time_checks import time_checks

    return time_checks(plan, statement.time_uses)
