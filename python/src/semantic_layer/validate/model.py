"""Checking a whole model: everything that would make a query fail or answer wrongly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from semantic_layer.catalog import Catalog, RawSource, validated_metrics, validated_source
from semantic_layer.duplicate_check import same_measures
from semantic_layer.errors import SemanticError, close_names
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.metric_definition import METRICS, are_metrics
from semantic_layer.models import Location, SourceDefinition
from semantic_layer.plan.time_spine import check_spine
from semantic_layer.sql_table_extractor import extract_table_refs, ref_matches_source_table
from semantic_layer.times.calendar import Calendar
from semantic_layer.validate.expressions import ExpressionCheck
from semantic_layer.validate.findings import (
    Finding,
    FindingLog,
    ValidationReport,
    duplicate_source,
    report,
    unreadable_source,
)
from semantic_layer.validate.joins import (
    JoinCheck,
    check_ambiguity,
    check_components,
    check_unused,
    misled_by,
)
from semantic_layer.validate.verdicts import ModelVerdicts


def validate_sources(
    sources: Sequence[dict[str, Any]],
    dialect: str,
    recently_touched: Sequence[str] | None,
    *,
    complete: bool = True,
    suspect: Sequence[str] = (),
    calendar: Calendar | None = None,
) -> ValidationReport:
    """Check sources as they were read, well formed or not.

    Unless they are the `complete` model, what needs a source that is not there is not judged;
    the `suspect` ones need one by a join that is declared there.
    """
    findings: list[Finding] = []
    good: dict[str, RawSource] = {}
    for index, raw in enumerate(sources):
        name = raw.get("name")
        shown = name if isinstance(name, str) else f"sources[{index}]"
        try:
            source = validated_metrics(raw) if are_metrics(raw) else validated_source(shown, raw)
        except SemanticError as error:
            findings.append(unreadable_source(shown, error))
            continue
        if source.name in good:
            findings.append(duplicate_source(source.name))
        good.setdefault(source.name, source)
    check = ModelCheck(
        Catalog(dict(good)),
        dialect,
        recently_touched,
        complete=complete,
        suspect=suspect,
        calendar=calendar,
    )
    return report(findings + check.run())


def validate_model(
    catalog: Catalog,
    dialect: str,
    recently_touched: Sequence[str] | None,
    calendar: Calendar | None = None,
) -> ValidationReport:
    """Check a model whose sources are well formed or still to be read."""
    findings: list[Finding] = []
    good: dict[str, RawSource] = {}
    for name in catalog:
        try:
            good[name] = catalog[name]
        except SemanticError as error:
            findings.append(unreadable_source(name, error))
    try:
        if catalog.metrics is not None:
            good[METRICS] = catalog.metrics
    except SemanticError as error:
        findings.append(unreadable_source(METRICS, error))
    check = ModelCheck(Catalog(dict(good)), dialect, recently_touched, calendar=calendar)
    return report(findings + check.run())


class ModelCheck:
    """Runs every check over well-formed sources.

    With `sampling`, what passes by its fingerprint is not checked in full. The findings are the
    same.
    """

    def __init__(
        self,
        catalog: Catalog,
        dialect: str,
        recently_touched: Sequence[str] | None,
        *,
        complete: bool = True,
        suspect: Sequence[str] = (),
        sampling: bool = True,
        calendar: Calendar | None = None,
    ) -> None:
        self._calendar = calendar
        self._catalog = catalog
        self._graph = JoinGraph(catalog, dialect)
        self._touched = list(recently_touched or [])
        self._complete = complete
        self._suspect = set(suspect)
        self._log = FindingLog()
        self._verdicts = ModelVerdicts(self._graph) if sampling else None

    def run(self) -> list[Finding]:
        """Return all findings, errors of the joins before those of the measures."""
        for source in self._catalog.values():
            self._check_names(source)
        sound = self._sound_part()
        if sound:
            whole = len(sound) == len(self._catalog)
            graph = self._graph if whole else JoinGraph(sound, self._graph.parser.dialect)
            check = ExpressionCheck(graph, self._calendar)
            for source in sound.values():
                self._check_expressions(source, check)
            check_ambiguity(graph, self._log)
            # Without all sources nobody knows what a metric is made of.
            if whole and self._complete:
                self._check_metrics(check)
        self._check_time_spine(sound)
        if self._complete:
            check_components(self._graph, self._touched, self._log, self._spine_source)
            if len(sound) == len(self._catalog):
                check_unused(self._graph, self._log, self._spine_source)
        self._check_sql_tables()
        return self._log.found

    @property
    def _spine_source(self) -> str | None:
        spine = self._calendar.time_spine if self._calendar is not None else None
        return spine.source if spine is not None else None

    def _check_time_spine(self, sound: Catalog) -> None:
        spine = self._calendar.time_spine if self._calendar is not None else None
        # The source may be one of those that are not there because they are wrong.
        if spine is not None and self._complete and len(sound) == len(self._catalog):
            self._log.guard("time_spine", lambda: check_spine(self._graph, self._calendar))

    def _sound_part(self) -> Catalog:
        """Check the joins; return the sources that look nothing up through a faulty one."""
        if not self._log.guard("join_alias", lambda: self._graph.aliases):
            return Catalog({})
        check = JoinCheck(
            self._catalog, self._graph, self._log, self._verdicts, complete=self._complete
        )
        misled, lookups = set(self._suspect), []
        for join in self._graph.declarations:
            if check.run(join):
                lookups += join.lookups()
            else:
                misled |= {start for start, _ in join.lookups()}
        return self._catalog.without(misled_by(misled, lookups)) if misled else self._catalog

    def _check_names(self, source: SourceDefinition) -> None:
        columns = {column.name for column in source.columns}
        for index, name in enumerate(source.grain):
            if name not in columns:
                self._log.add(
                    "grain_column_missing",
                    f"Source '{source.name}' has grain column '{name}' that is not in its "
                    "columns list.",
                    source.name,
                    ("grain", index),
                    fix="Declare the column, or correct the grain.",
                    suggestions=close_names(name, columns),
                )
        for kind, items in (
            ("measure", source.measures),
            ("column", source.columns),
            ("segment", source.segments),
        ):
            self._check_duplicates(source.name, kind, [item.name for item in items])
        if self._verdicts is not None and self._verdicts.tells_apart(source.measures):
            return
        for index, message in same_measures(source, self._graph.parser.dialect):
            self._log.add(
                "measure_same",
                message,
                source.name,
                ("measures", index),
                fix="Keep one of them.",
                severity="hint",
            )

    def _check_expressions(self, source: SourceDefinition, check: ExpressionCheck) -> None:
        """Note which expressions of a source cannot be honoured; those that pass are fine."""
        name = source.name
        verdicts = self._verdicts.of(source) if self._verdicts is not None else None
        for index, measure in enumerate(source.measures):
            if verdicts is None or not verdicts.measure(measure):
                self._guard("measure", partial(check.measure, name, measure.name), name, index)
        for index, segment in enumerate(source.segments):
            if verdicts is None or not verdicts.segment(segment):
                run = partial(check.segment, name, segment.name, index)
                self._guard("segment", run, name, index)
        for index, column in enumerate(source.columns):
            checked = column.expr is not None and column.visibility != "hidden"
            if checked and (verdicts is None or not verdicts.column(column.name)):
                self._guard("column", partial(check.column, name, column.name), name, index)
        if source.sql is not None:
            # Found by now, if anything of the source is used in a measure or computed.
            self._log.guard("source_invalid", partial(check.rows, name))
        elif not source.measures:
            self._log.guard("table_invalid", partial(check.rows, name))

    def _check_metrics(self, check: ExpressionCheck) -> None:
        if self._catalog.metrics is None:
            return
        names = [item.name for item in self._catalog.metrics.measures]
        for index, name in enumerate(names):
            if names.index(name) == index:
                self._guard("measure", partial(check.measure, METRICS, name), METRICS, index)
        self._check_duplicates(METRICS, "measure", names)

    def _guard(self, kind: str, run: Callable[[], object], source: str, index: int) -> None:
        # What is planned here is a question of ours: an error about it is about the expression.
        place = Location(source=source, path=[f"{kind}s", index, "expr"])
        self._log.guard(f"{kind}_invalid", run, place=place)

    def _check_duplicates(self, source: str, kind: str, names: list[str]) -> None:
        if len(set(names)) == len(names):
            return
        for name, count in Counter(names).items():
            if count > 1:
                second = names.index(name, names.index(name) + 1)
                self._log.add(
                    f"{kind}_duplicate",
                    f"Duplicate metric '{name}'."
                    if source == METRICS
                    else f"Duplicate {kind} '{name}' on source '{source}'.",
                    source,
                    (f"{kind}s", second, "name"),
                    fix="Rename or remove one of them.",
                )

    def _check_sql_tables(self) -> None:
        for name in self._touched:
            source = self._catalog.get(name)
            if source is None or source.sql is None:
                continue
            unjoined = sorted(self._unjoined_tables(source))
            if unjoined:
                self._log.add(
                    "sql_source_unjoined",
                    f"Source '{name}' SQL joins manifest table(s) {unjoined} without a "
                    "declared join to them.",
                    name,
                    ("sql",),
                    fix="Declare the joins, so that queries can combine the sources.",
                    concerned=unjoined,
                )

    def _unjoined_tables(self, source: SourceDefinition) -> Iterable[str]:
        targets = {join.to for join in source.joins}
        references = extract_table_refs(source.sql or "", self._graph.parser.dialect)
        for other in self._catalog.values():
            if other.table is None or other.name in targets or other.name == source.name:
                continue
            if any(ref_matches_source_table(reference, other.table) for reference in references):
                yield other.name
