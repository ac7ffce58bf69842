"""Expressions of a model or a question as Python functions of a row, or of a group.

The tree is sqlglot's, as the text was parsed; what a name or an aggregate in it means, the caller
says. What a node is not known to mean in the dialect raises `Unchecked` when it is compiled or,
where that depends on the values, when it is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.reading import Marked
from semantic_layer.syntax.tree import Node
from semantic_layer.verify.times import Clock, as_time, sqlite_moment
from semantic_layer.verify.values import Comparing, Unchecked, Value, truth

Compute = Callable[[Any], Value]
"""Gives the value of an expression for a row, or for a group."""


class Leaf(NamedTuple):
    """What a name or an aggregate in an expression is: its values, and whether these are times."""

    compute: Compute
    is_time: bool = False


Leaves = Callable[[Node], Leaf | None]


# Arguments of nodes that say nothing about what they mean.
_SILENT = frozenset(
    {"verbatim", "big_int", "safe", "typed", "coalesce", "ignore_nulls", "nested", "_type"}
)
_TIME_TYPES = frozenset({"DATE", "DATETIME", "TIMESTAMP", "TIMESTAMPNTZ", "TIMESTAMPTZ"})
_CALENDAR = frozenset({"date", "datetime"})


def checked_args(node: Node, *known: str) -> None:
    """Raise when a node says something that is not among the arguments known."""
    for key, value in node.args.items():
        if key not in known and key not in _SILENT and value not in (None, False, []):
            raise Unchecked(f"`{key}` of {name_of(node)}")


def name_of(node: Node) -> str:
    """Return what a node is called, for people."""
    if isinstance(node, exp.Anonymous):
        return f"function {node.name}"
    template = node.args.get("verbatim")
    call = template.call if template is not None else None
    return f"function {call.name}" if call is not None else f"operator {node.key.upper()}"


Build = Callable[["Compilation", Node], Compute]
"""Compiles a node of one class."""


class Compiler:
    """Compiles expressions of one dialect, with times in the zone of a clock."""

    def __init__(self, dialect: str, clock: Clock, nodes: Mapping[type[Node], Build]) -> None:
        """Prepare for a dialect; `nodes` has what is known, by the class of its node."""
        self.dialect = dialect
        self.clock = clock
        self.nodes = nodes
        self.comparing = Comparing(dialect, clock.instant)

    def compile(self, tree: Node, leaves: Leaves) -> Compute:
        """Return the values of a tree; `leaves` knows what names and aggregates stand for."""
        return Compilation(self, leaves).of(tree)

    def condition(self, tree: Node, leaves: Leaves) -> Callable[[Any], bool | None]:
        """Return the truth of a tree."""
        compute = self.compile(tree, leaves)
        return lambda row: truth(compute(row))

    def is_time(self, tree: Node, leaves: Leaves) -> bool:
        """Whether a tree certainly is a time."""
        return Compilation(self, leaves).is_time(tree)


class Compilation:
    """One expression being compiled."""

    def __init__(self, compiler: Compiler, leaves: Leaves) -> None:
        self.dialect = compiler.dialect
        self.nodes = compiler.nodes
        self.clock = compiler.clock
        self.comparing = compiler.comparing
        self.leaves = leaves

    def of(self, node: Node) -> Compute:
        """Return the values of a node."""
        leaf = self.leaves(node)
        if leaf is not None:
            return leaf.compute
        build = self.nodes.get(type(node))
        if build is None:
            raise Unchecked(name_of(node))
        return build(self, node)

    def all(self, nodes: Sequence[Node]) -> list[Compute]:
        """Return the values of several nodes."""
        return [self.of(node) for node in nodes]

    def strict(self, nodes: Sequence[Node], result: Callable[..., Value]) -> Compute:
        """Return a function of the nodes' values that is NULL when one of them is."""
        parts = self.all(nodes)

        def compute(row: Any) -> Value:
            values = [part(row) for part in parts]
            return None if any(value is None for value in values) else result(*values)

        return compute

    def is_time(self, node: Node) -> bool:
        """Whether a node certainly is a time, by declarations and by what makes times."""
        leaf = self.leaves(node)
        if leaf is not None:
            return leaf.is_time
        if isinstance(node, (exp.Paren, exp.Nullif, Marked)):
            return self.is_time(node.this)
        if isinstance(node, exp.Cast):
            return str(node.args["to"].this.name) in _TIME_TYPES
        if isinstance(node, (exp.Coalesce, exp.Greatest, exp.Least)):
            return any(map(self.is_time, [node.this, *node.expressions]))
        if isinstance(node, exp.Case):
            branches = [branch.args["true"] for branch in node.args["ifs"]]
            default = node.args.get("default")
            return any(map(self.is_time, [*branches, *([default] if default else [])]))
        if isinstance(node, exp.TimeToStr):
            return str(node.args["format"].name).startswith(("%Y-%m-%d", "%F"))
        if isinstance(node, exp.Anonymous):
            return node.name.lower() in _CALENDAR
        return isinstance(node, (exp.Date, exp.TsOrDsToDate))

    def compared(self, nodes: Sequence[Node]) -> list[Compute]:
        """Return the values of nodes that are compared with each other: times as times."""
        inner = [node.unnest() for node in nodes]
        parts = self.all(nodes)
        if not any(map(self.is_time, inner)):
            return parts
        if self.dialect == "sqlite":
            return [_as_moment(part) for part in parts]
        return [
            _as_literal(node) if _is_text(node) else part
            for node, part in zip(inner, parts, strict=True)
        ]


def _is_text(node: Node) -> bool:
    return isinstance(node, exp.Literal) and node.is_string


def _as_moment(part: Compute) -> Compute:
    def compute(row: Any) -> Value:
        value = part(row)
        if value is None:
            return None
        moment = sqlite_moment(value)
        if moment is None:
            raise Unchecked(f"the value {value!r}, which cannot be read as a time")
        return moment

    return compute


def _as_literal(node: Node) -> Compute:
    found = as_time(node.name)
    return lambda row: found
