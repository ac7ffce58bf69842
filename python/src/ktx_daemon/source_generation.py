"""The operation `semantic-generate-sources`: a first semantic layer from a database's tables."""

# Annotations are read as objects by Model, so this module does not postpone them.
import re
from typing import Any, get_args

from ktx_daemon.database_types import has_average
from ktx_daemon.database_types import map_database_type as map_database_type
from ktx_daemon.errors import INVALID_REQUEST, OperationError
from ktx_daemon.requests import checked
from semantic_layer.data.model import Model
from semantic_layer.models import Relationship, SourceDefinition, TimeStorage
from semantic_layer.parser import check_dialect
from semantic_layer.syntax.names import quoted_name

Columns = tuple[str, ...]
_ID_LIKE = re.compile(r"id|.*_id|uuid|.*_uuid|.*_key|.*_pk|.*identifier", re.IGNORECASE | re.DOTALL)
_OF_NUMBERS = (("total", "sum", "Sum"), ("avg", "avg", "Average"))
_REVERSED = {"many_to_one": "one_to_many", "one_to_many": "many_to_one", "one_to_one": "one_to_one"}


class ColumnInput(Model):
    """A column as the database declares it, and `kept_as` what introspection saw of its values."""

    name: str
    type: str
    primary_key: bool = False
    nullable: bool = True
    comment: str | None = None
    kept_as: str | None = None


class TableInput(Model):
    """A table as the database declares it."""

    name: str
    catalog: str | None = None
    db: str | None = None
    comment: str | None = None
    columns: list[ColumnInput]


class ColumnPair(Model):
    """A column, and the one that it refers to."""

    from_column: str
    to_column: str


class LinkInput(Model):
    """One column that refers to another; the type in any case, `MANY_TO_ONE` if not known.

    A key of several columns has the others in `further_columns`.
    """

    from_table: str
    from_column: str
    to_table: str
    to_column: str
    relationship_type: str
    further_columns: list[ColumnPair] = []

    def pairs(self) -> list[tuple[str, str]]:
        """Return all columns with those that they refer to."""
        others = [(pair.from_column, pair.to_column) for pair in self.further_columns]
        return [(self.from_column, self.to_column), *others]


class GenerateSourcesRequest(Model):
    """What a scan of a database found, and the dialect to write names in."""

    tables: list[TableInput]
    links: list[LinkInput] = []
    dialect: str = "postgres"


def semantic_generate_sources(request: dict[str, Any]) -> dict[str, Any]:
    """Run the operation `semantic-generate-sources`."""
    return generate_sources_response(checked(GenerateSourcesRequest, request))


def generate_sources_response(request: GenerateSourcesRequest) -> dict[str, Any]:
    """Return the sources as JSON, without what is null, and how many they are."""
    sources = generate_sources(request)
    return {
        "sources": [source.model_dump(exclude_none=True) for source in sources],
        "source_count": len(sources),
    }


def generate_sources(request: GenerateSourcesRequest) -> list[SourceDefinition]:
    """Return a source for each table, with the measures and joins that suggest themselves."""
    dialect = check_dialect(request.dialect)
    seen: set[str] = set()
    for table in request.tables:
        if table.name in seen:
            raise OperationError(
                INVALID_REQUEST,
                f"Two tables are named '{table.name}', and sources are told apart by name.",
                fix="Send the tables of one schema at a time, or leave one of the two out.",
            )
        seen.add(table.name)
    joins = _joins(request, dialect)
    return [_source(table, joins[table.name], dialect) for table in request.tables]


def _source(table: TableInput, joins: list[dict[str, Any]], dialect: str) -> SourceDefinition:
    keys = [column.name for column in table.columns if column.primary_key]
    first = [column.name for column in table.columns[:1]]
    parts = [part for part in (table.catalog, table.db, table.name) if part]
    return SourceDefinition.model_validate(
        {
            "name": table.name,
            "description": table.comment,
            "table": ".".join(_written(part, dialect) for part in parts),
            "grain": keys or first or ["id"],
            "columns": [_column(column) for column in table.columns],
            "measures": _measures(table, keys, dialect),
            "joins": joins,
        }
    )


