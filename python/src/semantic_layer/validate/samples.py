"""What is true of every expression of one shape, found out by checking one of them in full.

The one that is checked belongs to a small model made for it: a source with a table, the columns
and the measures that the shape names, and nothing that could be wrong beside the shape itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from semantic_layer.catalog import Catalog
from semantic_layer.errors import SemanticError
from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.parser import ExpressionParser
from semantic_layer.syntax.aggregates import columns_outside_aggregates
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import Node
from semantic_layer.validate.expressions import ExpressionCheck
from semantic_layer.validate.fingerprint import IN_ANY_CASE, PLACEHOLDER, Reading

FactT = TypeVar("FactT")
_KEY, _RESULT, _SOURCE = "zq_key", "zq_result", "zq_source"
_LEFT, _RIGHT = "zq_left", "zq_right"
_DIVIDED = f"sum({_KEY}) / count(*)"


class MeasureFact(NamedTuple):
    """A measure is fine if its source has these columns and measures, and they are fine.

    `combines` says that it can be part of another measure without further ado.
    """

    columns: tuple[str, ...]
    measures: tuple[str, ...]
    combines: bool


class JoinFact(NamedTuple):
    """A join is fine if its sides have these columns; the fixed ones have a single value by it."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    left_fixed: frozenset[str]
    right_fixed: frozenset[str]


class _Printed(NamedTuple):
    """A printed tree with gaps for what the placeholders stand for."""

    text: str
    gaps: tuple[str, ...]

    def of(self, words: dict[str, str]) -> str:
        """Return the text with the words in the gaps."""
        return self.text % tuple(words[gap] for gap in self.gaps)


class Representatives:
    """Checks one expression of each shape; None for a shape that is not fine by itself."""

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect
        self._parser = ExpressionParser(dialect)
        self._facts: dict[tuple[Any, ...], Any] = {}

    def canonical(self, reading: Reading) -> str | None:
        """Return how the parsed text prints, or None when it cannot be parsed."""
        key = ("canonical", reading.shape)
        if key not in self._facts:
            tree = self._parsed(reading.shape)
            self._facts[key] = _printed(tree) if tree is not None else None
        printed: _Printed | None = self._facts[key]
        return printed.of(reading.words()) if printed is not None else None

    def is_table(self, reading: Reading) -> bool:
        """Whether the text is the name of a table."""
        key = ("table", reading.shape)
        if key not in self._facts:
            self._facts[key] = _unless_wrong(lambda: self._parser.parse_table(reading.shape))
        return self._facts[key] is not None

    def measure(self, reading: Reading, restricted: bool) -> MeasureFact | None:
        """Return what a measure of this shape needs; `restricted` ones have a filter or segment."""
        key = ("measure", reading.shape, restricted)
        if key not in self._facts:
            self._facts[key] = self._measure(reading, restricted)
        fact: MeasureFact | None = self._facts[key]
        return fact

    def condition(self, reading: Reading) -> tuple[str, ...] | None:
        """Return the columns that a condition of this shape names."""
        key = ("condition", reading.shape)
        if key not in self._facts:
            self._facts[key] = self._condition(reading)
        columns: tuple[str, ...] | None = self._facts[key]
        return columns

    def column(self, reading: Reading, name: str) -> tuple[str, ...] | None:
        """Return the other columns that the computed column `name` reads."""
        own = reading.placeholders.get(name, name if name in reading.fixed else _RESULT)
        key = ("column", reading.shape, own)
        if key not in self._facts:
            self._facts[key] = self._column(reading, own)
        columns: tuple[str, ...] | None = self._facts[key]
        return columns

    def join(self, reading: Reading, sides: str, shared: frozenset[str]) -> JoinFact | None:
        """Return what a join condition of this shape needs.

        `sides` has `l` or `r` for each qualifier; names without one are columns of the left side,
        and the `shared` ones of the right side too.
        """
        key = ("join", reading.shape, sides, shared)
        if key not in self._facts:
            self._facts[key] = self._join(reading, sides, shared)
        fact: JoinFact | None = self._facts[key]
        return fact

    def _parsed(self, shape: str) -> Node | None:
        try:
            return self._parser.parse(shape)
        except SemanticError:
            return None

    def _measure(self, reading: Reading, restricted: bool) -> MeasureFact | None:
        tree = self._parsed(reading.shape)
        if tree is None or not _is_of_one_source(tree, reading):
            return None
        outside = columns_outside_aggregates(tree)
        inside = [part for part in tree.find_all(exp.Column) if not _is_in(part, outside)]
        columns, measures = _names(inside), _names(outside)
        if measures and restricted:
            return None  # what a restricted measure makes of its parts depends on them
        parts: list[dict[str, Any]] = [{"name": name, "expr": _DIVIDED} for name in measures]
        parts.append({"name": _RESULT, "expr": reading.shape})
        if restricted:
            parts[-1]["filter"] = f"{_KEY} = 1"
        raw = _source(reading, columns, measures=parts)

        def fact() -> MeasureFact:
            plan = self._check(raw).measure(raw["name"], _RESULT)
            simple = all(aggregate.fraction is None for aggregate in plan.aggregates)
            return MeasureFact(columns, measures, simple)

        return _unless_wrong(fact)

    def _condition(self, reading: Reading) -> tuple[str, ...] | None:
        tree = self._parsed(reading.shape)
        if tree is None or not _is_of_one_source(tree, reading):
            return None
        columns = _names(tree.find_all(exp.Column))
        segments = [{"name": _RESULT, "expr": reading.shape}]
        raw = _source(reading, columns, segments=segments)

        def fact() -> tuple[str, ...]:
            self._check(raw).segment(raw["name"], _RESULT, 0)
            return columns

        return _unless_wrong(fact)

    def _column(self, reading: Reading, own: str) -> tuple[str, ...] | None:
        tree = self._parsed(reading.shape)
        if tree is None or not _is_of_one_source(tree, reading):
            return None
        columns = tuple(name for name in _names(tree.find_all(exp.Column)) if name != own)
        raw = _source(reading, columns)
        raw["columns"].append({"name": own, "type": "number", "expr": reading.shape})

        def fact() -> tuple[str, ...]:
            self._check(raw).column(raw["name"], own)
            return columns

        return _unless_wrong(fact)

    def _join(self, reading: Reading, sides: str, shared: frozenset[str]) -> JoinFact | None:
        tree = self._parsed(reading.shape)
        placed = dict(zip(reading.placed, sides, strict=True))
        columns = list(tree.find_all(exp.Column)) if tree is not None else []
        if not columns or any(_qualifier(part) not in ("", *placed) for part in columns):
            return None
        left = _names(part for part in columns if placed.get(part.table, "l") == "l")
        right = _names(part for part in columns if placed.get(part.table) == "r")
        source, target = (
            next((name for name, side in placed.items() if side == wanted), default)
            for wanted, default in (("l", _LEFT), ("r", _RIGHT))
        )
        join = {"to": target, "on": reading.shape, "relationship": "many_to_one"}
        held = (*right, *(name for name in left if name in shared and name not in right))
        sources = [_table(source, left, joins=[join]), _table(target, held)]
        graph = JoinGraph(Catalog.from_list(sources), self._dialect)

        def fact() -> JoinFact:
            declaration = graph.declarations[0]
            there, back = graph.edges_of(declaration)
            fixed = frozenset(back.fixed_columns()), frozenset(there.fixed_columns())
            return JoinFact(left, right, *fixed)

        return _unless_wrong(fact)

    def _check(self, raw: dict[str, Any]) -> ExpressionCheck:
        return ExpressionCheck(JoinGraph(Catalog.from_list([raw]), self._dialect))


