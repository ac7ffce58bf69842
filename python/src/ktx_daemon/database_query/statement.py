"""The statement that is run: proved to be one query that only reads, first of all."""

from __future__ import annotations

from ktx_daemon.database_query.failures import FIX_OF_REFUSED_COMPILED
from ktx_daemon.errors import DATABASE, OperationError
from ktx_daemon.sql_analysis.read_only import validate_read_only
from ktx_daemon.sql_analysis.reading import read_tokens
from semantic_layer.syntax.lean_sqlglot import TokenType


def reading_statement(sql: str, dialect: str, *, compiled: bool = False) -> str:
    """Return the statement without what follows it (semicolons, comments); raises if it writes.

    Of SQL that ktx `compiled`, the question is what the error asks to correct.
    """
    verdict = validate_read_only(sql, dialect)
    if not verdict.ok or verdict.statement_kind == "pragma":
        said = verdict.error or "The statement is no SELECT but PRAGMA."
        raise OperationError(
            DATABASE,
            f"The SQL is not run. {said}",
            fix=FIX_OF_REFUSED_COMPILED
            if compiled
            else "Ask with one SELECT or WITH statement that only reads.",
        )
    own = [
        token for token in read_tokens(sql, dialect) if token.token_type is not TokenType.SEMICOLON
    ]
    return sql[own[0].start : own[-1].end + 1]
