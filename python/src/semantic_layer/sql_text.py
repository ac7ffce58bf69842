"""What SQL text must not have in it: found among its tokens, so never in a literal or comment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from semantic_layer.engine_functions import PORTABLE, argument_counts
from semantic_layer.errors import close_names
from semantic_layer.lean_sqlglot import TokenType, exp
from semantic_layer.sql import Node
from semantic_layer.verbatim import template_of

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

_OTHER = "Write it with the functions that SQLite has."

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
    "tsql": {"ILIKE": _LIKE, "::": _CAST},
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
        fix = foreign.get(token.text.upper())
        if fix is None or token.token_type in _QUOTED:
            continue
        around = tokens[max(index - 1, 0) : index + 2]
        if not any(beside.token_type is TokenType.DOT for beside in around) and (
            len(around) > 1 or token.text == "::"
        ):
            raise Refused(f"{dialect} has no `{token.text.upper()}`", fix, unsupported=True)


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


def check_functions(parts: Iterable[Node]) -> None:
    """Raise `Refused` for a call that SQLite would not find; the one in ktx has no extensions."""
    known = argument_counts("sqlite functions")
    for node in parts:
        template = template_of(node) if isinstance(node, exp.Func) else None
        call = template.call if template is not None else None
        if call is None or isinstance(node, exp.Cast) or call.name in PORTABLE:
            continue
        if call.name not in known:
            refused = Refused(f"sqlite has no function `{call.name}`", _OTHER, unsupported=True)
            refused.suggestions = close_names(call.name, sorted(known))
            raise refused
        if known[call.name] and call.arguments not in known[call.name]:
            counts = " or ".join(map(str, sorted(known[call.name])))
            raise Refused(
                f"`{call.name}` of sqlite takes {counts} arguments, not {call.arguments}",
                _OTHER,
                unsupported=True,
            )
