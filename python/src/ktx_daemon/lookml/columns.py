"""Dimensions and dimension groups as columns."""

from __future__ import annotations

import re

from ktx_daemon.lookml.models import ColumnType, LookMLColumn, SkippedItem
from ktx_daemon.lookml.project import LookML
from ktx_daemon.lookml.sql_text import (
    Unusable,
    in_parentheses,
    plain_column,
    replaced,
    require_usable,
    written,
)

_TYPES: dict[str, ColumnType] = {"number": "number", "duration": "number", "yesno": "boolean"}
# What a dimension group's name is followed by where its time itself is meant.
_WHOLE_TIMES = ("raw", "time")
_MAX_DEPTH = 50
_WITHOUT_SQL = ("case", "sql_latitude", "sql_start")


class Columns:
    """The columns of a view, and the text that stands for each of its fields."""

    def __init__(self, view: LookML, dialect: str) -> None:
        self._view = view["name"]
        self._dialect = dialect
        self._dimensions = {field["name"]: field for field in view.get("dimensions", [])}
        self._groups = {field["name"]: field for field in view.get("dimension_groups", [])}
        self._open: list[str] = []
        self.columns: list[LookMLColumn] = []
        self.grain: list[str] = []
        self.skipped: list[SkippedItem] = []
        for kind, fields in (("dimension", self._dimensions), ("dimension_group", self._groups)):
            for name, field in fields.items():
                try:
                    self._add(kind, field)
                except Unusable as reason:
                    item = SkippedItem(name=name, item_type=kind, reason=str(reason))
                    self.skipped.append(item)

    def is_yesno(self, name: str) -> bool:
        """Whether a field is a dimension of type yesno."""
        return name in self._dimensions and self._dimensions[name].get("type") == "yesno"

    def expanded(self, reference: str) -> str:
        """Return a field as SQL over the table's columns; raises `Unusable`."""
        name = self.own_name(reference)
        if name in self._open:
            raise Unusable(f"'{name}' refers to itself")
        if len(self._open) > _MAX_DEPTH:
            raise Unusable("it refers to a field that refers to a field, and so on for too long")
        self._open.append(name)
        try:
            return self._expanded(name)
        finally:
            self._open.pop()

    def column_of(self, reference: str) -> str:
        """Return the name, as SQL, of the column that a field became; raises `Unusable`."""
        name = self.own_name(reference)
        field = self._dimensions.get(name) or self._groups.get(name) or {}
        column = plain_column(str(field.get("sql", "")), self._dialect)
        if column:  # Two fields may be the same column.
            return written(column, self._dialect)
        found = next((other for other in self.columns if other.lookml_name == name), None)
        if found is None:
            group, _, timeframe = name.rpartition("_")
            if group not in self._groups or name in self._dimensions:
                raise Unusable(f"there is no field '{reference}' to refer to")
            return self._of_timeframe(self.column_of(group), timeframe)
        return written(found.name, self._dialect)

    def own_name(self, reference: str) -> str:
        """Return a field's name without the view's; raises `Unusable` for another view's."""
        view, _, name = reference.rpartition(".")
        if view and view != self._view:
            raise Unusable(f"it refers to another view, by '{reference}'")
        return name

    def _add(self, kind: str, field: LookML) -> None:
        type_ = field.get("type", "string" if kind == "dimension" else "time")
        if kind == "dimension_group" and type_ != "time":
            raise Unusable(f"a dimension group of type {type_} is no column")
        if "sql" not in field and any(key in field for key in _WITHOUT_SQL):
            raise Unusable("it has no sql")
        sql = str(field.get("sql", f"${{TABLE}}.{field['name']}"))
        require_usable(sql)
        column = plain_column(sql, self._dialect)
        expression = None if column else self.expanded(field["name"])
        name = column or field["name"]
        if field.get("primary_key") == "yes":
            self.grain.append(name)
        same = next((other for other in self.columns if other.name == name), None)
        if same is not None:
            if kind == "dimension_group":
                same.type = same.role = "time"
            raise Unusable(f"field '{same.lookml_name}' is the column '{name}' already")
        self.columns.append(
            LookMLColumn(
                name=name,
                lookml_name=field["name"],
                type="time" if kind == "dimension_group" else column_type(type_),
                role="time" if kind == "dimension_group" else "default",
                visibility="hidden" if field.get("hidden") == "yes" else "public",
                description=field.get("description") or field.get("label"),
                is_computed=column is None,
                expr=expression,
            )
        )

    def _expanded(self, name: str) -> str:
        field = self._dimensions.get(name) or self._groups.get(name)
        if field is None:
            group, _, timeframe = name.rpartition("_")
            if group not in self._groups:
                raise Unusable(f"there is no field '{name}' to refer to")
            return self._of_timeframe(self.expanded(group), timeframe)
        if "sql" not in field and any(key in field for key in _WITHOUT_SQL):
            raise Unusable(f"'{name}' has no sql")
        sql = str(field.get("sql", f"${{TABLE}}.{name}"))
        column = plain_column(sql, self._dialect)
        if column:
            return written(column, self._dialect)
        return replaced(sql, lambda other: in_parentheses(self.expanded(other)))

    def _of_timeframe(self, sql: str, timeframe: str) -> str:
        if timeframe in _WHOLE_TIMES:
            return sql
        if timeframe == "date":
            return f"CAST({sql} AS DATE)"
        raise Unusable(f"the timeframe '{timeframe}' has no SQL of its own")


def column_type(lookml: str) -> ColumnType:
    """Return string, number, time or boolean for a type of LookML."""
    if lookml == "time" or re.fullmatch(r"date(?:_.*)?", lookml):
        return "time"
    return _TYPES.get(lookml, "string")