def _kind(column: ColumnInput) -> str:
    """Return a column's type in the model: what its values are comes before what is declared."""
    if column.kept_as in get_args(TimeStorage):
        return "time"
    declared = map_database_type(column.type)
    seen = {"number": "number", "other": "string"}.get(column.kept_as or "")
    return seen if seen is not None and declared == "time" else declared


def _column(column: ColumnInput) -> dict[str, Any]:
    kind = _kind(column)
    role = {"role": "time"} if kind == "time" else {}
    storage = {"storage": column.kept_as} if column.kept_as in get_args(TimeStorage) else {}
    return {"name": column.name, "type": kind, "description": column.comment, **storage, **role}


def _measures(table: TableInput, keys: list[str], dialect: str) -> list[dict[str, Any]]:
    measures = []
    if keys:
        count = f"count({_written(keys[0], dialect)})"
        description = f"Count of {table.name} records"
        measures.append({"name": "record_count", "expr": count, "description": description})
    for column in table.columns:
        if _kind(column) != "number" or _ID_LIKE.fullmatch(column.name):
            continue
        if map_database_type(column.type) == "time":  # It is declared as one and holds numbers.
            continue
        about = column.name + (f" — {column.comment}" if column.comment else "")
        averages = has_average(column.type, dialect)
        for prefix, function, verb in _OF_NUMBERS if averages else _OF_NUMBERS[:1]:
            measures.append(
                {
                    "name": f"{prefix}_{column.name}",
                    "expr": f"{function}({_written(column.name, dialect)})",
                    "description": f"{verb} of {about}",
                }
            )
    return measures


def _joins(request: GenerateSourcesRequest, dialect: str) -> dict[str, list[dict[str, Any]]]:
    """Return each source's joins: its own links, and those of others to it, read backwards."""
    joins: dict[str, list[dict[str, Any]]] = {table.name: [] for table in request.tables}
    columns: dict[str, list[tuple[Columns, Columns]]] = {table.name: [] for table in request.tables}
    for link in request.links:
        if link.from_table not in joins or link.to_table not in joins:
            continue
        lowered = link.relationship_type.lower()
        forward = lowered if lowered in get_args(Relationship) else "many_to_one"
        lefts, rights = zip(*link.pairs(), strict=True)
        here, there = (link.from_table, lefts), (link.to_table, rights)
        for (source, left), (target, right), relationship in (
            (here, there, forward),
            (there, here, _REVERSED[forward]),
        ):
            join = {
                "to": target,
                "on": _condition(target, left, right, dialect),
                "relationship": relationship,
            }
            if join not in joins[source]:
                joins[source].append(join)
                columns[source].append((left, right))
    for source in joins:
        _name_apart(source, joins[source], columns[source], set(joins), dialect)
    return joins


def _condition(there: str, left: Columns, right: Columns, dialect: str) -> str:
    return " AND ".join(
        f"{_written(a, dialect)} = {_written(there, dialect)}.{_written(b, dialect)}"
        for a, b in zip(left, right, strict=True)
    )


def _name_apart(
    source: str,
    joins: list[dict[str, Any]],
    columns: list[tuple[Columns, Columns]],
    taken: set[str],
    dialect: str,
) -> None:
    """Give an alias to each join to a target that the source joins more than once, or to itself."""
    targets = [join["to"] for join in joins]
    for join, (left, right) in zip(joins, columns, strict=True):
        if targets.count(join["to"]) < 2 and join["to"] != source:
            continue
        alias = f"{join['to']}_{'_'.join(left)}"
        while alias in taken:  # Two foreign keys to one table are told apart by their own columns.
            alias = f"{alias}_{'_'.join(right)}"
        taken.add(alias)
        join["alias"] = alias
        if join["to"] == source:  # by the name of both ends, the condition would be read backwards
            join["on"] = _condition(alias, left, right, dialect)


def _written(name: str, dialect: str) -> str:
    """Return a name as SQL of the dialect, in quotes where it needs them."""
    return quoted_name(name, dialect)
