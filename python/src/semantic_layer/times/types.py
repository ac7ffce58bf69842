"""Which expressions are times, and which texts a database reads as one.

Expressions are judged by declarations and by the functions that make times, texts by their form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from semantic_layer.graph.join_graph import JoinGraph
from semantic_layer.models import SourceColumn
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import AggregateRef, ColumnRef, MetricTime, Node

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
        if isinstance(tree, MetricTime):
            return True
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


_DAY = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_CLOCK = r"[ T]+([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?"
_OFFSET = r"\s*(?:Z|z|[+-][0-9]{2}:[0-9]{2})?"
# Texts, which `re` compiles when they are needed, and keeps: most questions need none.
_WHOLE = rf"{_DAY}(?:{_CLOCK}{_OFFSET})?\s*"
_BEGINS_WITH_DAY = rf"\s*{_DAY}(?![0-9])"
_PART_OF_DAY = r"\s*([0-9]{4})(?:-([0-9]{2}))?\s*"
# MySQL takes any punctuation between the parts, and digits without any.
_LOOSE = r"\s*(?:[0-9]{2,4}[^\w\s][0-9]{1,2}[^\w\s][0-9]{1,2}\b.*|[0-9]{6}(?:[0-9]{2,8})?)"
_HAS_OFFSET = r"(?:Z|z|:[0-9.]+\s*[+-][0-9]{2}:[0-9]{2})\s*\Z"
_WORDS = frozenset({"epoch", "infinity", "-infinity"})
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def fault_of(text: str, dialect: str) -> str | None:
    """Return why `text` is no time that `dialect` reads, or None when it is, or cannot be told.

    A day that no calendar has is a fault on every dialect. Words and other forms are one where the
    database would compare them as mere text; elsewhere the database itself reads or refuses them.
    """
    if _is_plain_day(text):
        return None
    day = re.match(_BEGINS_WITH_DAY, text)
    if day is not None and not _is_day(*map(int, day.groups())):
        return "there is no such day"
    whole = re.fullmatch(_WHOLE, text)
    if whole is not None:
        return None if _is_clock(whole.groups()[3:]) else "there is no such time of day"
    part = re.fullmatch(_PART_OF_DAY, text)
    if part is not None and dialect in ("sqlite", "mysql", "duckdb"):
        return f"the day is missing; its first one is '{part[1]}-{part[2] or '01'}-01'"
    if dialect == "sqlite":
        return "it has another form"
    if dialect == "mysql":
        return None if re.match(_LOOSE, text) else "it has another form"
    if dialect == "duckdb" and day is None:
        return None if text.strip().lower() in _WORDS else "it has another form"
    return None


def type_of(text: str) -> str | None:
    """Return the SQL type of a text's time: DATE, TIMESTAMP or TIMESTAMPTZ; None of other forms."""
    if _is_plain_day(text):
        return "DATE"
    whole = re.fullmatch(_WHOLE, text)
    if whole is None:
        return None
    if whole[4] is None:
        return "DATE"
    return "TIMESTAMPTZ" if re.search(_HAS_OFFSET, text) else "TIMESTAMP"


def as_in_trino(text: str) -> tuple[str, str] | None:
    """Return the SQL type of a text's time and the text as Trino casts it, as `type_of` does.

    Trino takes no T between day and clock, no small z, and rounds to as many digits as it is told.
    """
    type_ = type_of(text)
    if type_ in (None, "DATE"):
        return None if type_ is None else (type_, text)
    parts = re.fullmatch(rf"({_DAY})[ T]+([0-9:]+)(?:\.([0-9]+))?(.*)", text.strip())
    assert parts is not None
    day, clock, fraction, offset = parts[1], parts[5], parts[6] or "", parts[7].strip()
    shown = f"{day} {clock}{'.' if fraction else ''}{fraction}"
    return f"{type_}({min(max(len(fraction), 3), 12)})", f"{shown} {offset.upper()}".rstrip()


def _is_plain_day(text: str) -> bool:
    """Whether a text is nothing but a day, as most are: told without a pattern to compile."""
    parts = text.split("-") if len(text) == 10 else []
    if [len(part) for part in parts] != [4, 2, 2] or not text.isascii():
        return False
    return all(map(str.isdigit, parts)) and _is_day(*map(int, parts))


def _is_day(year: int, month: int, day: int) -> bool:
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return leap or (month, day) != (2, 29)


def _is_clock(parts: tuple[str | None, ...]) -> bool:
    hour, minute, second = (int(part or 0) for part in parts)
    # A leap second is one to PostgreSQL; the others refuse it themselves.
    return hour < 24 and minute < 60 and second <= 60
