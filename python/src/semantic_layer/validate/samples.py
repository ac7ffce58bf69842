"""What is true of every expression of one fingerprint, found out by checking one sample in full.

The sample belongs to a small model made for it: a source with a table, the columns and the measures
that the fingerprint names, and nothing that could be wrong beside the expression itself.
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
from semantic_layer.validate.fingerprints import IN_ANY_CASE, PLACEHOLDER, Fingerprint

ResultT = TypeVar("ResultT")
Types = frozenset[tuple[str, str]]
_KEY, _RESULT, _SOURCE = "zq_key", "zq_result", "zq_source"
_LEFT, _RIGHT = "zq_left", "zq_right"
_DIVIDED = f"sum({_KEY}) / count(*)"


class MeasureSample(NamedTuple):
    """A measure is fine if its source has these columns and measures, and they are fine.

    `combines` says that it can be part of another measure without further ado.
    """

    columns: tuple[str, ...]
    measures: tuple[str, ...]
    combines: bool


class JoinSample(NamedTuple):
    """A join is fine if its sides have these columns; the fixed ones have a single value by it."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    left_fixed: frozenset[str]
    right_fixed: frozenset[str]


class _Print(NamedTuple):
    """A printed tree with gaps for what the placeholders stand for."""

    text: str
    gaps: tuple[str, ...]

    def of(self, words: dict[str, str]) -> str:
        """Return the text with the words in the gaps."""
        return self.text % tuple(words[gap] for gap in self.gaps)


class Samples:
    """Checks one sample of each fingerprint; None for one that is not fine by itself.

    `types` has the types of those names in a fingerprint's text that are no numbers: it depends on
    them what may be said of a time, and what may have a median.
    """

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect
        self._parser = ExpressionParser(dialect)
        self._samples: dict[tuple[Any, ...], Any] = {}

    def canonical(self, fingerprint: Fingerprint) -> str | None:
        """Return how the parsed text prints, or None when it cannot be parsed."""
        key = ("canonical", fingerprint.text)
        if key not in self._samples:
            tree = self._parsed(fingerprint.text)
            self._samples[key] = _printed(tree) if tree is not None else None
        printed: _Print | None = self._samples[key]
        return printed.of(fingerprint.words()) if printed is not None else None

    def is_table(self, fingerprint: Fingerprint) -> bool:
        """Whether the text is the name of a table."""
        key = ("table", fingerprint.text)
        if key not in self._samples:
            self._samples[key] = _unless_wrong(lambda: self._parser.parse_table(fingerprint.text))
        return self._samples[key] is not None

    def measure(
        self, fingerprint: Fingerprint, types: Types, restricted: bool
    ) -> MeasureSample | None:
        """Return what such a measure needs; `restricted` ones have a filter or segment."""
        key = ("measure", fingerprint.text, types, restricted)
        if key not in self._samples:
            self._samples[key] = self._measure(fingerprint, types, restricted)
        sample: MeasureSample | None = self._samples[key]
        return sample

    def condition(self, fingerprint: Fingerprint, types: Types) -> tuple[str, ...] | None:
        """Return the columns that such a condition names."""
        key = ("condition", fingerprint.text, types)
        if key not in self._samples:
            self._samples[key] = self._condition(fingerprint, types)
        columns: tuple[str, ...] | None = self._samples[key]
        return columns

    def column(self, fingerprint: Fingerprint, types: Types, name: str) -> tuple[str, ...] | None:
        """Return the other columns that the computed column `name` reads."""
        own = fingerprint.placeholders.get(name, name if name in fingerprint.fixed else _RESULT)
        key = ("column", fingerprint.text, types, own)
        if key not in self._samples:
            self._samples[key] = self._column(fingerprint, types, own)
        columns: tuple[str, ...] | None = self._samples[key]
        return columns

    def join(
        self, fingerprint: Fingerprint, sides: str, shared: frozenset[str]
    ) -> JoinSample | None:
        """Return what such a join condition needs.

        `sides` has `l` or `r` for each qualifier; names without one are columns of the left side,
        and the `shared` ones of the right side too.
        """
        key = ("join", fingerprint.text, sides, shared)
        if key not in self._samples:
            self._samples[key] = self._join(fingerprint, sides, shared)
        sample: JoinSample | None = self._samples[key]
        return sample

    def _parsed(self, text: str) -> Node | None:
        try:
            return self._parser.parse(text)
        except SemanticError:
            return None

    def _measure(
        self, fingerprint: Fingerprint, types: Types, restricted: bool
    ) -> MeasureSample | None:
        tree = self._parsed(fingerprint.text)
        if tree is None or not _is_of_one_source(tree, fingerprint):
            return None
        outside = columns_outside_aggregates(tree)
        inside = [part for part in tree.find_all(exp.Column) if not _is_in(part, outside)]
        columns, measures = _names(inside), _names(outside)
        if measures and restricted:
            return None  # what a restricted measure makes of its parts depends on them
        parts: list[dict[str, Any]] = [{"name": name, "expr": _DIVIDED} for name in measures]
        parts.append({"name": _RESULT, "expr": fingerprint.text})
        if restricted:
            parts[-1]["filter"] = f"{_KEY} = 1"
        raw = _source(fingerprint, columns, types, measures=parts)

        def sample() -> MeasureSample:
            plan = self._check(raw).measure(raw["name"], _RESULT)
            simple = all(aggregate.fraction is None for aggregate in plan.aggregates)
            return MeasureSample(columns, measures, simple)

        return _unless_wrong(sample)

    def _condition(self, fingerprint: Fingerprint, types: Types) -> tuple[str, ...] | None:
        tree = self._parsed(fingerprint.text)
        if tree is None or not _is_of_one_source(tree, fingerprint):
            return None
        columns = _names(tree.find_all(exp.Column))
        segments = [{"name": _RESULT, "expr": fingerprint.text}]
        raw = _source(fingerprint, columns, types, segments=segments)

        def sample() -> tuple[str, ...]:
            self._check(raw).segment(raw["name"], _RESULT, 0)
            return columns

        return _unless_wrong(sample)

    def _column(self, fingerprint: Fingerprint, types: Types, own: str) -> tuple[str, ...] | None:
        tree = self._parsed(fingerprint.text)
        if tree is None or not _is_of_one_source(tree, fingerprint):
            return None
        columns = tuple(name for name in _names(tree.find_all(exp.Column)) if name != own)
        raw = _source(fingerprint, columns, types)
        raw["columns"].append({"name": own, "type": "number", "expr": fingerprint.text})

        def sample() -> tuple[str, ...]:
            self._check(raw).column(raw["name"], own)
            return columns

        return _unless_wrong(sample)

    def _join(
        self, fingerprint: Fingerprint, sides: str, shared: frozenset[str]
    ) -> JoinSample | None:
        tree = self._parsed(fingerprint.text)
        placed = dict(zip(fingerprint.placed, sides, strict=True))
        columns = list(tree.find_all(exp.Column)) if tree is not None else []
        if not columns or any(_qualifier(part) not in ("", *placed) for part in columns):
            return None
        left = _names(part for part in columns if placed.get(part.table, "l") == "l")
        right = _names(part for part in columns if placed.get(part.table) == "r")
        source, target = (
            next((name for name, side in placed.items() if side == wanted), default)
            for wanted, default in (("l", _LEFT), ("r", _RIGHT))
        )
        join = {"to": target, "on": fingerprint.text, "relationship": "many_to_one"}
        held = (*right, *(name for name in left if name in shared and name not in right))
        none: Types = frozenset()
        sources = [_table(source, left, none, joins=[join]), _table(target, held, none)]
        graph = JoinGraph(Catalog.from_list(sources), self._dialect)

        def sample() -> JoinSample:
            declaration = graph.declarations[0]
            there, back = graph.edges_of(declaration)
            fixed = frozenset(back.fixed_columns()), frozenset(there.fixed_columns())
            return JoinSample(left, right, *fixed)

        return _unless_wrong(sample)

    def _check(self, raw: dict[str, Any]) -> ExpressionCheck:
        return ExpressionCheck(JoinGraph(Catalog.from_list([raw]), self._dialect))


