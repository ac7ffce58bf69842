"""Checking a whole model: everything that would make a query fail or answer wrongly."""

# Annotations are read as objects by Model, so this module does not postpone them.
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from semantic_layer.catalog import Catalog
from semantic_layer.duplicate_check import validate_measure_duplicates
from semantic_layer.errors import INVALID_MODEL, Origin, SemanticError
from semantic_layer.findings import (
    Finding,
    Location,
    ValidationReport,
    duplicate_source,
    finding_of,
    report,
    unreadable_source,
)
from semantic_layer.generator import StatementBuilder
from semantic_layer.graph import Declaration, JoinGraph, undefined_target
from semantic_layer.logical import Routes
from semantic_layer.measures import MeasureResolver
from semantic_layer.models import SemanticQuery, SourceDefinition
from semantic_layer.planner import QueryPlanner
from semantic_layer.routes import ambiguous_targets


def validate_sources(
    sources: Sequence[dict[str, Any]], dialect: str, recently_touched: Sequence[str] | None
) -> ValidationReport:
    """Check sources as they were read, well formed or not."""
    findings: list[Finding] = []
    good: dict[str, SourceDefinition] = {}
    for index, raw in enumerate(sources):
        name = raw.get("name")
        shown = name if isinstance(name, str) else f"sources[{index}]"
        try:
            source = Catalog({shown: raw})[shown]
        except SemanticError as error:
            findings.append(unreadable_source(shown, error))
            continue
        if source.name in good:
            findings.append(duplicate_source(source.name))
        good.setdefault(source.name, source)
    return report(findings + ModelCheck(Catalog(dict(good)), dialect, recently_touched).run())


def validate_model(
    catalog: Catalog, dialect: str, recently_touched: Sequence[str] | None
) -> ValidationReport:
    """Check a model whose sources are well formed or still to be read."""
    findings: list[Finding] = []
    good: dict[str, SourceDefinition] = {}
    for name in catalog:
        try:
            good[name] = catalog[name]
        except SemanticError as error:
            findings.append(unreadable_source(name, error))
    return report(findings + ModelCheck(Catalog(dict(good)), dialect, recently_touched).run())


