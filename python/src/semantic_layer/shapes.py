"""Expressions up to the names in them: `sum(amount)` and `sum(price)` have one shape.

The parser treats two texts of one shape alike, so what was found out about one holds for all. A
name is left out of the shape only when it cannot mean anything else: no word that sqlglot's own
source knows, no call of a function, nothing quoted.
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
_VALUE_FOLLOWS = frozenset({"THEN", "ELSE"})
_VALUES = 10
_OURS = re.compile(r"zq|99017", re.IGNORECASE)
PLACEHOLDER = re.compile(r"zq([0-9]+)([cqv])|99017([0-9])")


class Reading(NamedTuple):
    """A text as its shape, and what the placeholders in the shape stand for.

    `names` are `zq0c`, `zq1c`, …; `qualifiers` are the words before a dot, which stand in the
    shape as `placed` says; `values` are literals that something is compared with. The `fixed`
    words are in the shape as they are.
    """

    shape: str
    names: tuple[str, ...]
    qualifiers: tuple[str, ...]
    placed: tuple[str, ...]
    values: tuple[str, ...]
    fixed: frozenset[str]

    def meaning(self, name: str) -> str:
        """Return the word of the text that a name in the shape stands for."""
        found = PLACEHOLDER.fullmatch(name)
        return self.names[int(found[1])] if found is not None and found[2] == "c" else name

    def placeholder(self, word: str) -> str:
        """Return how a word of the text is written in the shape."""
        return f"zq{self.names.index(word)}c" if word in self.names else word

    def restored(self, text: str) -> str:
        """Return a text about the shape with the placeholders replaced by what they stand for."""

        def original(found: re.Match[str]) -> str:
            index = int(found[1] or found[3])
            kinds = {"c": self.names, "q": self.qualifiers}
            return kinds.get(found[2], self.values)[index]

        return PLACEHOLDER.sub(original, text)


@cache
def special_words() -> frozenset[str]:
    """Return the words, in capitals, that may mean something to sqlglot."""
    path = os.path.join(os.path.dirname(__file__), "sqlglot_words.txt")
    with open(path, encoding="ascii") as file:
        return frozenset(file.read().split())


class ShapeReader:
    """Reads texts as shapes, each text once."""

    def __init__(self) -> None:
        self._known: dict[str, Reading | None] = {}
        self._gaps: dict[str, bool] = {}

    def read(self, text: str) -> Reading | None:
        """Return the reading of a text, or None when it is not plain enough."""
        if text not in self._known:
            self._known[text] = self._read(text)
        return self._known[text]

    def _read(self, text: str) -> Reading | None:
        if len(text) > _LONGEST or _OURS.search(text):
            return None
        parts = _TOKEN.split(text)
        between = parts[2:-1:2]
        if parts[0] == "." or not all(between) or not all(map(self._is_plain, parts[::2])):
            return None
        return _Writer(parts).write()

    def _is_plain(self, gap: str) -> bool:
        if gap not in self._gaps:
            plain = _GAP.match(gap) is not None and not _NOT_PLAIN.search(gap)
            self._gaps[gap] = plain or gap == "."
        return self._gaps[gap]


class _Writer:
    """Writes the shape of one text from its tokens and the gaps around them."""

    def __init__(self, parts: list[str]) -> None:
        self._parts = parts
        self._names: dict[str, str] = {}
        self._qualifiers: dict[str, str] = {}
        self._values: list[str] = []
        self._fixed: set[str] = set()
        self._listed = False
        """Whether the token before is a value in the list of an IN."""

    def write(self) -> Reading | None:
        parts = self._parts
        written = [parts[0]]
        for index in range(1, len(parts), 2):
            token = parts[index]
            is_word = token[0] not in "'0123456789"
            if parts[index + 1] == "." and not self._qualifies(index, is_word):
                return None
            written.append(self._word(index) if is_word else self._value(index))
            written.append(parts[index + 1])
        return Reading(
            "".join(written),
            tuple(self._names),
            tuple(self._qualifiers),
            tuple(self._qualifiers.values()),
            tuple(self._values),
            frozenset(self._fixed),
        )

    def _qualifies(self, index: int, is_word: bool) -> bool:
        """Whether a token before a dot is the one qualifier of the word after the dot."""
        following = self._parts[index + 2][:1] if index + 2 < len(self._parts) else ""
        return is_word and self._parts[index - 1] != "." and following not in ("", *"'0123456789")

    def _word(self, index: int) -> str:
        word, after = self._parts[index], self._parts[index + 1]
        self._listed = False
        special = word.upper() in special_words()
        if after == ".":
            placed = word if special else f"zq{len(self._qualifiers)}q"
            return self._qualifiers.setdefault(word, placed)
        if special or after.lstrip().startswith("("):
            self._fixed.add(word)
            return word
        return self._names.setdefault(word, f"zq{len(self._names)}c")

    def _value(self, index: int) -> str:
        value = self._parts[index]
        if not self._is_compared(index) or len(self._values) == _VALUES:
            return value
        position = len(self._values)
        is_text = value[0] == "'"
        self._values.append(value[1:-1] if is_text else value)
        return f"'zq{position}v'" if is_text else f"99017{position}"

    def _is_compared(self, index: int) -> bool:
        """Whether a literal is a whole operand of a comparison, or a result of a CASE."""
        before = self._parts[index - 1].strip()
        last = self._parts[index - 2].upper() if index > 1 else ""
        begins = before == "(" and last == "IN"
        self._listed = begins or (self._listed and before == ",")
        return (
            self._listed
            or (before in _COMPARISONS and index > 1)
            or (not before and last in _VALUE_FOLLOWS)
        )
