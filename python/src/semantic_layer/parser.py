"""Reading SQL text: expressions, table names and SELECTs of the project's dialect."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache

from semantic_layer.errors import UNSUPPORTED, Origin, SemanticError, close_names
from semantic_layer.lean_sqlglot import SqlglotError, exp, parse, parse_one
from semantic_layer.sql import Node
from semantic_layer.words import parsed, parsed_with_names

DIALECTS = (
    "bigquery",
    "clickhouse",
    "databricks",
    "duckdb",
    "mysql",
    "postgres",
    "redshift",
    "snowflake",
    "spark",
    "sqlite",
    "trino",
    "tsql",
)

_UNPLACED = Origin("expression")
_WITH_NAMES = {"an SQL expression": exp.Condition, "a table name": exp.Table}


def check_dialect(dialect: str) -> str:
    """Return the dialect's canonical name, or raise listing those that are known."""
    name = {"postgresql": "postgres", "sqlserver": "tsql", "mssql": "tsql"}.get(dialect, dialect)
    if name not in DIALECTS:
        raise SemanticError(
            UNSUPPORTED,
            f"Dialect '{dialect}' is not supported. Supported: {', '.join(DIALECTS)}.",
            suggestions=close_names(dialect, DIALECTS),
        )
    return name


class ExpressionParser:
    """Parses the SQL fragments of models and queries in one dialect."""

    def __init__(
        self, dialect: str = "postgres", is_name: Callable[[str], bool] | None = None
    ) -> None:
        """Prepare for a dialect; `is_name` tells which words the model declares as names."""
        self.dialect = check_dialect(dialect)
        self._is_name = is_name or (lambda word: False)

    def parse(self, text: str, origin: Origin = _UNPLACED, names: Collection[str] = ()) -> Node:
        """Parse one expression; anything else (a statement, an alias) is an error.

        `names`, in small letters, are declared beside those of the model.
        """
        return self._parse(text, "an SQL expression", origin, names)

    def parse_table(self, text: str, origin: Origin = _UNPLACED) -> Node:
        """Parse the name of a physical table, or a table function."""
        return self._parse(text, "a table name", origin)

    def parse_select(self, text: str, origin: Origin = _UNPLACED) -> exp.Query:
        """Parse the body of an SQL source, which must be one SELECT."""
        tree = self._parse(text, "one SELECT statement", origin)
        if not isinstance(tree, exp.Query):
            raise origin.error("is not a SELECT statement.", fix="Write one SELECT (or WITH).")
        return tree

    def extract_source_refs(self, text: str) -> list[str]:
        """Return the qualifiers of the columns an expression names, sorted."""
        tree = self.parse(text)
        return sorted({column.table for column in tree.find_all(exp.Column) if column.table})

    def _parse(
        self,
        text: str,
        expected: str,
        origin: Origin,
        names: Collection[str] = (),
    ) -> Node:
        try:
            tree: Node = _parsed(text, expected, self.dialect).copy()
        except (SqlglotError, RecursionError) as error:
            named = self._with_names(text, expected, names)
            if named is not None:
                return named
            errors = getattr(error, "errors", None) or [{}]
            reason = errors[0].get("description") or str(error).splitlines()[0]
            raise origin.error(
                f"`{text}` is not {expected} in dialect {self.dialect} ({reason.rstrip('.')}).",
                fix="Correct the text; it is read in the dialect of the query.",
            ) from error
        return tree

    def _with_names(self, text: str, expected: str, names: Collection[str]) -> Node | None:
        """Return what a text means if words of SQL in it are names of the model."""
        into = _WITH_NAMES.get(expected)
        if into is None:
            return None
        try:
            return parsed_with_names(
                text,
                self.dialect,
                into,
                lambda word: into is exp.Table or word.lower() in names or self._is_name(word),
            )
        except (SqlglotError, RecursionError):
            return None


@lru_cache(maxsize=4096)
def _parsed(text: str, expected: str, dialect: str) -> Node:
    if expected == "an SQL expression":
        return _expression(text, dialect)
    if expected == "a table name":
        return parsed(text, dialect, exp.Table)
    return parse_one(text, read=dialect)


def _expression(text: str, dialect: str) -> Node:
    try:
        return parsed(text, dialect, exp.Condition)
    except SqlglotError:
        # The names of some functions begin statements too, as REPLACE does in SQLite.
        term = _only_term(text, dialect)
        if term is None:
            raise
        return term


def _only_term(text: str, dialect: str) -> Node | None:
    """Return the text as what a SELECT shows, if it is one expression and nothing more."""
    try:
        queries = parse(f"SELECT {text}", read=dialect)
    except SqlglotError:
        return None
    query = queries[0] if len(queries) == 1 else None
    if not isinstance(query, exp.Select) or len(query.expressions) != 1:
        return None
    rest = [name for name, value in query.args.items() if value and name != "expressions"]
    term = query.expressions[0]
    return None if rest or not isinstance(term, exp.Condition) else term
