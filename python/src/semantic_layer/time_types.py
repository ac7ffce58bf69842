"""Which expressions are times, told from declarations and from the functions that make times."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.models import SourceColumn
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import AggregateRef, ColumnRef, Node

_TIME_CALLS = frozenset({"DATE", "DATETIME"})
_TIME_CLASSES = (exp.Date, exp.TsOrDsToDate, exp.CurrentDate, exp.CurrentTimestamp)
_TIME_TYPES = frozenset(
    """DATE DATE32 DATETIME DATETIME2 DATETIME64 SMALLDATETIME TIMESTAMP TIMESTAMPNTZ TIMESTAMPTZ
    TIMESTAMPLTZ""".split()
)
COMPARISONS = (
    *(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE),
    *(exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is),
)


class TimeTypes:
    """Tells times in expressions whose columns are resolved."""

    def __init__(self, graph: JoinGraph, aggregate: Callable[[int], Node] | None = None) -> None:
        self._graph = graph
        self._aggregate = aggregate

    def declared(self, ref: ColumnRef) -> SourceColumn | None:
        """Return the declaration of a column; None in a source without declared columns."""
        return self._graph.catalog.column(self._graph.source_of(ref.node), ref.column)

    def aggregate(self, ref: AggregateRef) -> Node:
        """Return the aggregate that a reference stands for."""
        return self._aggregate(ref.position) if self._aggregate is not None else ref

    def is_time(self, tree: Node) -> bool:
        """Whether an expression certainly is a time."""
        if isinstance(tree, ColumnRef):
            declared = self.declared(tree)
            return declared is not None and declared.type == "time"
        if isinstance(tree, AggregateRef):
            return self._aggregate is not None and self.is_time(self.aggregate(tree))
        if is_time_cast(tree) or isinstance(tree, _TIME_CLASSES):
            return True
        if isinstance(tree, exp.Anonymous):
            return tree.name.upper() in _TIME_CALLS or _is_whole_format(tree.expressions)
        if isinstance(tree, exp.TimeToStr):
            return _is_whole_format([tree.args["format"]])
        return any(self.is_time(part) for part in _same_type(tree))

    def is_number(self, tree: Node) -> bool:
        """Whether an expression certainly is a number, and no Julian day by SQLite's function."""
        inner = tree.unnest()
        if isinstance(inner, exp.Neg):
            return self.is_number(inner.this)
        if isinstance(inner, exp.Literal):
            return not inner.is_string
        if isinstance(inner, ColumnRef):
            declared = self.declared(inner)
            return declared is not None and declared.type == "number"
        return isinstance(inner, exp.Anonymous) and inner.name.upper() == "UNIXEPOCH"


def _is_whole_format(arguments: list[Node]) -> bool:
    """Whether the first argument of STRFTIME gives a whole time."""
    shown = arguments[0].name if arguments and isinstance(arguments[0], exp.Literal) else ""
    return shown.startswith(("%Y-%m-%d", "%F"))


def _same_type(tree: Node) -> Iterator[Node]:
    """Yield the parts of an expression whose type it has."""
    if isinstance(tree, (exp.Paren, exp.Min, exp.Max, exp.Nullif, exp.Distinct, exp.Filter)):
        yield from tree.expressions if isinstance(tree, exp.Distinct) else [tree.this]
    elif isinstance(tree, (exp.Coalesce, exp.Greatest, exp.Least)):
        yield from [tree.this, *tree.expressions]
    elif isinstance(tree, exp.Case):
        yield from [branch.args["true"] for branch in tree.args["ifs"]]
        if tree.args.get("default") is not None:
            yield tree.args["default"]
    elif isinstance(tree, exp.If):
        yield from [part for key in ("true", "false") if (part := tree.args.get(key)) is not None]


def is_time_cast(tree: Node) -> bool:
    """Whether an expression is a cast to a time, as `DATE '…'` and `TIMESTAMP '…'` are."""
    return isinstance(tree, exp.Cast) and tree.to.this.name in _TIME_TYPES


def literal_of(tree: Node) -> str | None:
    """Return the text of a literal, also of one that is cast to a time, or None."""
    inner = tree.unnest()
    if is_time_cast(inner):
        inner = inner.this.unnest()
    return inner.name if isinstance(inner, exp.Literal) and inner.is_string else None


def compared(tree: Node) -> list[list[Node]]:
    """Return the groups of expressions that a node compares with each other."""
    if isinstance(tree, COMPARISONS):
        if isinstance(tree.expression, (exp.Null, exp.Boolean, exp.Not)):
            return []
        return _in_pairs([tree.this, tree.expression])
    if isinstance(tree, exp.Between):
        return _in_pairs([tree.this, tree.args["low"], tree.args["high"]])
    if isinstance(tree, exp.In) and tree.expressions:
        return _in_pairs([tree.this, *tree.expressions])
    if isinstance(tree, exp.Case) and tree.this is not None:
        return _in_pairs([tree.this, *(branch.this for branch in tree.args["ifs"])])
    return []


def _in_pairs(sides: list[Node]) -> list[list[Node]]:
    """Return what is compared; rows of values are compared one by one."""
    inner = [side.unnest() for side in sides]
    if not all(isinstance(side, exp.Tuple) for side in inner):
        return [sides]
    return [list(group) for group in zip(*(side.expressions for side in inner), strict=False)]
