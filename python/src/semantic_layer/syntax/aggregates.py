"""Recognising aggregate calls and bringing their spellings to one form."""

from __future__ import annotations

import re
from collections.abc import Callable

from semantic_layer.data.record import Record
from semantic_layer.errors import Origin
from semantic_layer.syntax.division import real
from semantic_layer.syntax.engine_functions import COUNTING, OWN_AGGREGATES, ignores_null
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import VERBATIM, Node, arguments, parts_of, rewrite
from semantic_layer.syntax.verbatim import (
    Template,
    called_name,
    can_be_replaced,
    template_of,
    written,
)

# Older versions of sqlglot do not have all of them.
_COUNTS = tuple(
    getattr(exp, name)
    for name in ("Count", "ApproxDistinct", "Hll", "RegrCount")
    if hasattr(exp, name)
)
# ClickHouse's, with combinators in their names.
_COUNTING = ("count", "uniq")
# Aggregates that ignore NULL arguments, so that a filter can go into the argument.
_IGNORE_NULL = (
    exp.Sum,
    exp.Avg,
    exp.Min,
    exp.Max,
    exp.Count,
    exp.ApproxDistinct,
    exp.Stddev,
    exp.StddevPop,
    exp.StddevSamp,
    exp.Variance,
    exp.VariancePop,
    exp.LogicalAnd,
    exp.LogicalOr,
    exp.GroupConcat,
)


class AggregateCall(Record):
    """One aggregate: a call, or a percentile of `argument` when `fraction` is given.

    `condition` is the call's own FILTER clause.
    """

    call: Node
    condition: Node | None = None
    argument: Node | None = None
    fraction: Node | None = None

    @property
    def is_count(self) -> bool:
        """Whether the aggregate of no rows is 0."""
        return is_count(self.call)

    @property
    def is_row_count(self) -> bool:
        """Whether the call counts rows: `count(*)` or `count(source.*)`."""
        return counts_rows(self.call)


def counts_rows(call: Node) -> bool:
    """Whether a call is `count(*)`, or `count()` as some databases have it."""
    return isinstance(call, exp.Count) and (call.this is None or bool(call.this.is_star))


def is_count(call: Node) -> bool:
    """Whether the aggregate of no rows is 0."""
    if isinstance(call, (exp.AnonymousAggFunc, exp.CombinedAggFunc)):
        return str(call.this).lower().startswith(_COUNTING)
    return isinstance(call, _COUNTS) or called_name(call) in COUNTING


def is_aggregate(node: Node) -> bool:
    """Whether a node is an aggregate call, its FILTER or WITHIN GROUP clause included."""
    if isinstance(node, (exp.Filter, exp.WithinGroup)):
        return True
    template = template_of(node)
    if template is not None and template.aggregate is not None:
        return template.aggregate
    if isinstance(node, exp.Anonymous):
        return node.name.lower() in OWN_AGGREGATES
    return isinstance(node, exp.AggFunc)


def has_aggregate(tree: Node) -> bool:
    """Whether an expression contains an aggregate call."""
    return any(is_aggregate(node) for node in parts_of(tree))


def columns_outside_aggregates(tree: Node) -> list[exp.Column]:
    """Return the column names of an expression that no aggregate call encloses."""
    found: list[exp.Column] = []

    def step(part: Node) -> Node | None:
        if is_aggregate(part):
            return part
        if isinstance(part, exp.Column):
            found.append(part)
            return part
        return None

    rewrite(tree, step)
    return found


def recognise(node: Node, origin: Origin) -> AggregateCall:
    """Return an aggregate node in the one form the planner knows; raises for bad calls."""
    if isinstance(node, exp.Filter):
        inner = recognise(node.this, origin)
        condition = node.expression.this
        if inner.condition is not None:
            condition = exp.And(this=exp.Paren(this=inner.condition), expression=condition)
        return AggregateCall(inner.call, condition, inner.argument, inner.fraction)
    call = _named(node, origin)
    _no_nesting(call.call, origin)
    return call


