"""LookML's measures as aggregates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ktx_daemon.lookml.columns import Columns
from ktx_daemon.lookml.models import LookMLMeasure, SkippedItem
from ktx_daemon.lookml.project import LookML
from ktx_daemon.lookml.sql_text import Unusable, in_parentheses, replaced

_AGGREGATES = {
    "count_distinct": "count_distinct",
    "sum": "sum",
    "sum_distinct": "sum",
    "average": "avg",
    "average_distinct": "avg",
    "min": "min",
    "max": "max",
    "median": "median",
}
_OWN_AGGREGATE = re.compile(r"\b(?:min|max|avg|sum|count|any_value|first|last)\s*\(", re.IGNORECASE)
# LookML's filters have a grammar, which a plain comparison takes literally.
_FILTER_GRAMMAR = re.compile(
    r"[%,<>\[\]]|^-|^(?:NOT|NULL|EMPTY)\b|\b(?:ago|last|before|after|days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)


class Measures:
    """The measures of a view over its columns."""

    def __init__(self, view: LookML, columns: Columns) -> None:
        self._view = view["name"]
        self._columns = columns
        self._fields = {field["name"]: field for field in view.get("measures", [])}
        self.measures: list[LookMLMeasure] = []
        self.skipped: list[SkippedItem] = []
        self.warnings: list[str] = []
        for name, field in self._fields.items():
            try:
                self.measures.append(self._measure(field))
            except Unusable as reason:
                item = SkippedItem(name=name, item_type="measure", reason=str(reason))
                self.skipped.append(item)
        self._drop_those_without_their_parts()

    def _measure(self, field: LookML) -> LookMLMeasure:
        return LookMLMeasure(
            name=field["name"],
            expr=self._expression(field),
            filter=self._filter(field),
            description=field.get("description") or field.get("label"),
        )

    def _expression(self, field: LookML) -> str:
        kind = field.get("type", "string")
        if kind == "count":
            return "count(*)"
        if kind not in (*_AGGREGATES, "number", "date"):
            raise Unusable(f"a measure of type {kind} is not an aggregate")
        if not field.get("sql"):
            raise Unusable("it has no sql")
        sql = replaced(str(field["sql"]), self._resolve)
        if kind == "number":
            return sql
        if kind == "date":
            if _OWN_AGGREGATE.search(sql):
                return sql
            return f"{'max' if 'max' in field['name'].lower() else 'min'}({sql})"
        return f"{_AGGREGATES[kind]}({sql})"

    def _resolve(self, reference: str) -> str:
        name = self._columns.own_name(reference)
        return name if name in self._fields else self._columns.column_of(reference)

    def _filter(self, field: LookML) -> str | None:
        parts = [self._condition(field["name"], *pair) for pair in _filters(field)]
        if len(parts) < 2:
            return parts[0] if parts else None
        return " AND ".join(parts)

    def _condition(self, measure: str, reference: str, value: str) -> str:
        name = self._columns.own_name(reference)
        if self._columns.is_yesno(name):
            condition = in_parentheses(self._columns.expanded(name))
            if value.strip().lower() in ("yes", "true"):
                return condition
            return f"NOT {condition if condition.startswith('(') else f'({condition})'}"
        if _FILTER_GRAMMAR.search(value):
            self.warnings.append(
                f"Measure '{self._view}.{measure}': the filter '{value}' of '{name}' is taken as "
                "that very text, not as LookML's filter expression."
            )
        quoted = value.replace("'", "''")
        return f"{self._columns.column_of(name)} = '{quoted}'"

    def _drop_those_without_their_parts(self) -> None:
        """Leave out the arithmetic over measures that were left out, until none is left."""
        while True:
            gone = {item.name for item in self.skipped}
            for measure in self.measures:
                sql = str(self._fields[measure.name].get("sql", ""))
                missing = [n for n in gone if re.search(rf"\$\{{(?:\w+\.)?{re.escape(n)}\}}", sql)]
                if missing and measure.expr != "count(*)":
                    reason = f"measure '{missing[0]}', which it needs, is left out"
                    self.skipped.append(
                        SkippedItem(name=measure.name, item_type="measure", reason=reason)
                    )
                    self.measures.remove(measure)
                    break
            else:
                return


def _filters(field: LookML) -> Iterator[tuple[str, str]]:
    """Yield field and value of each filter, in either of LookML's two forms."""
    items = [*field.get("filters__all", []), field.get("filters", [])]
    for item in items:
        for part in item if isinstance(item, list) else [item]:
            if "field" in part:
                yield str(part["field"]), str(part.get("value", ""))
            else:
                yield from ((str(name), str(value)) for name, value in part.items())
