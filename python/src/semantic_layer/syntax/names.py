"""Names as a database takes them: in quotes where they need some, and no longer than it keeps."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import DECLARED, TYPED, WRITTEN, Node, parts_of

# Where a name without quotes is not the name that was written. The others keep its capitals, or
# find it in any case.
_FOLDED = {"postgres": str.lower, "redshift": str.lower, "snowflake": str.upper}
_LONGEST = {
    "bigquery": 300,
    "databricks": 255,
    "mysql": 64,
    "postgres": 63,
    "redshift": 127,
    "snowflake": 255,
    "spark": 255,
    "tsql": 128,
}
# PostgreSQL cuts between characters, but counts bytes.
_COUNTS_BYTES = {"postgres", "redshift"}
_DIGITS = 10
# Of a result's columns there; MySQL strips the blanks around them.
_NOT_IN_BIGQUERY = frozenset('!"$()*,./;?@[\\]^`{}~')


@cache
def reserved_words(dialect: str) -> frozenset[str]:
    """Return the words, in lower case, that a dialect does not take as a name everywhere.

    Those are among them that a later reader of the statement would not take as a name.
    """
    return _listed(dialect) | _listed("unread")


@cache
def _listed(name: str) -> frozenset[str]:
    path = os.path.join(os.path.dirname(__file__), "reserved_words", f"{name}.txt")
    with open(path, encoding="utf-8") as file:
        return frozenset(word for line in file if not line.startswith("#") for word in line.split())


def folds(dialect: str, name: str = "aA") -> bool:
    """Whether the database changes the case of a name without quotes."""
    return _FOLDED.get(dialect, str)(name) != name


def is_plain(name: str, dialect: str) -> bool:
    """Whether a name can be written without quotes, if its case does not matter."""
    return _is_word(name) and name.lower() not in reserved_words(dialect)


def as_stored(name: str, dialect: str) -> str:
    """Return what a name that SQL has without quotes is called in the database."""
    fold = _FOLDED.get(dialect, str)
    return fold(name) if _is_changed(name, fold) else name


def finished(tree: Node, dialect: str) -> Node:
    """Quote and shorten the names of ours in a tree, in place, and return it."""
    known: dict[tuple[str, str], tuple[str, bool]] = {}
    for node in parts_of(tree):
        if not isinstance(node, exp.Identifier):
            continue
        kind = node.args.get("kind")
        if kind is None or node.args.get("quoted"):
            if kind == WRITTEN:
                node.set("this", kept(node.this, dialect))
            continue
        key = (node.this, kind)
        if key not in known:
            known[key] = _written(node.this, kind, dialect)
        name, quoted = known[key]
        node.set("this", name)
        node.set("quoted", quoted)
    return tree


def quoted_name(name: str, dialect: str, kind: str = DECLARED) -> str:
    """Return a name as SQL of the dialect, in quotes where it needs them."""
    text, quoted = _written(name, kind, dialect)
    return exp.Identifier(this=text, quoted=quoted).sql(dialect)


def _written(name: str, kind: str, dialect: str) -> tuple[str, bool]:
    """Return the spelling of a name, and whether it stands in quotes."""
    fold = _FOLDED.get(dialect, str)
    if kind == WRITTEN:
        name = kept(name, dialect)
    if kind != TYPED and (not _is_word(name) or _is_changed(name, fold)):
        return name, True
    reserved = name.lower() in reserved_words(dialect)
    return (fold(name), True) if reserved else (name, False)


def _is_word(name: str) -> bool:
    return name.isascii() and name.isidentifier()


def _is_changed(name: str, fold: Callable[[str], str]) -> bool:
    # Where names are folded to capitals, most people write them in small letters.
    return fold(name) != name and not (fold is str.upper and name.islower())


def kept(name: str, dialect: str) -> str:
    """Return a name of ours as one that the database takes and keeps whole.

    What it would cut, strip or refuse is left out, and a digest says which name it was.
    """
    cleaned = name
    if dialect == "mysql":
        cleaned = name.strip()
    elif dialect == "bigquery":
        cleaned = "".join("_" if letter in _NOT_IN_BIGQUERY else letter for letter in name)
    longest = _LONGEST.get(dialect, len(name) * 4)
    data = cleaned.encode() if dialect in _COUNTS_BYTES else cleaned
    if cleaned == name and len(data) <= longest:
        return name
    start = data[: longest - _DIGITS - 1]
    text = start.decode(errors="ignore") if isinstance(start, bytes) else start
    return f"{text}_{_digest(name)}"


def _digest(name: str) -> str:
    # FNV-1a: nobody attacks it, and hashlib would be one more import of every query.
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"[-_DIGITS:]
