"""LookML's SQL: which fields a text refers to, and what stands in their place."""

from __future__ import annotations

import re
from collections.abc import Callable

from semantic_layer.syntax.names import as_stored, quoted_name

_REFERENCE = re.compile(r"\$\{\s*([\w.]+)\s*\}")
_OWN_COLUMN = re.compile(r"\$\{TABLE\}\s*\.\s*(?:\"([^\"]+)\"|`([^`]+)`|\[([^\]]+)\]|(\w+))\s*\Z")
_TABLE = re.compile(r"\$\{TABLE\}\s*\.\s*")
# A name, or the call of a function without parentheses inside.
_ONE_TERM = re.compile(r"(?:\w+|\"[^\"]*\"|`[^`]*`|\[[^\]]*\]|\w+\([^()]*\))\Z")


class Unusable(Exception):
    """A text that has no meaning outside Looker; says why."""


def plain_column(sql: str, dialect: str) -> str | None:
    """Return the column that a text is and nothing else, as the database calls it."""
    match = _OWN_COLUMN.match(sql.strip())
    if match is None:
        return None
    unquoted = match.groups()[-1]
    return as_stored(unquoted, dialect) if unquoted else next(filter(None, match.groups()), None)


def require_usable(sql: str) -> None:
    """Raise for a text that Looker computes when it runs a query."""
    if "{%" in sql or "{{" in sql:
        raise Unusable("Liquid is not evaluated")
    if "@{" in sql:
        raise Unusable("a constant has no value")


def replaced(sql: str, resolve: Callable[[str], str]) -> str:
    """Return SQL with its own table's name dropped and each reference resolved.

    Raises `Unusable`, as `resolve` may for a field that it does not know.
    """
    require_usable(sql)
    text = _TABLE.sub("", sql.strip())
    text = _REFERENCE.sub(lambda match: resolve(match[1]), text)
    if "${" in text:
        raise Unusable("a reference in it is not understood")
    return text


def references(sql: str) -> list[str]:
    """Return the fields that a text refers to, in order."""
    return [name for name in _REFERENCE.findall(sql) if name != "TABLE"]


def written(name: str, dialect: str) -> str:
    """Return a column's name as SQL of the dialect."""
    return quoted_name(name, dialect)


def in_parentheses(sql: str) -> str:
    """Return SQL so that it keeps its meaning inside a larger expression."""
    return sql if _ONE_TERM.match(sql) else f"({sql})"
