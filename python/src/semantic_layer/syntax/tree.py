"""Small building blocks for SQL trees that sqlglot leaves to its users."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from semantic_layer.syntax.lean_sqlglot import exp

if TYPE_CHECKING:
    from typing import TypeAlias

    Node: TypeAlias = exp.Expr
else:
    Node = getattr(exp, "Expr", exp.Expression)  # sqlglot 28 has one base class, 30 has two
WRITTEN, DECLARED, TYPED = "written", "declared", "typed"
"""Where a name comes from: from a query that is built here, from the model, which declares a column
of the database, or from SQL of the model, whose unquoted names the database folds."""


SHORT = 30
"""How many operands of one operator stay a chain; more are too deep for some databases."""

AS_MOMENTS = "as_moments"
"""Says of a comparison that a day in it is the first moment of that day, in the stated zone."""

VERBATIM = "verbatim"
"""The argument of a node that holds the text it was read from; see `verbatim.Template`."""


class ColumnRef(exp.Expression):
    """A column of the model as one node (source or alias) of a query sees it.

    Stands in an expression until the query around it is built, because a computed column reads
    differently in its own source and in a looked-up one.
    """

    arg_types = {"node": True, "name": True, "quoted": False}
    # Names that differ by their capitals are different names, which sqlglot would take for equal.
    _hash_raw_args = True

    @property
    def node(self) -> str:
        """The source or join alias."""
        return str(self.args["node"])

    @property
    def column(self) -> str:
        """The column's name in the model."""
        return str(self.args["name"])


METRIC_TIME = "metric_time"


class MetricTime(exp.Expression):
    """The time of a fact's rows, whichever column that is; each fact puts its own in its place."""

    arg_types = {"this": False}


def at_time(tree: Node, time: Node | None) -> Node:
    """Return an expression with a fact's time in the place of `MetricTime`."""
    if time is None or tree.find(MetricTime) is None:
        return tree

    def step(part: Node) -> Node | None:
        return time.copy() if isinstance(part, MetricTime) else None

    return rewrite(tree.copy(), step)


def same_column(one: Node, other: Node) -> bool:
    """Whether two references are to one column, however either is written."""
    if isinstance(one, ColumnRef) and isinstance(other, ColumnRef):
        return (one.node, one.column) == (other.node, other.column)
    return isinstance(one, MetricTime) and isinstance(other, MetricTime)


class RankOf(exp.Expression):
    """The place of a group by a value over aggregates, the largest first, among those that share
    the dimensions in `expressions`."""

    arg_types = {"this": True, "expressions": False}


class AggregateRef(exp.Expression):
    """The value of one aggregate of the plan, by its index."""

    arg_types = {"index": True}

    @property
    def position(self) -> int:
        """The index in the plan's aggregates."""
        return int(self.args["index"])


# What keeps its meaning next to any operator. AND and OR are functions too, to sqlglot.
_CLOSED = (
    *(exp.Column, exp.Literal, exp.Paren, exp.Func, exp.Null, exp.Boolean),
    *(ColumnRef, AggregateRef, MetricTime, RankOf),
)


def identifier(name: str, quoted: bool = False, kind: str = WRITTEN) -> exp.Identifier:
    """Return `name` as an identifier that `names.finished` quotes where the dialect asks for it."""
    return exp.Identifier(this=name, quoted=quoted, kind=kind)


def column(name: str, table: str | None = None, quoted: bool = False) -> exp.Column:
    """Return the column `table.name` of a query that is written here."""
    qualifier = identifier(table) if table is not None else None
    return exp.Column(this=identifier(name, quoted), table=qualifier)


def number(value: int) -> Node:
    """Return a numeric literal."""
    return exp.Literal.number(value)


def wrap(tree: Node) -> Node:
    """Return `tree` so that it keeps its meaning inside a larger expression."""
    text = tree.args.get(VERBATIM)
    if text is not None:
        return tree if text.closed else exp.Paren(this=tree)
    if isinstance(tree, _CLOSED) and not isinstance(tree, (exp.Binary, exp.Not, exp.Neg)):
        return tree
    return exp.Paren(this=tree)


