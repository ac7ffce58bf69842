"""Expressions up to the names in them: `sum(amount)` and `sum(price)` have one fingerprint.

The parser treats two texts of one fingerprint alike, so what was found out about one holds for all.
A name is left out of it only when it cannot mean anything else: no word that sqlglot's own source
knows, no call of a function, nothing quoted.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import NamedTuple

_LONGEST = 500
_TOKEN = re.compile(r"('[A-Za-z0-9 _.:/-]*'|[A-Za-z_][A-Za-z0-9_]*|[0-9]+(?:\.[0-9]+)?)")
_GAP = re.compile(r"[\s+*/(),=<>!|-]*\Z")
# Comments, arrows and named arguments: a name in or beside one is not a column.
_NOT_PLAIN = re.compile(r"--|/\*|//|->|=>")
_COMPARISONS = frozenset({"=", "<>", "!=", "<", ">", "<=", ">="})
_SUMS = frozenset({"+", "-"})
_VALUE_FOLLOWS = frozenset({"THEN", "ELSE"})
_VALUES = 10
_LITERAL_STARTS = frozenset("'0123456789")
# Compared with a time, such a text is right or wrong by itself.
_LIKE_A_TIME = re.compile(r"'[0-9]+[-:/]")
IN_ANY_CASE = re.compile(r"zq|99017", re.IGNORECASE)
PLACEHOLDER = re.compile(r"(zq[0-9]+[cqv]|99017[0-9])")


class Fingerprint(NamedTuple):
    """A text with placeholders for the names in it, and what these stand for.

    `names` has the words for `zq0c`, `zq1c`, …, and `placeholders` the reverse; `qualifiers` are
    the words before a dot, which stand in the text as `placed` says; `values` has the literals
    that something is compared with, but for those that look like times, and the numbers that are
    added or subtracted. The `fixed` words are in the text as they are.
    """

    text: str
    names: dict[str, str]
    placeholders: dict[str, str]
    qualifiers: tuple[str, ...]
    placed: tuple[str, ...]
    values: dict[str, str]
    fixed: frozenset[str]

    def meaning(self, name: str) -> str:
        """Return the word that a name in the text stands for."""
        return self.names.get(name, name)

    def typed(self, types: dict[str, str]) -> frozenset[tuple[str, str]]:
        """Return the types of the names in the text, of those that are in `types`."""
        if types.keys().isdisjoint(self.placeholders) and types.keys().isdisjoint(self.fixed):
            return frozenset()
        words = {**self.names, **{word: word for word in self.fixed}}
        return frozenset((placed, types[word]) for placed, word in words.items() if word in types)

    def words(self) -> dict[str, str]:
        """Return what every placeholder stands for."""
        return {**self.names, **dict(zip(self.placed, self.qualifiers, strict=True)), **self.values}


@cache
def special_words() -> frozenset[str]:
    """Return the words, in capitals, that may mean something to sqlglot."""
    path = os.path.join(os.path.dirname(__file__), "sqlglot_words.txt")
    with open(path, encoding="ascii") as file:
        return frozenset(file.read().split())


class Fingerprinter:
    """Takes the fingerprints of texts, of each text once."""

    def __init__(self) -> None:
        self._known: dict[str, Fingerprint | None] = {}
        self._gaps: dict[str, bool] = {}
        self._special = special_words()

    def read(self, text: str) -> Fingerprint | None:
        """Return the fingerprint of a text, or None when the text is not plain enough."""
        if text not in self._known:
            self._known[text] = self._read(text)
        return self._known[text]

    def _read(self, text: str) -> Fingerprint | None:
        if len(text) > _LONGEST or IN_ANY_CASE.search(text):
            return None
        # Gaps and tokens in turn, a gap first and last.
        parts = _TOKEN.split(text)
        if parts[0] == "." or not all(parts[2:-1:2]) or not all(map(self._is_plain, parts[::2])):
            return None
        return self._written(parts)

    def _is_plain(self, gap: str) -> bool:
        if gap not in self._gaps:
            plain = _GAP.match(gap) is not None and not _NOT_PLAIN.search(gap)
            self._gaps[gap] = plain or gap == "."
        return self._gaps[gap]

    def _written(self, parts: list[str]) -> Fingerprint | None:
        """Put placeholders where tokens are; None when a dot is not that of a qualifier."""
        placeholders: dict[str, str] = {}
        qualifiers: dict[str, str] = {}
        fixed: set[str] = set()
        values = _Values(parts)
        for index in range(1, len(parts), 2):
            token, after = parts[index], parts[index + 1]
            if after == "." and not _is_qualifier(parts, index):
                return None
            if token[0] in _LITERAL_STARTS:
                parts[index] = values.written(index)
                continue
            special = token.upper() in self._special
            if after == ".":
                placed = token if special else f"zq{len(qualifiers)}q"
                parts[index] = qualifiers.setdefault(token, placed)
            elif special or after.lstrip()[:1] == "(":
                fixed.add(token)
            else:
                parts[index] = placeholders.setdefault(token, f"zq{len(placeholders)}c")
        return Fingerprint(
            "".join(parts),
            {placed: word for word, placed in placeholders.items()},
            placeholders,
            tuple(qualifiers),
            tuple(qualifiers.values()),
            values.found,
            frozenset(fixed),
        )


def _is_qualifier(parts: list[str], index: int) -> bool:
    """Whether a token before a dot and the one after it are words, with no further dot before."""
    ends = parts[index], parts[index + 2] if index + 2 < len(parts) else "0"
    return parts[index - 1] != "." and all(end[0] not in _LITERAL_STARTS for end in ends)


class _Values:
    """The literals of one text of which it does not matter which they are."""

    def __init__(self, parts: list[str]) -> None:
        self.found: dict[str, str] = {}
        self._parts = parts
        self._listed = 0
        """The place of the last value in the list of an IN."""

    def written(self, index: int) -> str:
        """Return a literal as the fingerprint has it."""
        value = self._parts[index]
        is_text = value[0] == "'"
        is_any = self._is_compared(index) or (not is_text and self._is_added(index))
        if not is_any or len(self.found) == _VALUES or _LIKE_A_TIME.match(value):
            return value
        name = f"zq{len(self.found)}v" if is_text else f"99017{len(self.found)}"
        self.found[name] = value[1:-1] if is_text else value
        return f"'{name}'" if is_text else name

    def _is_added(self, index: int) -> bool:
        """Whether a literal is added to something, or subtracted from it."""
        return index > 1 and self._parts[index - 1].strip() in _SUMS

    def _is_compared(self, index: int) -> bool:
        """Whether a literal is a whole operand of a comparison, or a result of a CASE."""
        before = self._parts[index - 1].strip()
        last = self._parts[index - 2].upper() if index > 1 else ""
        continues = before == "," and self._listed == index - 2
        if continues or (before == "(" and last == "IN"):
            self._listed = index
            return True
        return index > 1 and (before in _COMPARISONS or (not before and last in _VALUE_FOLLOWS))
