"""What no expression may hold, in its text and in its tree.

Placeholders, commands and words of other databases are found among the tokens, and so never in a
literal or comment. What reads tables, or gives a row several values, is found in the tree: the
model could not vouch for what it reads or returns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from semantic_layer.errors import Origin, SemanticError
from semantic_layer.syntax.lean_sqlglot import TokenType, exp
from semantic_layer.syntax.tree import Node, parts_of
from semantic_layer.syntax.verbatim import written

MAX_NESTING = 200
"""How many parentheses may be open at a time."""

_OPENING = {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE}
_CLOSING = {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END}
_QUOTED = {TokenType.STRING, TokenType.IDENTIFIER}
# Where braces write a value: a struct, an object, a map.
_BRACES = {"duckdb", "clickhouse", "snowflake", "databricks", "spark"}
# Of texts that the parser does not take: what is a placeholder to programs that fill them.
_UNFILLED = r"%\(\w+\)s|%s\b|[$#]?\{\{?[%\w\s:]*\}?\}?|(?<![:\w\])]):\w+|[@$]\w+|\?\d*"
# What stands in quotes in templates, and in no value that people have.
_TEMPLATE = r"\{\{.*?\}\}|\{%.*?%\}|\$\{\w+\}"
_FILL = "Write the value itself, for example `'paid'`; a question is the place for what varies."
_MYSQL_CODE = ("/*!", "/*M!")

_TRY = "Write `CASE WHEN {test} THEN CAST(x AS …) END` with the test that fits."
_LIKE = "Write `LOWER(x) LIKE LOWER('…')`."
_CAST = "Write `CAST(x AS …)`."
_FOREIGN: dict[str, dict[str, str]] = {
    "sqlite": {
        "TRY_CAST": _TRY.format(test="x NOT GLOB '*[^0-9]*'"),
        "SAFE_CAST": _TRY.format(test="x NOT GLOB '*[^0-9]*'"),
        "ILIKE": "Write `LIKE`, which ignores the case of ASCII letters in SQLite.",
        "::": _CAST,
        "REGEXP": "Write it with `GLOB` or `LIKE`.",
        "RLIKE": "Write it with `GLOB` or `LIKE`.",
        "INTERVAL": "Write it with a modifier, for example `DATE(x, '+1 day')`.",
    },
    "mysql": {
        "TRY_CAST": _TRY.format(test="x REGEXP '^[0-9]+$'"),
        "SAFE_CAST": _TRY.format(test="x REGEXP '^[0-9]+$'"),
        "ILIKE": "Write `LIKE`, which ignores case under most collations, or " + _LIKE[6:],
        "::": _CAST,
    },
    "postgres": {
        "TRY_CAST": _TRY.format(test="x ~ '^[0-9]+$'"),
        "SAFE_CAST": _TRY.format(test="x ~ '^[0-9]+$'"),
    },
    "tsql": {
        "ILIKE": _LIKE,
        "::": _CAST,
        "INTERVAL": "Write it with a function, for example `DATEADD(day, -7, x)`.",
    },
    "bigquery": {"ILIKE": _LIKE, "::": _CAST},
    "trino": {"ILIKE": _LIKE, "::": _CAST},
}


class Refused(Exception):
    """A text that is not taken: what is wrong with it, and what to write instead."""

    def __init__(self, reason: str, fix: str, *, unsupported: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.unsupported = unsupported
        self.suggestions: list[str] = []


def check_tokens(text: str, tokens: Sequence[Any], dialect: str, expected: str) -> list[Any]:
    """Return the tokens without final semicolons; raises `Refused` for what no text may have."""
    own = list(tokens)
    while own and own[-1].token_type is TokenType.SEMICOLON:
        own.pop()
    if not own:
        raise empty(expected)
    if any(token.token_type is TokenType.SEMICOLON for token in own):
        raise Refused(
            f"it is not {expected}: a `;` ends it, and something follows",
            "Write one; several conditions are joined by AND, or are filters of their own.",
        )
    if dialect == "mysql" and any(
        start in gap for gap in _gaps(text, tokens) for start in _MYSQL_CODE
    ):
        raise Refused("MySQL runs what is in a comment `/*!`", "Leave the comment out.")
    _check_nesting(own)
    _check_templates(text, own, dialect)
    _check_foreign(own, dialect)
    return own


def _has_braces(text: str) -> bool:
    return "{{" in text or "{%" in text or "${" in text


def _gaps(text: str, tokens: Sequence[Any]) -> Iterator[str]:
    end = 0
    for token in tokens:
        yield text[end : token.start]
        end = token.end + 1
    yield text[end:]


def _check_nesting(tokens: Sequence[Any]) -> None:
    depth = 0
    for token in tokens:
        depth += (token.token_type in _OPENING) - (token.token_type in _CLOSING)
        if depth > MAX_NESTING:
            raise too_deep()


def empty(expected: str) -> Refused:
    """Return the refusal of a text without any SQL."""
    return Refused(f"it is not {expected}: it is empty", "Write SQL, or leave the field out.")


def too_deep() -> Refused:
    """Return the refusal of a text whose parts are too deep in one another."""
    fix = "Split it: into a computed column, a segment, or an `sql` source."
    return Refused("it is nested too deeply", fix)


def _check_templates(text: str, tokens: Sequence[Any], dialect: str) -> None:
    for index, token in enumerate(tokens):
        if token.token_type is TokenType.STRING and _has_braces(token.text):
            found = re.search(_TEMPLATE, token.text)
            if found is not None:
                raise unfilled(found[0])
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        adjacent = after is not None and after.start == token.end + 1
        word = token.text
        if token.token_type in _QUOTED:
            continue
        if token.token_type is TokenType.L_BRACE:
            opens = adjacent and after is not None and after.text in ("{", "%")
            before = tokens[index - 1] if index else None
            opens = opens or (before is not None and before.text in ("$", "#"))
            escape = after is not None and after.text.upper() in ("FN", "D", "T", "TS")
            if opens or (dialect not in _BRACES and not escape):
                raise unfilled(placeholder_in(text, tokens) or "{")
        elif word[:1] == "$" and word[1:2] != "$" and token.token_type is TokenType.VAR:
            raise unfilled(word)


def unfilled(shown: str) -> Refused:
    """Return the refusal of a placeholder."""
    return Refused(f"`{shown}` is a placeholder that nobody fills", _FILL)


def _check_foreign(tokens: Sequence[Any], dialect: str) -> None:
    foreign = _FOREIGN.get(dialect, {})
    for index, token in enumerate(tokens):
        word = token.text.upper()
        if word == "INTERVAL" and token.token_type not in _QUOTED:
            _check_interval(tokens[index + 1 : index + 2], foreign.get(word), dialect)
            continue
        fix = foreign.get(word)
        if fix is None or token.token_type in _QUOTED:
            continue
        around = tokens[max(index - 1, 0) : index + 2]
        if not any(beside.token_type is TokenType.DOT for beside in around) and (
            len(around) > 1 or token.text == "::"
        ):
            raise Refused(f"{dialect} has no `{token.text.upper()}`", fix, unsupported=True)


def _check_interval(after: Sequence[Any], fix: str | None, dialect: str) -> None:
    """Raise `Refused` for an interval that the database has not; the word may also be a name."""
    if not after or after[0].token_type not in (TokenType.STRING, TokenType.NUMBER):
        return
    if fix is not None:
        raise Refused(f"{dialect} has no `INTERVAL`", fix, unsupported=True)
    length, _, unit = after[0].text.strip().partition(" ")
    if dialect == "trino" and unit.isalpha():
        # Trino 483 takes INTERVAL for a type's name then, and does not know it.
        near = f"INTERVAL '{length}' {unit.upper().removesuffix('S')}"
        raise Refused(
            f"trino has no `INTERVAL '{after[0].text}'`", f"Write `{near}`.", unsupported=True
        )


def check_parts(parts: Iterable[Node], text: str, tokens: Sequence[Any]) -> None:
    """Raise `Refused` for a part of a tree that stands for a value that is not there."""
    for part in parts:
        if isinstance(part, (exp.Placeholder, exp.Parameter)):
            raise unfilled(placeholder_in(text, tokens) or "?")
        if isinstance(part, exp.Comprehension):
            raise Refused(
                "the variable of a list comprehension could be taken for a column",
                "Write `list_transform(list, x -> …)`, or `list_filter`.",
                unsupported=True,
            )
        if isinstance(part, exp.PositionalColumn):
            raise Refused(
                f"`#{part.this.name}` is the place of a column", "Write the column's name."
            )


def placeholder_in(text: str, tokens: Sequence[Any]) -> str | None:
    """Return what may be a placeholder in a text that could not be parsed, or None."""
    # Literals and comments are left out, and everything else stays where it was.
    kept = list(" " * len(text))
    for token in tokens:
        if token.token_type not in _QUOTED:
            kept[token.start : token.end + 1] = text[token.start : token.end + 1]
    found = re.search(_UNFILLED, "".join(kept))
    return found[0] if found is not None else None


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