def conjunction(trees: Sequence[Node]) -> Node:
    """Return the AND of one or more whole conditions, each parenthesised where needed."""
    parts = [exp.Paren(this=tree) if isinstance(tree, exp.Connector) else tree for tree in trees]
    if len(parts) == 1:
        return trees[0]
    if len(parts) > SHORT:
        middle = len(parts) // 2
        halves = conjunction(parts[:middle]), conjunction(parts[middle:])
        return exp.And(this=exp.Paren(this=halves[0]), expression=exp.Paren(this=halves[1]))
    result: Node = parts[0]
    for part in parts[1:]:
        result = exp.And(this=result, expression=part)
    return result


def conjuncts(tree: Node) -> Iterator[Node]:
    """Yield the conditions that a condition ANDs at its top level."""
    inner = tree.unnest()
    if isinstance(inner, exp.And):
        yield from conjuncts(inner.this)
        yield from conjuncts(inner.expression)
    else:
        yield inner


def rewrite(tree: Node, step: Callable[[Node], Node | None]) -> Node:
    """Return `tree` with each outermost node for which `step` gives a replacement replaced."""
    replacement = step(tree)
    if replacement is not None:
        return replacement
    for key, value in list(tree.args.items()):
        if isinstance(value, Node):
            written = rewrite(value, step)
            if written is not value:
                tree.set(key, written)
        elif isinstance(value, list):
            items = [rewrite(v, step) if isinstance(v, Node) else v for v in value]
            if any(new is not old for new, old in zip(items, value, strict=True)):
                tree.set(key, items)
    return tree


def is_not_null(tree: Node) -> Node:
    """Return the condition that `tree` has a value."""
    return exp.Is(this=wrap(tree), expression=exp.Not(this=exp.Null()))


def same_value(left: Node, right: Node) -> Node:
    """Return equality that holds between NULLs too, in SQL every dialect has."""
    both_null = exp.And(
        this=exp.Is(this=left.copy(), expression=exp.Null()),
        expression=exp.Is(this=right.copy(), expression=exp.Null()),
    )
    equal = exp.EQ(this=left.copy(), expression=right.copy())
    return exp.Paren(this=exp.Or(this=equal, expression=both_null))


def aliased(tree: Node, alias: str) -> exp.Alias:
    """Return `tree AS alias`."""
    return exp.Alias(this=tree, alias=identifier(alias))


def select(columns: Iterable[Node]) -> exp.Select:
    """Return a SELECT of the given columns."""
    return exp.Select(expressions=list(columns))


def from_table(query: exp.Select, table: Node) -> exp.Select:
    """Add FROM `table` to `query`."""
    return query.from_(table, copy=False)


def parts_of(tree: Node) -> list[Node]:
    """Return a tree and all below it, level by level, as `walk` does at twice the cost."""
    found = [tree]
    for node in found:
        for value in node.args.values():
            if isinstance(value, Node):
                found.append(value)
            elif type(value) is list:
                found += [item for item in value if isinstance(item, Node)]
    return found


def refs(tree: Node) -> Iterator[ColumnRef]:
    """Yield the model's columns that an expression names."""
    return (part for part in parts_of(tree) if isinstance(part, ColumnRef))


def nodes_of(trees: Iterable[Node]) -> list[str]:
    """Return the nodes that expressions name, in order of first appearance."""
    found: dict[str, None] = {}
    for tree in trees:
        for ref in refs(tree):
            found.setdefault(ref.node)
    return list(found)


def unused_name(wanted: str, taken: set[str]) -> str:
    """Return `wanted`, numbered if it is in `taken` in any case, and add it there."""
    name, number_ = wanted, 1
    while name.casefold() in taken:
        number_ += 1
        name = f"{wanted}_{number_}"
    taken.add(name.casefold())
    return name


def arguments(call: Node) -> list[Any]:
    """Return a function's positional arguments, whatever fields its class gives them."""
    if isinstance(call, exp.Anonymous):
        return list(call.expressions)
    return [call.this, *call.expressions] if call.expressions else [call.this]
