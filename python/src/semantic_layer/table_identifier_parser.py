"""Reading the table name of a BI tool's definition as a physical table."""

# Annotations are read as objects by Model, so this module does not postpone them.
from collections.abc import Iterable

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from semantic_layer.model_base import Model

_DIALECTS = frozenset(
    ("bigquery", "snowflake", "postgres", "redshift", "mysql", "sqlite", "tsql", "clickhouse")
)


class ParseTableIdentifierItem(Model):
    """One name to read, under the caller's key."""

    key: str
    sql_table_name: str
    dialect: str


class ParsedTableIdentifier(Model):
    """The parts of a table's name, or the reason why it has none."""

    ok: bool
    catalog: str | None = None
    schema: str | None = None
    name: str | None = None
    canonical_table: str | None = None
    reason: str | None = None
    detail: str | None = None


def parse_table_identifier_batch(
    items: Iterable[ParseTableIdentifierItem],
) -> dict[str, ParsedTableIdentifier]:
    """Read many names; the results are by key."""
    return {item.key: parse_table_identifier_one(item) for item in items}


def parse_table_identifier_one(item: ParseTableIdentifierItem) -> ParsedTableIdentifier:
    """Read one name; what it cannot be read as is said in `reason`, never raised."""
    text = item.sql_table_name.strip()
    if item.dialect not in _DIALECTS:
        return _refused("unsupported_dialect", item.dialect)
    if "${" in text or "@{" in text:
        return _refused("looker_template_unresolved")
    try:
        tree = parse_one(f"SELECT 1 FROM {text}", read=item.dialect)
    except SqlglotError as error:
        return _refused("parse_error", str(error).splitlines()[0])
    tables = [table for table in tree.find_all(exp.Table) if table.name]
    if tree.find(exp.Subquery) or len(list(tree.find_all(exp.Select))) > 1:
        return _refused("derived_table_not_supported")
    if not tables:
        return _refused("no_physical_table")
    if len(tables) > 1:
        return _refused("multiple_table_references")
    return _parsed(tables[0], item.dialect)


def _parsed(table: exp.Table, dialect: str) -> ParsedTableIdentifier:
    if isinstance(table.this, exp.Func):
        return _refused("no_physical_table")
    parts = [exp.to_identifier(part.name) for part in table.parts]
    return ParsedTableIdentifier(
        ok=True,
        catalog=table.catalog or None,
        schema=table.db or None,
        name=table.name,
        canonical_table=".".join(part.sql(dialect) for part in parts),
    )


def _refused(reason: str, detail: str | None = None) -> ParsedTableIdentifier:
    return ParsedTableIdentifier(ok=False, reason=reason, detail=detail)
