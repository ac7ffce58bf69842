"""What no expression may hold, because the model could not vouch for what it reads or returns."""

from __future__ import annotations

from semantic_layer.errors import Origin, SemanticError
from semantic_layer.lean_sqlglot import exp
from semantic_layer.sql import Node, parts_of
from semantic_layer.verbatim import written

# What reads tables whose names cannot be checked against the model.
_QUERIES = (exp.Query, exp.Values, exp.Table, exp.Describe, exp.Summarize, exp.Command)
# What the database expands to columns, hidden ones too.
_EXPANSIONS = (exp.Star, exp.Columns, exp.PositionalColumn)
# Functions of PostgreSQL and DuckDB that read a table, or run a query, named in a text.
_RUNS_SQL = frozenset({"dblink", "ts_stat", "query", "query_table"})
_ALL_TO_XML = ("query_to_xml", "table_to_xml", "schema_to_xml", "database_to_xml", "cursor_to_xml")
# Functions that give a row several values: each would repeat the row, or drop it. DuckDB's of
# these names give lists, or refuse to stand here themselves.
_SETS = (exp.Unnest, exp.Explode, exp.Posexplode, exp.Inline, exp.GenerateSeries)
_SET_NAMES = frozenset(
    """arrayjoin explode explode_outer flatten generate_series generate_subscripts inline
    inline_outer json_array_elements json_array_elements_text json_each json_each_text
    json_object_keys
    json_populate_recordset json_to_recordset jsonb_array_elements jsonb_array_elements_text
    jsonb_each jsonb_each_text jsonb_object_keys jsonb_path_query jsonb_path_query_tz
    jsonb_populate_recordset jsonb_to_recordset posexplode posexplode_outer regexp_matches
    regexp_split_to_table stack string_to_table unnest""".split()
)
_SCALAR_IN_DUCKDB = frozenset({"generate_series", "regexp_matches"})


def check_limits(tree: Node, dialect: str, origin: Origin) -> None:
    """Refuse sub-queries, columns that are not named, and functions that give several rows."""
    for part in parts_of(tree):
        if isinstance(part, _QUERIES):
            raise origin.unsupported(
                "a sub-query is not supported here.",
                fix="Make the sub-query an `sql` source and join it, "
                "or add a computed column to it.",
            )
        if isinstance(part, _EXPANSIONS) and not _is_counted(part):
            raise origin.error(
                f"`{written(part, dialect)}` stands for columns that are not named; "
                "only `count(*)` may do so.",
                fix="Name each column.",
            )
        if isinstance(part, (exp.Anonymous, *_SETS)):
            _check_function(part, dialect, origin)


def _check_function(call: Node, dialect: str, origin: Origin) -> None:
    is_series = isinstance(call, exp.GenerateSeries)
    name = "generate_series" if is_series else call.name if isinstance(call, exp.Anonymous) else ""
    if name.lower() in _RUNS_SQL or name.lower().startswith(_ALL_TO_XML):
        raise origin.unsupported(
            f"`{name}` reads what a text tells it to, which cannot be checked.",
            fix="Name each column.",
        )
    if dialect == "duckdb" and name.lower() in _SCALAR_IN_DUCKDB:
        return
    # `x IN UNNEST(list)` of BigQuery is a condition.
    if name.lower() in _SET_NAMES or (isinstance(call, _SETS) and not _is_tested(call)):
        raise _several_rows(name or call.key.upper(), origin)


def _is_tested(call: Node) -> bool:
    return isinstance(call.parent, exp.In)


def _several_rows(name: str, origin: Origin) -> SemanticError:
    return origin.unsupported(
        f"`{name}` can give a row several values, which would count the row as often.",
        fix="Use it in an `sql` source with a grain of its own, and join that.",
    )


def _is_counted(part: Node) -> bool:
    """Whether this is the `*` of `count(*)` or `count(source.*)`, with nothing after it."""
    if not isinstance(part, exp.Star) or any(part.args.values()):
        return False
    inner = part.parent if isinstance(part.parent, exp.Column) else part
    call = inner.parent
    return isinstance(call, exp.Count) and call.this is inner and not call.expressions
