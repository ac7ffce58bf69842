"""The proof that a text is exactly one statement that only reads.

What is not understood is refused. It is no replacement for a read-only session: a database's own
functions may write, and their names say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ktx_daemon.sql_analysis.functions import is_unsafe
from ktx_daemon.sql_analysis.reading import Refused, Statement, read_statement
from ktx_daemon.sql_analysis.usage import physical_tables
from semantic_layer.data.record import Record
from semantic_layer.syntax.lean_sqlglot import TokenType, exp
from semantic_layer.syntax.tree import Node

_PRAGMA = re.compile(
    r"""\s*PRAGMA\s+(?:\w+\.)?
    (?:table_info|table_xinfo|table_list|index_list|index_info|index_xinfo|foreign_key_list
    |database_list|show_tables)
    \s*(?:\(\s*(?:\w+|'[\w ]+'|"[\w ]+")\s*\))?\s*;?\s*""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
# No unquoted name of a column or table in a statement that is accepted: a dialect that needs no
# semicolon starts its next statement with one of these where a parser sees an alias.
_WRITING_WORDS = frozenset(
    """insert update delete merge drop alter create truncate grant revoke exec execute into
    upsert""".split()
)
_TSQL_WORDS = frozenset(
    """backup begin break bulk checkpoint close commit dbcc deallocate declare deny disable dump
    enable fetch goto if kill load open print raiserror readtext reconfigure restore return revert
    rollback save set setuser shutdown throw updatetext use waitfor while writetext add""".split()
)
_LOCKING_HINTS = frozenset(
    """updlock xlock tablock tablockx holdlock paglock rowlock serializable
    repeatableread""".split()
)
_WRITING_NODES = (exp.DDL, exp.DML, exp.Merge, exp.Command, exp.Into, exp.NextValueFor)
_FILE_DIALECTS = frozenset(("duckdb", "spark", "databricks", "clickhouse"))
_FILE = re.compile(
    r".*[/\\:*?].*|.*\.(?:csv|tsv|txt|parquet|json|jsonl|ndjson|xlsx|arrow|feather|avro|orc|gz|zst"
    r"|bz2|xz|db|duckdb|sqlite)",
    re.IGNORECASE | re.DOTALL,
)


class Verdict(Record):
    """Whether a text only reads, and if not why: a reason of `docs/boundary.md`, and a sentence."""

    ok: bool
    statement_kind: str | None
    reason: str | None
    detail: str | None
    error: str | None
    tables: list[str]

    def as_json(self) -> dict[str, object]:
        """Return the response of the operation."""
        return dict(vars(self))


def validate_read_only(sql: str, dialect: str) -> Verdict:
    """Judge one text; never raises for what is in it."""
    kind: str | None = None
    try:
        statement = read_statement(sql, dialect)
        kind = _kind(statement)
        if kind == "pragma" and dialect in ("sqlite", "duckdb") and _PRAGMA.fullmatch(sql):
            return Verdict(True, kind, None, None, None, [])
        _check(statement, dialect)
        return Verdict(True, kind, None, None, None, physical_tables(statement.tree))
    except Refused as refused:
        return Verdict(False, kind, refused.reason, refused.detail, refused.message, [])


def _kind(statement: Statement) -> str:
    tree = statement.tree
    if not isinstance(tree, (exp.Query, exp.Values)):
        return str(statement.tokens[0].text).lower()
    return tree.unnest().key if isinstance(tree, exp.Subquery) else tree.key


def _check(statement: Statement, dialect: str) -> None:
    if not isinstance(statement.tree, (exp.Query, exp.Values)):
        kind = _kind(statement).upper()
        raise Refused("not_a_query", f"The statement is no SELECT but {kind}.", kind)
    for node in statement.tree.walk():
        for check in _NODE_CHECKS:
            check(node, dialect)
    _check_words(statement, dialect)


def _check_writing(node: Node, _: str) -> None:
    if isinstance(node, _WRITING_NODES):
        what = node.key.upper()
        raise Refused("writes", f"The statement writes: it has {what} in it.", what)
    if isinstance(node, exp.Column) and node.table and node.name.casefold() == "nextval":
        raise Refused("writes", "The statement takes a number from a sequence.", node.name)


def _check_locking(node: Node, _: str) -> None:
    if isinstance(node, exp.Lock):
        raise Refused("locks_rows", "The statement locks the rows that it reads.", "FOR UPDATE")
    if isinstance(node, exp.WithTableHint):
        for hint in node.expressions:
            if hint.name.casefold() in _LOCKING_HINTS:
                raise Refused("locks_rows", f"The hint {hint.name} takes locks.", hint.name)


def _check_session(node: Node, _: str) -> None:
    assigned = isinstance(node, exp.PropertyEQ) and isinstance(
        node.this, (exp.Parameter, exp.SessionParameter)
    )
    if assigned or (isinstance(node, exp.Query) and node.args.get("settings")):
        raise Refused("changes_session", "The statement changes a variable or a setting.")


def _check_file(node: Node, dialect: str) -> None:
    if not isinstance(node, exp.Table):
        return
    name = ".".join(part.name for part in node.parts)
    if name.startswith("@") or (dialect in _FILE_DIALECTS and _FILE.fullmatch(name)):
        raise Refused("reads_files", f"The statement reads the file '{name}'.", name)


_NODE_CHECKS: tuple[Callable[[Node, str], None], ...] = (
    _check_writing,
    _check_locking,
    _check_session,
    _check_file,
)


def _check_words(statement: Statement, dialect: str) -> None:
    words = _WRITING_WORDS | _TSQL_WORDS if dialect == "tsql" else _WRITING_WORDS
    tokens = statement.tokens
    for index, token in enumerate(tokens):
        if _is_text(token):
            continue
        if token.token_type == TokenType.HINT and "set_var" in token.text.casefold():
            raise Refused("changes_session", "The hint changes a setting.", "SET_VAR")
        called = index + 1 < len(tokens) and tokens[index + 1].token_type == TokenType.L_PAREN
        if called and is_unsafe(token.text, dialect):
            raise Refused(
                "unsafe_function", f"{token.text} may do more than compute.", token.text.lower()
            )
        named = index > 0 and tokens[index - 1].text.upper() in (".", "AS") and dialect != "tsql"
        if token.token_type == TokenType.IDENTIFIER or named:
            continue
        if called and token.text.casefold() in ("insert", "truncate"):
            continue  # functions of MySQL
        if not words.isdisjoint(token.text.casefold().split()):
            raise Refused(
                "writes",
                f"The statement has the word {token.text.upper()} in it, unquoted.",
                token.text.upper(),
            )


def _is_text(token: object) -> bool:
    return "STRING" in str(getattr(token, "token_type", ""))