def _printed(tree: Node) -> _Print | None:
    """Return how a tree prints, or None when the parser has changed the case of a name."""
    parts = PLACEHOLDER.split(repr(tree))
    if len(parts) // 2 != len(IN_ANY_CASE.findall("".join(parts))):
        return None
    text = "%s".join(part.replace("%", "%%") for part in parts[::2])
    return _Print(text, tuple(parts[1::2]))


def _source(
    fingerprint: Fingerprint, columns: Iterable[str], types: Types, **more: Any
) -> dict[str, Any]:
    name = fingerprint.placed[0] if fingerprint.placed else _SOURCE
    return _table(name, columns, types, **more)


def _table(name: str, columns: Iterable[str], types: Types, **more: Any) -> dict[str, Any]:
    known = dict(types)
    listed = [{"name": column, "type": known.get(column, "number")} for column in (_KEY, *columns)]
    return {"name": name, "table": "zq_table", "grain": [_KEY], "columns": listed, **more}


def _qualifier(part: exp.Column) -> str:
    return ".".join(identifier.name for identifier in part.parts[:-1])


def _is_of_one_source(tree: Node, fingerprint: Fingerprint) -> bool:
    """Whether every column stands without a qualifier, or with the one that the text has."""
    known = ("", *fingerprint.placed[:1])
    return len(fingerprint.placed) < 2 and all(
        _qualifier(part) in known for part in tree.find_all(exp.Column)
    )


def _names(parts: Iterable[exp.Column]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.name for part in parts if not part.is_star))


def _is_in(part: exp.Column, others: Sequence[exp.Column]) -> bool:
    return any(part is other for other in others)


def _unless_wrong(check: Callable[[], ResultT]) -> ResultT | None:
    """Return what a check finds out; whatever it raises is for the full check to tell."""
    try:
        return check()
    except (SemanticError, RecursionError):
        return None