def _printed(tree: Node) -> _Printed | None:
    """Return how a tree prints, or None when the parser has changed the case of a name."""
    parts = PLACEHOLDER.split(repr(tree))
    if len(parts) // 2 != len(IN_ANY_CASE.findall("".join(parts))):
        return None
    text = "%s".join(part.replace("%", "%%") for part in parts[::2])
    return _Printed(text, tuple(parts[1::2]))


def _source(reading: Reading, columns: Iterable[str], **more: Any) -> dict[str, Any]:
    return _table(reading.placed[0] if reading.placed else _SOURCE, columns, **more)


def _table(name: str, columns: Iterable[str], **more: Any) -> dict[str, Any]:
    listed = [{"name": column, "type": "number"} for column in (_KEY, *columns)]
    return {"name": name, "table": "zq_table", "grain": [_KEY], "columns": listed, **more}


def _qualifier(part: exp.Column) -> str:
    return ".".join(identifier.name for identifier in part.parts[:-1])


def _is_of_one_source(tree: Node, reading: Reading) -> bool:
    """Whether every column stands without a qualifier, or with the one that the text has."""
    known = ("", *reading.placed[:1])
    return len(reading.placed) < 2 and all(
        _qualifier(part) in known for part in tree.find_all(exp.Column)
    )


def _names(parts: Iterable[exp.Column]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.name for part in parts if not part.is_star))


def _is_in(part: exp.Column, others: Sequence[exp.Column]) -> bool:
    return any(part is other for other in others)


def _unless_wrong(check: Callable[[], FactT]) -> FactT | None:
    """Return what a check finds out; whatever it raises is for the full check to tell."""
    try:
        return check()
    except (SemanticError, RecursionError):
        return None
