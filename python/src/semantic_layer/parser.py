"""Reading SQL text: expressions, table names and SELECTs of the project's dialect."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache, partial
from typing import Any

from semantic_layer.errors import UNSUPPORTED, Origin, SemanticError, close_names, shown
from semantic_layer.syntax.engine_functions import is_aggregate_name
from semantic_layer.syntax.lean_sqlglot import SqlglotError, exp, parse_one
from semantic_layer.syntax.limits import (
    Refused,
    check_parts,
    check_tokens,
    empty,
    placeholder_in,
    too_deep,
    unfilled,
)
from semantic_layer.syntax.reading import Reading, Span, Words, tokens_of, with_plain_quotes
from semantic_layer.syntax.templates import Templates, Unreadable
from semantic_layer.syntax.tree import SHORT, Node, parts_of

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
# The parser has no answer for some texts, and says so in its own way.
_UNREAD = (SqlglotError, Unreadable, ValueError, TypeError, AttributeError, LookupError)
_Reader = Callable[[str, str, Collection[int]], Node]


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
        """Parse the body of an SQL source, which must be one SELECT; see `select_text`."""
        tree = self._parse(text, "one SELECT statement", origin)
        if not isinstance(tree, exp.Query):
            raise origin.error("is not a SELECT statement.", fix="Write one SELECT (or WITH).")
        return tree

    def select_text(self, text: str) -> str:
        """Return the text of a SELECT that was parsed, without the comments and `;` around it."""
        text = with_plain_quotes(text, self.dialect)
        own = check_tokens(text, tokens_of(text, self.dialect), self.dialect, "a SELECT")
        return text[own[0].start : own[-1].end + 1]

    def extract_source_refs(self, text: str) -> list[str]:
        """Return the qualifiers of the columns an expression names, sorted."""
        tree = self.parse(text)
        return sorted({column.table for column in tree.find_all(exp.Column) if column.table})

    def _parse(self, text: str, expected: str, origin: Origin, names: Collection[str] = ()) -> Node:
        # Of a question's own text, the label has it already.
        named = "" if f"`{shown(text)}`" in origin.label else f"`{shown(text)}`: "
        try:
            return _parsed(text, expected, self.dialect).copy()
        except Refused as error:
            refuse = origin.unsupported if error.unsupported else origin.error
            raise refuse(
                f"{named}{error.reason}.", fix=error.fix, suggestions=error.suggestions
            ) from error
        except RecursionError as error:
            refused = too_deep()
            raise origin.error(f"{named}{refused.reason}.", fix=refused.fix) from error
        except _UNREAD as error:
            tree = self._with_names(text, expected, names)
            if tree is not None:
                return tree
            raise origin.error(
                f"`{shown(text)}` is not {expected} in dialect {self.dialect} ({_reason(error)}).",
                fix="Correct the text; it is read in the dialect of the query.",
            ) from error

    def _with_names(self, text: str, expected: str, names: Collection[str]) -> Node | None:
        """Return what a text means if words of SQL in it are names of the model."""
        read = _WITH_NAMES.get(expected)
        if read is None:
            return None
        text = with_plain_quotes(text, self.dialect)
        try:
            words = Words(text, self.dialect)
        except _UNREAD:
            return None
        for choice in words.choices(
            lambda word: read is _table or word.lower() in names or self._is_name(word)
        ):
            trees = [tree for index in choice if (tree := self._with(read, text, index))]
            if trees:
                return trees[0] if len(trees) == 1 else None
        return None

    def _with(self, read: _Reader, text: str, names: Collection[int]) -> Node | None:
        try:
            return read(text, self.dialect, names)
        except (Refused, RecursionError, *_UNREAD):
            return None


_TOKEN = re.compile(r"<Token token_type: [^,]*, text: (.*?), line: \d.*>", re.DOTALL)


def _reason(error: Exception) -> str:
    if isinstance(error, Unreadable):
        return "its parts cannot be told apart"
    if not isinstance(error, SqlglotError):
        return "it is not understood"
    described = getattr(error, "errors", None) or [{}]
    reason: str = described[0].get("description") or str(error).splitlines()[0]
    # The parser's own words for it: a class of its, or a token as it prints itself.
    if "<class" in reason or "text: SENTINEL" in reason:
        return "something is missing"
    return _TOKEN.sub(lambda token: f"`{shown(token[1])}`", reason).rstrip(".")


@lru_cache(maxsize=4096)
def _parsed(text: str, expected: str, dialect: str) -> Node:
    if expected == "a table name":
        return _table(text, dialect)
    text = with_plain_quotes(text, dialect)
    own = check_tokens(text, tokens_of(text, dialect), dialect, expected)
    whole = text[: own[-1].end + 1]
    return (
        _select(whole, dialect)
        if expected == "one SELECT statement"
        else _expression(whole, dialect, tokens=own)
    )


def _table(text: str, dialect: str, names: Collection[int] = ()) -> Node:
    (tree,) = Reading(text, dialect, exp.Table, names).trees
    if not isinstance(tree, Node):
        raise empty("a table name")
    return tree


def _select(text: str, dialect: str) -> Node:
    try:
        tree = parse_one(text, read=dialect)
    except SqlglotError:
        _refuse_placeholder(text, dialect)
        raise
    check_parts(parts_of(tree), text, tokens_of(text, dialect))
    return tree


def _refuse_placeholder(text: str, dialect: str) -> None:
    """Raise `Refused` if a text that is no SQL has a placeholder in it."""
    shown = placeholder_in(text, tokens_of(text, dialect))
    if shown is not None:
        raise unfilled(shown)


def _expression(
    text: str, dialect: str, names: Collection[int] = (), tokens: list[Any] | None = None
) -> Node:
    """Return the tree of an expression, its nodes with the text that they were read from."""
    try:
        reading, tree, start = _read(text, dialect, names, tokens)
    except SqlglotError:
        _refuse_placeholder(text, dialect)
        raise
    if len(reading.tokens) > 2 * SHORT:
        from semantic_layer.syntax.chains import shortened

        tree = shortened(tree, reading)
    parts = parts_of(tree)
    check_parts(parts, reading.text, reading.tokens)
    # Neither a query nor a window is taken where expressions stand.
    if not any(isinstance(part, (exp.Query, exp.Window)) for part in parts):
        attach = Templates(reading, partial(is_aggregate_name, dialect)).attach
        attach(tree, Span(start, len(reading.tokens)))
    for part in parts:
        part._meta = None  # places in the text, of no more use: every copy would copy them
    if dialect == "sqlite":
        from semantic_layer.syntax.sqlite_functions import check_functions

        check_functions(parts)
    return tree


def _read(
    text: str, dialect: str, names: Collection[int], tokens: list[Any] | None
) -> tuple[Reading, Node, int]:
    """Return a text as read, the tree of its expression, and at which token that begins."""
    try:
        reading = Reading(text, dialect, exp.Condition, names, tokens)
    except SqlglotError:
        if names:
            raise
        # The names of some functions begin statements too, as REPLACE does in SQLite.
        reading = Reading(f"SELECT {text}", dialect, None)
        term = _only_term(reading.trees)
        if term is None:
            raise
        return reading, term, 1
    if reading.trees[0] is None:
        raise empty("an SQL expression")
    if isinstance(reading.trees[0], exp.Command):
        raise SqlglotError("it is a command")
    return reading, reading.trees[0], 0


def _only_term(queries: list[Node]) -> Node | None:
    """Return what a SELECT shows, if it is one expression and nothing more."""
    query = queries[0] if len(queries) == 1 else None
    if not isinstance(query, exp.Select) or len(query.expressions) != 1:
        return None
    rest = [name for name, value in query.args.items() if value and name != "expressions"]
    term = query.expressions[0]
    if rest or not isinstance(term, exp.Condition):
        return None
    term.pop()
    return term


_WITH_NAMES: dict[str, _Reader] = {"an SQL expression": _expression, "a table name": _table}
