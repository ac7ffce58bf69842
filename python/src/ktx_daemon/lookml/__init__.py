"""The operation `lookml-parse`: the views and explores of a LookML project as sources and joins."""

from __future__ import annotations

from typing import Any

from ktx_daemon.lookml.columns import Columns
from ktx_daemon.lookml.joins import Joins
from ktx_daemon.lookml.measures import Measures
from ktx_daemon.lookml.models import LookMLFileInput as LookMLFileInput
from ktx_daemon.lookml.models import LookMLView, ParsedLookML
from ktx_daemon.lookml.models import ParseLookMLRequest as ParseLookMLRequest
from ktx_daemon.lookml.project import LookML, Project
from ktx_daemon.lookml.sql_text import DerivedTable, Unusable, derived_table, require_usable
from ktx_daemon.requests import checked
from semantic_layer.parser import check_dialect


def lookml_parse(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation `lookml-parse`."""
    return parse_lookml_project(checked(ParseLookMLRequest, request)).model_dump()


def parse_lookml_project(request: ParseLookMLRequest) -> ParsedLookML:
    """Read a project; what it cannot be read as is in the skipped lists and the warnings."""
    return _Reader(request).read()


class _Reader:
    """Reads one project."""

    def __init__(self, request: ParseLookMLRequest) -> None:
        self._dialect = check_dialect(request.dialect)
        self._project = Project(request.files, request.constant_overrides)
        self._merged = {name: self._project.merged(name) for name in self._project.views}
        self._columns: dict[str, Columns] = {}
        self._same_as: dict[str, str] = {}
        self._skipped: list[str] = []
        self._warnings: list[str] = []
        self._open: list[str] = []

    def read(self) -> ParsedLookML:
        """Return the views, and the joins between those that are there."""
        views = []
        for name in self._project.views:
            try:
                views.append(self._view(name))
            except Unusable as reason:
                self._skipped.append(name)
                if str(reason):
                    self._warnings.append(f"View '{name}' is skipped: {reason}.")
        joins = Joins(self._columns, self._resolved_aliases(), self._dialect)
        for explore in self._project.explores:
            joins.add_explore(explore)
        return ParsedLookML(
            views=views,
            joins=joins.joins,
            skipped_views=self._skipped,
            warnings=[*self._project.warnings, *self._warnings, *joins.warnings],
        )

    def _view(self, name: str) -> LookMLView:
        view = self._merged[name]
        if view.get("extension") == "required":
            raise Unusable
        parent = self._alias_of(name)
        if parent is not None:
            self._same_as[name] = parent
            raise Unusable
        table, derived = self._rows(name)
        columns = Columns(view, self._dialect)
        measures = Measures(view, columns)
        self._columns[name] = columns
        self._warnings += measures.warnings
        declared = {column.name.lower() for column in columns.columns}
        outputs = derived.columns if derived else []
        return LookMLView(
            name=name,
            source_type="sql" if derived else "table",
            table_ref=table,
            sql=derived.sql if derived else None,
            grain=columns.grain,
            columns=[*columns.columns, *(c for c in outputs if c.name not in declared)],
            measures=measures.measures,
            description=view.get("description") or view.get("label"),
            skipped_dimensions=columns.skipped,
            skipped_measures=measures.skipped,
        )

    def _rows(self, name: str) -> tuple[str | None, DerivedTable | None]:
        """Return the table of a view or its SELECT; raises `Unusable` when it has neither."""
        view = self._merged[name]
        derived = view.get("derived_table") or {}
        if "explore_source" in derived:
            raise Unusable("it is made from an explore")
        if derived.get("sql"):
            return None, derived_table(derived["sql"], self._dialect, self._table_of)
        table = str(view.get("sql_table_name") or "").strip()
        if not table:
            raise Unusable("it has neither a table nor SQL")
        require_usable(table)
        return table, None

    def _table_of(self, reference: str) -> str:
        """Return what `${view.SQL_TABLE_NAME}` stands for in the SQL of a derived table."""
        name, _, what = reference.partition(".")
        if what != "SQL_TABLE_NAME" or name not in self._merged:
            raise Unusable(f"its sql refers to '{reference}'")
        if name in self._open:
            raise Unusable(f"its sql refers to '{name}', which is made from it")
        self._open.append(name)
        try:
            table, derived = self._rows(name)
        finally:
            self._open.pop()
        return f"({derived.sql})" if derived else str(table)

    def _alias_of(self, name: str) -> str | None:
        """Return the view that this one is nothing but another name of."""
        own, parents = self._project.views[name], self._project.parents(name)
        changed = any(own.get(kind) for kind in ("dimensions", "dimension_groups", "measures"))
        if len(parents) != 1 or changed:
            return None
        parent = self._merged[parents[0]]
        if parent.get("extension") == "required":
            return None
        return parents[0] if _same_rows(self._merged[name], parent) else None

    def _resolved_aliases(self) -> dict[str, str]:
        resolved = {}
        for name in self._same_as:
            real, seen = name, set()
            while real in self._same_as and real not in seen:
                seen.add(real)
                real = self._same_as[real]
            resolved[name] = real
        return resolved


def _same_rows(one: LookML, other: LookML) -> bool:
    return all(one.get(key) == other.get(key) for key in ("sql_table_name", "derived_table"))
