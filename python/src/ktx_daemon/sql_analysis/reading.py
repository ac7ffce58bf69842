"""Reading a text as exactly one statement, when what we read is what the database would run."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from semantic_layer.data.record import Record
from semantic_layer.syntax.lean_sqlglot import Dialect, SqlglotError, TokenType, exp
from semantic_layer.syntax.tree import Node

MAX_CHARACTERS = 1_000_000
MAX_TOKENS = 100_000

# A database may end a line, a comment or the whole text at one of these, and the parser not.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]|\r(?!\n)")
# An identifier spelt by code points, which the parser does not decode.
_UNICODE_IDENTIFIER = re.compile(r'\b[uU]&"')
_LINE_COMMENTS = {"mysql": ("--", "#"), "bigquery": ("--", "#"), "snowflake": ("--", "//")}
_COMMENT_MARKS = {"clickhouse": ("--", "#!", "# "), "duckdb": ("--",)}


class Refused(Exception):
    """A text that is not taken: `reason` from a closed list, `detail` what it is about."""

    def __init__(self, reason: str, message: str, detail: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.detail = detail


class Statement(Record):
    """One statement: its text, its tokens (the final semicolons left out) and its tree."""

    sql: str
    tokens: list[Any]
    tree: Node


def read_statement(sql: str, dialect: str) -> Statement:
    """Return the one statement of a text; raises `Refused`."""
    tokens = read_tokens(sql, dialect)
    try:
        with _quiet():
            trees = Dialect.get_or_raise(dialect).parser().parse(tokens, sql)
    except SqlglotError as error:
        described: list[dict[str, Any]] = getattr(error, "errors", None) or [{}]
        found = described[0]
        place = f" at line {found['line']}, column {found['col']}" if found.get("line") else ""
        what = str(found.get("description") or "the text ends too early").rstrip(".")
        if "<class" in what:  # The parser's own word for it.
            what = "something is missing"
        raise Refused("not_parsed", f"The text is not {dialect} SQL{place}: {what}.") from error
    except RecursionError as error:
        raise Refused("too_deep", "The statement is nested too deeply to be read.") from error
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        # The parser has no answer for some texts, and says so in its own way.
        what = f"{type(error).__name__} in the parser"
        raise Refused("not_parsed", f"The text is not {dialect} SQL: {what}.") from error
    found_trees = [tree for tree in trees if tree and not isinstance(tree, exp.Semicolon)]
    if len(found_trees) != 1:
        raise Refused(
            "several_statements" if found_trees else "empty",
            f"The text has {len(found_trees)} statements; exactly one is taken.",
        )
    own = [token for token in tokens if token.token_type is not TokenType.SEMICOLON]
    return Statement(sql, own, found_trees[0])


def read_tokens(sql: str, dialect: str) -> list[Any]:
    """Return the tokens of a text whose comments mean the same to the database and to us."""
    if len(sql) > MAX_CHARACTERS:
        raise Refused("too_large", f"The text has {len(sql)} characters, of {MAX_CHARACTERS}.")
    control = _CONTROLS.search(sql)
    if control:
        code = f"U+{ord(control[0]):04X}"
        raise Refused("ambiguous_text", f"The text has the control character {code} in it.", code)
    if _UNICODE_IDENTIFIER.search(sql):
        raise Refused("ambiguous_text", 'Names spelt as U&"…" are not read.', 'U&"')
    try:
        tokens = Dialect.get_or_raise(dialect).tokenize(sql)
    except SqlglotError as error:
        raise Refused("not_parsed", f"The text is not {dialect} SQL: {_first(error)}.") from error
    if len(tokens) > MAX_TOKENS:
        raise Refused("too_large", f"The text has {len(tokens)} tokens, of {MAX_TOKENS}.")
    if tokens and tokens[0].token_type in Dialect.get_or_raise(dialect).tokenizer_class.COMMANDS:
        command = tokens[0].text.upper()
        raise Refused("not_a_query", f"The statement is no SELECT but {command}.", command)
    for gap in _gaps(sql, tokens):
        _check_gap(gap, dialect)
    return tokens


def _gaps(sql: str, tokens: Sequence[Any]) -> Iterator[str]:
    end = 0
    for token in tokens:
        if token.start > end:
            yield sql[end : token.start]
        end = token.end + 1
    if end < len(sql):
        yield sql[end:]


def _check_gap(gap: str, dialect: str) -> None:
    """Refuse what stands between tokens and is neither space nor a plain comment."""
    position = 0
    marks = _LINE_COMMENTS.get(dialect) or _COMMENT_MARKS.get(dialect) or ("--",)
    while position < len(gap):
        rest = gap[position : position + 3]
        if rest[0] in " \t\r\n;":
            position += 1
        elif rest.startswith(marks):
            if dialect == "mysql" and rest.startswith("--") and rest[2:].strip():
                raise Refused("ambiguous_text", "MySQL takes this `--` for two minus signs.", "--")
            newline = gap.find("\n", position)
            position = newline + 1 if newline >= 0 else len(gap)
        elif rest.startswith("/*"):
            position = _end_of_comment(gap, position)
        else:
            raise Refused("ambiguous_text", "The text has something that is no SQL.", rest)


def _end_of_comment(gap: str, start: int) -> int:
    end = gap.find("*/", start + 2)
    body = gap[start + 2 : end if end >= 0 else len(gap)]
    if body.startswith(("!", "M!")):
        raise Refused("ambiguous_text", "MySQL runs what is in this comment.", "/*!")
    if end < 0 or "/*" in body:
        raise Refused("ambiguous_text", "Databases differ in where this comment ends.", "/*")
    return end + 2


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the parser from writing the text to the log when it gives up on it."""
    logger = logging.getLogger("sqlglot")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


def _first(error: Exception) -> str:
    return (str(error).splitlines() or ["?"])[0].rstrip(".")
