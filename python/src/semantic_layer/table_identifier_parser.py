"""Reading the table name of a BI tool's definition as a physical table."""

# Annotations are read as objects by Model, so this module does not postpone them.
from collections.abc import Iterable

from semantic_layer.data.model import Model
from semantic_layer.syntax.lean_sqlglot import SqlglotError, exp, parse
from semantic_layer.syntax.names import folds, is_plain
from semantic_layer.syntax.tree import Node

MAX_LENGTH = 2000
"""How many characters a name may have; three quoted ones of any database have fewer."""

# What a SELECT of nothing but a table has.
_FROM_ALONE = frozenset(("expressions", "from", "from_", "kind"))

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
    """Read one name; `reason` says why one cannot be read, and nothing is raised."""
    text = item.sql_table_name.strip()
    if item.dialect not in _DIALECTS:
        return _refused("unsupported_dialect", item.dialect)
    if "${" in text or "@{" in text:
        return _refused("looker_template_unresolved")
    if not 0 < len(text) <= MAX_LENGTH:
        return _refused("parse_error", f"The name has {len(text)} characters.")
    if "\0" in text:
        return _refused("parse_error", "The name has a NUL in it.")
    try:
        trees = parse(f"SELECT 1 FROM {text}", read=item.dialect)
    except (SqlglotError, RecursionError) as error:
        return _refused("parse_error", (str(error) or "?").splitlines()[0])
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        return _refused("parse_error", "This is more than the name of a table.")
    return _read(trees[0], item.dialect)


def _read(tree: exp.Query, dialect: str) -> ParsedTableIdentifier:
    tables = [table for table in tree.find_all(exp.Table) if table.name]
    if tree.find(exp.Subquery) or len(list(tree.find_all(exp.Select))) > 1:
        return _refused("derived_table_not_supported")
    if not tables:
        return _refused("no_physical_table")
    if len(tables) > 1:
        return _refused("multiple_table_references")
    more = [name for name, value in tree.args.items() if value and name not in _FROM_ALONE]
    if more or not set(map(type, tables[0].parts)) <= {exp.Identifier}:
        return _parsed_function(tables[0])
    return _parsed(tables[0], dialect)


def _parsed_function(table: exp.Table) -> ParsedTableIdentifier:
    if isinstance(table.this, exp.Func):
        return _refused("no_physical_table")
    return _refused("parse_error", "This is more than the name of a table.")


def _parsed(table: exp.Table, dialect: str) -> ParsedTableIdentifier:
    if len(table.parts) > 3:
        return _refused("parse_error", f"The name has {len(table.parts)} parts.")
    if any(part.args.get("temporary") or part.args.get("global_") for part in table.parts):
        return _refused("no_physical_table", "This is a temporary table.")
    written = [_canonical(part, dialect) for part in table.parts]
    if table.catalog and not table.db:  # T-SQL's `database..table`
        written.insert(1, "")
    return ParsedTableIdentifier(
        ok=True,
        catalog=table.catalog or None,
        schema=table.db or None,
        name=table.name,
        canonical_table=".".join(written),
    )


def _canonical(part: Node, dialect: str) -> str:
    exact = bool(part.args.get("quoted")) and folds(dialect, part.name)
    quoted = exact or not is_plain(part.name, dialect)
    return exp.Identifier(this=part.name, quoted=quoted).sql(dialect)


def _refused(reason: str, detail: str | None = None) -> ParsedTableIdentifier:
    return ParsedTableIdentifier(ok=False, reason=reason, detail=detail)
