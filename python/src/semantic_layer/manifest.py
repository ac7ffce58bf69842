"""Manifest shards: what a database scan found, and the overlays written on top of it."""

# Annotations are read as objects by Model, so this module does not postpone them.
from typing import Any, Literal

from semantic_layer.data.model import Model
from semantic_layer.models import (
    ColumnDbtConstraints,
    ColumnTests,
    DefaultTimeDimensionDbt,
    FreshnessDbt,
    Relationship,
    TimeStorage,
    TimeZone,
)

_TYPES = {
    "number": """integer bigint smallint numeric decimal float double real int int2 int4 int8
        float4 float8 number tinyint mediumint""".split(),
    "time": """timestamp timestamptz timestamp_ntz timestamp_ltz timestamp_tz datetime date time
        timetz""".split(),
    "boolean": ["boolean", "bool"],
}
_TYPE_OF = {name: kind for kind, names in _TYPES.items() for name in names} | {
    "double precision": "number",
    "timestamp with time zone": "time",
    "timestamp without time zone": "time",
}
_OVERLAY_KEYS = frozenset(
    """name description descriptions grain columns joins measures segments exclude_columns
    disable_joins default_time_dimension timezone""".split()
)


class _Documented(Model):
    """Descriptions by origin, with the older single fields."""

    descriptions: dict[str, str] | None = None
    description: str | None = None
    db_description: str | None = None

    def all_descriptions(self) -> dict[str, str] | None:
        """Return the descriptions by origin, the older fields as `ai` and `db`."""
        older = {"ai": self.description, "db": self.db_description}
        merged = {key: text for key, text in older.items() if text}
        merged.update(self.descriptions or {})
        return merged or None


class ManifestColumn(_Documented):
    """A column as the database declares it."""

    name: str
    type: str
    storage: TimeStorage | None = None
    zone: TimeZone | None = None
    pk: bool = False
    nullable: bool = True
    constraints: dict[str, ColumnDbtConstraints] | None = None
    enum_values: dict[str, list[str]] | None = None
    tests: ColumnTests | None = None


class ManifestJoin(Model):
    """A join that the scan found or somebody added."""

    to: str
    on: str
    relationship: Relationship
    valid: dict[str, str] | None = None
    source: Literal["formal", "inferred", "manual"] = "formal"


class ManifestEntry(_Documented):
    """One table of a shard."""

    table: str
    columns: list[ManifestColumn]
    joins: list[ManifestJoin] = []
    default_time_dimension: str | DefaultTimeDimensionDbt | None = None
    tags: dict[str, list[str]] | None = None
    freshness: dict[str, FreshnessDbt] | None = None
    timezone: str | None = None


def map_column_type(native: str) -> str:
    """Return string, number, time or boolean for a database's own type."""
    before_parenthesis = native.partition("(")[0]
    return _TYPE_OF.get(_squeezed(before_parenthesis.lower()), "string")


def project_manifest_entry(name: str, entry: ManifestEntry) -> dict[str, Any]:
    """Return a table of a shard as a source, ready for `SourceDefinition`."""
    columns = [_column(column) for column in entry.columns]
    keys = [column.name for column in entry.columns if column.pk]
    source = {
        "name": name,
        "table": entry.table,
        "descriptions": entry.all_descriptions(),
        "grain": keys or [column.name for column in entry.columns],
        "columns": columns,
        "joins": [_join(join) for join in entry.joins],
    }
    dumped = entry.model_dump(exclude_none=True)
    source.update(
        {
            key: dumped[key]
            for key in ("default_time_dimension", "tags", "freshness", "timezone")
            if key in dumped
        }
    )
    return {key: value for key, value in source.items() if value is not None}


def _join(join: ManifestJoin) -> dict[str, Any]:
    projected: dict[str, Any] = {"to": join.to, "on": join.on, "relationship": join.relationship}
    return projected if join.valid is None else {**projected, "valid": join.valid}


def _column(column: ManifestColumn) -> dict[str, Any]:
    # A number or a text that keeps times is one of them to the model.
    kind = "time" if column.storage is not None else map_column_type(column.type)
    dumped = column.model_dump(exclude_none=True)
    projected: dict[str, Any] = {
        "name": column.name,
        "type": kind,
        "descriptions": column.all_descriptions(),
        **{
            key: dumped[key]
            for key in ("storage", "zone", "constraints", "enum_values", "tests")
            if key in dumped
        },
    }
    if kind == "time":
        projected["role"] = "time"
    return {key: value for key, value in projected.items() if value is not None}


def validate_overlay(overlay: dict[str, Any]) -> list[str]:
    """Return what is wrong with an overlay; an empty list if it can be applied."""
    errors = [f"Overlay has unknown key '{key}'" for key in overlay if key not in _OVERLAY_KEYS]
    errors += [
        "Overlay column with 'type' must also have 'expr' "
        "(only computed columns may specify a type)"
        for column in overlay.get("columns") or []
        if isinstance(column, dict) and column.get("type") and not column.get("expr")
    ]
    return errors


def apply_overlay(base: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """Return a source with an overlay composed onto it; neither argument is changed.

    A key of the overlay without a value is as good as absent.
    """
    composed = dict(base)
    written = {key: value for key, value in overlay.items() if value is not None}
    if "description" in written or "descriptions" in written:
        composed["descriptions"] = _composed_descriptions(base, written)
        composed.pop("description", None)
    excluded = set(written.get("exclude_columns") or [])
    kept = [column for column in base.get("columns", []) if column["name"] not in excluded]
    composed["columns"] = kept + list(written.get("columns") or [])
    composed["joins"] = _composed_joins(base, written)
    for key in ("measures", "segments", "default_time_dimension", "timezone"):
        if key in written:
            composed[key] = written[key]
    if written.get("grain"):
        composed["grain"] = written["grain"]
    return composed


def _composed_descriptions(base: dict[str, Any], overlay: dict[str, Any]) -> dict[str, str]:
    """Return the texts by origin; a plain description is the user's, the overlay's before all."""
    own = {"user": base["description"]} if base.get("description") is not None else {}
    texts = {**own, **(base.get("descriptions") or {}), **(overlay.get("descriptions") or {})}
    if "description" in overlay:
        texts["user"] = overlay["description"]
    return texts


def _composed_joins(base: dict[str, Any], overlay: dict[str, Any]) -> list[dict[str, Any]]:
    disabled = {_squeezed(text) for text in overlay.get("disable_joins") or []}
    joins = [join for join in base.get("joins", []) if _squeezed(join["on"]) not in disabled]
    known: dict[tuple[str, str], int] = {}
    for place, join in enumerate(joins):
        known.setdefault(_join_key(join), place)
    for join in overlay.get("joins") or []:
        place = known.setdefault(_join_key(join), len(joins))
        if place == len(joins):
            joins.append(join)
        elif join.get("valid") is not None and joins[place].get("valid") is None:
            joins[place] = join  # Of the base's join, the overlay says when its rows hold.
    return joins


def _join_key(join: dict[str, Any]) -> tuple[str, str]:
    return join["to"], _squeezed(join["on"])


def _squeezed(text: str) -> str:
    return " ".join(text.split())
