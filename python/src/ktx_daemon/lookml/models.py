"""The request and the response of `lookml-parse`."""

# Annotations are read as objects by Model, so this module does not postpone them.
from typing import Literal

from semantic_layer.data.model import Model

ColumnType = Literal["string", "number", "time", "boolean"]


class LookMLFileInput(Model):
    """One file of a LookML project; constants are read from those with `manifest` in the path."""

    path: str
    content: str


class ParseLookMLRequest(Model):
    """A LookML project, and the dialect to write its SQL in."""

    files: list[LookMLFileInput]
    constant_overrides: dict[str, str] | None = None
    dialect: str = "postgres"


class LookMLColumn(Model):
    """A dimension as a column; one that is computed has an `expr` over the view's columns.

    `lookml_name` is null for an output column of a derived table that no dimension declares.
    """

    name: str
    lookml_name: str | None
    type: ColumnType
    role: Literal["default", "time"] = "default"
    visibility: Literal["public", "hidden"] = "public"
    description: str | None = None
    is_computed: bool = False
    expr: str | None = None


class LookMLMeasure(Model):
    """A measure as an aggregate, or arithmetic over the view's other measures."""

    name: str
    expr: str
    filter: str | None = None
    description: str | None = None


class SkippedItem(Model):
    """A field that is left out, and why."""

    name: str
    item_type: str
    reason: str


class LookMLView(Model):
    """A view that is a table or a SELECT."""

    name: str
    source_type: Literal["table", "sql"]
    table_ref: str | None = None
    sql: str | None = None
    grain: list[str] = []
    columns: list[LookMLColumn] = []
    measures: list[LookMLMeasure] = []
    description: str | None = None
    skipped_dimensions: list[SkippedItem] = []
    skipped_measures: list[SkippedItem] = []


class LookMLJoin(Model):
    """A join of an explore; either side of `on` may come first."""

    source_view: str
    to: str
    alias: str | None
    on: str
    relationship: Literal["many_to_one", "one_to_many", "one_to_one"]


class ParsedLookML(Model):
    """Everything read; a view that is not a source of its own is in `skipped_views`."""

    views: list[LookMLView]
    joins: list[LookMLJoin]
    skipped_views: list[str]
    warnings: list[str]