class ModelCheck:
    """Runs every check over well-formed sources."""

    def __init__(
        self, catalog: Catalog, dialect: str, recently_touched: Sequence[str] | None
    ) -> None:
        self._catalog = catalog
        self._graph = JoinGraph(catalog, dialect)
        self._planner = QueryPlanner(catalog, self._graph, dialect)
        self._touched = list(recently_touched or [])
        self._found: list[Finding] = []

    def run(self) -> list[Finding]:
        """Return all findings, errors of the joins before those of the measures."""
        for source in self._catalog.values():
            self._check_names(source)
        self._guard("join_alias", lambda: self._graph.aliases)
        sound = [join for join in self._graph.declarations if self._check_join(join)]
        if len(sound) == len(self._graph.declarations):
            for source in self._catalog.values():
                self._check_expressions(source)
            self._check_ambiguity()
        self._check_components()
        self._check_sql_tables()
        return self._found

    def _add(
        self,
        code: str,
        message: str,
        source: str | None = None,
        path: Sequence[str | int] = (),
        fix: str | None = None,
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        location = Location(source=source, path=list(path)) if source is not None else None
        self._found.append(
            Finding(code=code, severity=severity, message=message, fix=fix, location=location)
        )

    def _guard(self, code: str, check: Callable[[], object]) -> bool:
        try:
            check()
        except SemanticError as error:
            finding = finding_of(code, error)
            if finding.message not in [item.message for item in self._found]:
                self._found.append(finding)
            return False
        return True

    def _check_names(self, source: SourceDefinition) -> None:
        columns = {column.name for column in source.columns}
        for index, name in enumerate(source.grain):
            if name not in columns:
                self._add(
                    "grain_column_missing",
                    f"Source '{source.name}' has grain column '{name}' that is not in its "
                    "columns list.",
                    source.name,
                    ("grain", index),
                    "Declare the column, or correct the grain.",
                )
        for kind, items in (
            ("measure", source.measures),
            ("column", source.columns),
            ("segment", source.segments),
        ):
            for name, count in Counter(item.name for item in items).items():
                if count > 1:
                    self._add(
                        f"{kind}_duplicate",
                        f"Duplicate {kind} '{name}' on source '{source.name}'.",
                        source.name,
                        (f"{kind}s",),
                        "Rename or remove one of them.",
                    )
        for message in validate_measure_duplicates(source, self._graph.parser.dialect):
            self._add("measure_same", message, source.name, ("measures",), "Keep one of them.")

    def _check_join(self, join: Declaration) -> bool:
        if join.target not in self._catalog:
            self._found.append(
                finding_of("join_target_undefined", undefined_target(join, self._catalog))
            )
            return False
        if not self._guard("join_invalid", lambda: self._graph.condition(join)):
            return False
        condition = self._graph.condition(join)
        for side, source in (("left", join.source), ("right", join.target)):
            for name in filter(None, condition.columns(side).split(",")):
                self._check_join_column(join, source, name)
        self._check_grain(join)
        return True

    def _check_join_column(self, join: Declaration, source: str, name: str) -> None:
        if self._catalog[source].columns and self._catalog.column(source, name) is None:
            message, suggestions = self._catalog.unknown_column(source, name)
            error = SemanticError(
                INVALID_MODEL,
                f"{join.origin.label}: {message}",
                fix="Declare the column, or correct the join.",
                suggestions=suggestions,
                source=join.source,
                path=("joins", join.position, "on"),
            )
            self._found.append(finding_of("join_column_missing", error))

    def _check_grain(self, join: Declaration) -> None:
        """Warn when the side said to be unique is not joined on all of its grain."""
        for edge in self._graph.edges_of(join):
            missing = edge.uncovered_grain() if edge.to_one else []
            if missing:
                self._add(
                    "join_grain",
                    f"{join.origin.label} is declared {join.relationship}, but does not cover the "
                    f"grain of '{edge.to_source}': {', '.join(missing)}. If the joined columns "
                    "are not unique there, rows are counted more than once.",
                    join.source,
                    ("joins", join.position),
                    "Join on the whole grain, or correct the relationship.",
                    "warning",
                )

    def _check_expressions(self, source: SourceDefinition) -> None:
        """Plan every measure, segment and computed column on its own."""
        for measure in source.measures:
            query = SemanticQuery(measures=[f"{source.name}.{measure.name}"])
            self._guard("measure_invalid", lambda query=query: self._compile(query))  # type: ignore[misc]
        resolver = MeasureResolver(self._graph, Routes(self._graph, []), {})
        for index, segment in enumerate(source.segments):
            origin = Origin(f"source '{source.name}'", source.name, ("segments", index))
            self._guard(
                "segment_invalid",
                lambda name=segment.name, origin=origin: resolver.segment(  # type: ignore[misc]
                    source.name, name, origin
                ),
            )
        for column in source.columns:
            if column.expr is not None and column.visibility != "hidden":
                query = SemanticQuery(measures=[], dimensions=[f"{source.name}.{column.name}"])
                self._guard("column_invalid", lambda query=query: self._compile(query))  # type: ignore[misc]

    def _compile(self, query: SemanticQuery) -> None:
        StatementBuilder(self._planner.logical(query), {}).build()

    def _check_ambiguity(self) -> None:
        for start in sorted(self._catalog):
            for end, count in sorted(ambiguous_targets(self._graph, start).items()):
                self._add(
                    "route_ambiguous",
                    f"There are {count} equally short routes from '{start}' to '{end}'; "
                    "a query that needs one has to choose.",
                    start,
                    ("joins",),
                    "Give one of the joins an alias, or let queries use `join_path`.",
                    "warning",
                )

    def _check_components(self) -> None:
        components = self._graph.find_components()
        if len(components) > 1:
            lists = "; ".join(", ".join(names) for names in components)
            self._add(
                "model_disconnected",
                f"Model has {len(components)} disconnected components. {lists}",
                fix="Declare joins between them if queries should combine them.",
                severity="warning",
            )
            for names in components:
                if len(names) == 1 and names[0] in self._touched:
                    self._add(
                        "source_alone",
                        f"Source '{names[0]}' is now a singleton component.",
                        names[0],
                        ("joins",),
                        "Declare a join to another source.",
                        "warning",
                    )

    def _check_sql_tables(self) -> None:
        for name in self._touched:
            source = self._catalog.get(name)
            if source is None or source.sql is None:
                continue
            unjoined = list(self._unjoined_tables(source))
            if unjoined:
                self._add(
                    "sql_source_unjoined",
                    f"Source '{name}' SQL joins manifest table(s) {sorted(unjoined)} without a "
                    "declared join to them.",
                    name,
                    ("sql",),
                    "Declare the joins, so that queries can combine the sources.",
                )

    def _unjoined_tables(self, source: SourceDefinition) -> Iterable[str]:
        from semantic_layer.sql_table_extractor import extract_table_refs, ref_matches_source_table

        targets = {join.to for join in source.joins}
        references = extract_table_refs(source.sql or "", self._graph.parser.dialect)
        for other in self._catalog.values():
            if other.table is None or other.name in targets or other.name == source.name:
                continue
            if any(ref_matches_source_table(reference, other.table) for reference in references):
                yield other.name