def _named(node: Node, origin: Origin) -> AggregateCall:
    name = node.name.lower() if isinstance(node, exp.Anonymous) else ""
    if name == "count_distinct":
        return _count_distinct(node, origin)
    if isinstance(node, exp.CountIf):
        return _count_if(node, origin)
    if isinstance(node, exp.Count) and node.args.get("this") is None:
        return AggregateCall(exp.Count(this=exp.Star(), big_int=True))
    if isinstance(node, exp.Median) or name == "median":
        args = arguments(node)
        if len(args) != 1:
            raise origin.error("median takes one argument.", fix="Write `median(x)`.")
        return _percentile(node, args[0], exp.Literal.number("0.5"), origin)
    if name == "percentile":
        args = arguments(node)
        if len(args) != 2:
            raise origin.error("percentile takes two arguments.", fix="Write `percentile(x, 0.9)`.")
        return _percentile(node, args[0], args[1], origin)
    # Under other names, as `quantile` of DuckDB, it does not interpolate.
    if isinstance(node, exp.Quantile) and called_name(node) in (None, "median", "percentile"):
        return _percentile(node, node.this, node.args["quantile"], origin)
    if isinstance(node, exp.WithinGroup):
        return _within_group(node, origin)
    if isinstance(node, exp.PercentileCont):
        return _percentile(node, node.this, node.expression, origin)
    return AggregateCall(node)


def _count_if(node: exp.CountIf, origin: Origin) -> AggregateCall:
    """Return a count: COUNT_IF is a sum on some databases, and that of no rows is NULL."""
    if isinstance(node.this, exp.Distinct):
        raise origin.unsupported(
            f"`{written(node)}` is not supported.",
            fix="Write `count(DISTINCT CASE WHEN condition THEN x END)`.",
        )
    counted = _case(node.this, exp.Literal.number(1))
    return AggregateCall(exp.Count(this=counted, big_int=True))


def _count_distinct(node: Node, origin: Origin) -> AggregateCall:
    args = arguments(node)
    if len(args) != 1:
        raise origin.error("count_distinct takes one argument.", fix="Write `count_distinct(x)`.")
    argument = args[0]
    if isinstance(argument, exp.Distinct):
        argument = argument.expressions[0]
    return AggregateCall(exp.Count(this=exp.Distinct(expressions=[argument]), big_int=True))


def _within_group(node: exp.WithinGroup, origin: Origin) -> AggregateCall:
    terms = node.expression.expressions
    if not isinstance(node.this, exp.PercentileCont):
        return AggregateCall(node)
    if len(terms) != 1 or terms[0].args.get("desc"):
        raise origin.unsupported(
            f"`{written(node)}` is not supported.",
            fix="Write `percentile(x, p)` or `percentile_cont(p) WITHIN GROUP (ORDER BY x)`.",
        )
    return _percentile(node, terms[0].this, node.this.this, origin)


def _percentile(node: Node, argument: Node, fraction: Node, origin: Origin) -> AggregateCall:
    if isinstance(argument, (exp.Distinct, exp.Order)):
        raise origin.unsupported(
            "a percentile takes a value, without DISTINCT or ORDER BY.",
            fix="Take the distinct values in an `sql` source, and their percentile.",
        )
    if (
        not isinstance(fraction, exp.Literal)
        or fraction.is_string
        or not 0 <= float(fraction.this) <= 1
    ):
        raise origin.error(
            f"the fraction of a percentile must be a number from 0 to 1, "
            f"not `{written(fraction)}`.",
            fix="Write for example `percentile(x, 0.9)`.",
        )
    # MySQL counts rows in unsigned integers, which a whole-number fraction would keep.
    text = fraction.this if "." in fraction.this else f"{fraction.this}.0"
    return AggregateCall(node, None, argument, exp.Literal.number(text))


def _no_nesting(call: Node, origin: Origin) -> None:
    inner = [node for node in parts_of(call) if node is not call and is_aggregate(node)]
    # WITHIN GROUP holds the percentile function that it belongs to.
    if isinstance(call, exp.WithinGroup):
        inner = [node for node in inner if node is not call.this]
    if inner:
        raise origin.error(
            f"an aggregate inside an aggregate (`{written(inner[0])}`) is not allowed.",
            fix="Split it into two measures, or aggregate in an `sql` source first.",
        )


# Where the average of integers is an integer, and on Trino 483 that of DECIMAL(10,2) is one, too:
# of 1.00 and 1.01 it is 1.01.
_CUT_AVERAGES = {"redshift", "trino", "tsql"}


def real_average(call: Node, dialect: str, is_number: Callable[[Node], bool]) -> Node:
    """Return an average that keeps its fraction on every dialect; other calls unchanged.

    `is_number` tells of the columns in it whether they are numbers; intervals may be others.
    """
    if isinstance(call, exp.Avg) and dialect in _CUT_AVERAGES:
        if isinstance(call.this, exp.Distinct):
            values = [real(value, dialect, is_number) for value in call.this.expressions]
            call.this.set("expressions", values)
        else:
            call.set("this", real(call.this, dialect, is_number))
    return call


def null_of_no_rows(call: Node, dialect: str) -> Node:
    """Return an aggregate that is NULL where it has no rows; counts, which are 0, unchanged.

    On ClickHouse every aggregate of a column without NULL is 0 or '' there, unless its name says
    `OrNull`, which needs no setting of the session.
    """
    if dialect != "clickhouse" or is_count(call):
        return call
    template = template_of(call)
    name = re.match(r"\w+", str(template.parts[0])) if template is not None else None
    if template is not None and name is not None:
        first = f"{name[0]}OrNull{str(template.parts[0])[name.end() :]}"
        parts = (first, *template.parts[1:])
        call.set(VERBATIM, Template(parts, template.closed, None, template.aggregate))
    elif isinstance(call, (exp.Sum, exp.Avg, exp.Min, exp.Max)):
        name_ = f"{type(call).__name__.lower()}OrNull"
        return exp.Anonymous(this=name_, expressions=arguments(call))
    elif isinstance(call.this, Node):
        call.set("this", exp.Anonymous(this="toNullable", expressions=[call.this]))
    return call


# Where an aggregate can have a FILTER clause.
_HAVE_FILTER = {"duckdb", "postgres", "sqlite"}


def filtered(call: Node, condition: Node | None, dialect: str, origin: Origin) -> Node:
    """Return the call restricted to the rows for which `condition` is true."""
    if condition is None:
        return call
    if counts_rows(call):
        call.set("this", _case(condition, exp.Literal.number(1)))
        return call
    if _passes_over_null(call, dialect):
        _restrict_argument(call, condition)
        return call
    if dialect in _HAVE_FILTER:
        return exp.Filter(this=call, expression=exp.Where(this=condition))
    raise origin.unsupported(
        f"a filter on `{written(call, dialect)}` is not supported: it may not pass over NULL.",
        fix="Put the condition into the aggregate's argument with CASE WHEN, if that is right.",
    )


def _passes_over_null(call: Node, dialect: str) -> bool:
    """Whether a row counts for nothing in an aggregate when its one argument is NULL there."""
    name = called_name(call)
    known = isinstance(call, _IGNORE_NULL) or (name and ignores_null(dialect, name))
    if not known or len(arguments(call)) != 1 or _ordered(arguments(call)[0]):
        return False
    argument = arguments(call)[0]
    path = ("expressions", 0) if isinstance(call, exp.Anonymous) else ("this", None)
    if isinstance(argument, exp.Distinct):
        one = len(argument.expressions) == 1 and not argument.args.get("on")
        return one and can_be_replaced(call, path, ("expressions", 0))
    return can_be_replaced(call, path)


def _restrict_argument(call: Node, condition: Node) -> None:
    """Make the argument of such an aggregate NULL in the rows that do not count."""
    argument = arguments(call)[0]
    if isinstance(argument, exp.Distinct):
        argument.set("expressions", [_case(condition, argument.expressions[0])])
    elif isinstance(call, exp.Anonymous):
        call.set("expressions", [_case(condition, argument)])
    else:
        call.set("this", _case(condition, argument))


def _ordered(argument: Node) -> bool:
    return isinstance(argument, (exp.Order, exp.Limit, exp.HavingMax))


def _case(condition: Node, value: Node) -> Node:
    return exp.Case(ifs=[exp.If(this=condition, true=value)])
