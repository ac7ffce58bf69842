"""Reading a join's `on`: which side each column belongs to, and what the condition ties."""

from __future__ import annotations

from collections.abc import Callable

from semantic_layer.catalog import Catalog
from semantic_layer.data.record import Record
from semantic_layer.errors import Origin, SemanticError
from semantic_layer.parser import ExpressionParser
from semantic_layer.syntax.division import with_safe_division
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.limits import check_limits
from semantic_layer.syntax.tree import (
    ColumnRef,
    Node,
    conjunction,
    conjuncts,
    parts_of,
    refs,
    rewrite,
)

LEFT, RIGHT, ELSEWHERE = "left", "right", "elsewhere"


class Window(Record):
    """Within which times a row of the right side holds, and the time that has to be within.

    `tree` is that condition. The time is a column of the left side, or of a node `elsewhere` that
    the left side looks up. Of the rows that the equalities leave, `settles` tells one from another.
    """

    tree: Node
    start: ColumnRef
    end: ColumnRef
    at: ColumnRef
    settles: frozenset[str]
    elsewhere: str | None = None


class JoinCondition(Record):
    """A condition between two sides; `keys` are its equalities as (left, right) expressions.

    Columns are `ColumnRef`s whose node is "left" (the declaring source) or "right". `tree` is the
    join's `on`; a `window` is a condition beside it.
    """

    tree: Node
    keys: list[tuple[Node, Node]]
    window: Window | None = None

    def placed(self, left: str, right: str) -> Node:
        """Return the whole condition between two nodes of a query."""
        on = placed(self.tree, left, right)
        window = self.window
        if window is None:
            return on
        return conjunction([on, *conjuncts(placed(window.tree, left, right, window.elsewhere))])

    def columns(self, side: str) -> str:
        """Return the key columns of one side, separated by commas."""
        pairs = [left if side == LEFT else right for left, right in self.keys]
        return ",".join(ref.column for key in pairs for ref in refs(key))

    def fixed_columns(self, side: str) -> set[str]:
        """Return the columns of one side that equalities give a single value.

        That is: those that equal an expression of the other side, or a constant. A function of a
        column fixes nothing (two codes may have one lower(code)), and neither does a range; but of
        windows that do not overlap, a time is in one.
        """
        settled = self.window.settles if self.window is not None and side == RIGHT else frozenset()
        return self._equal_columns(side) | settled

    def _equal_columns(self, side: str) -> set[str]:
        return {
            mine.column
            for part in conjuncts(self.tree)
            if isinstance(part, exp.EQ)
            for mine, other in ((part.this, part.expression), (part.expression, part.this))
            if isinstance(mine, ColumnRef) and mine.node == side and _is_given(other, side)
        }

    def canonical(self, left: str, right: str) -> frozenset[str]:
        """Return the condition so that two ways of writing it compare equal."""
        return frozenset(_canonical(part) for part in conjuncts(self.placed(left, right)))


def placed(tree: Node, left: str, right: str, elsewhere: str | None = None) -> Node:
    """Return `tree` with its sides replaced by the names of nodes."""
    names = {LEFT: left, RIGHT: right}
    if elsewhere is not None:
        names[ELSEWHERE] = elsewhere

    def step(part: Node) -> Node | None:
        if isinstance(part, ColumnRef):
            return ColumnRef(node=names[part.node], name=part.column, quoted=part.args["quoted"])
        return None

    return rewrite(tree.copy(), step)


def _is_given(value: Node, side: str) -> bool:
    """Whether a value is known before a row of `side` is: of the other side alone, or constant."""
    sides = {ref.node for ref in refs(value)}
    if sides:
        return side not in sides
    return all(isinstance(part, _CONSTANT) for part in parts_of(value))


# What makes up a constant; a call, even one without arguments, may differ from row to row.
_CONSTANT = (exp.Literal, exp.Boolean, exp.Neg, exp.Paren, exp.Cast, exp.DataType)


def _canonical(part: Node) -> str:
    if isinstance(part, exp.EQ):
        return " = ".join(sorted(repr(side) for side in (part.this, part.expression)))
    return repr(part)


class JoinConditionReader:
    """Reads the condition of one declared join."""

    def __init__(
        self, catalog: Catalog, source: str, target: str, alias: str | None, origin: Origin
    ) -> None:
        self._catalog = catalog
        self._source = source
        self._target = target
        self._origin = origin
        self._alias = alias
        self._right_names = {alias.casefold()} if alias else {target.casefold()}
        if alias and source != target:
            self._right_names.add(target.casefold())

    def read(self, text: str, parser: ExpressionParser) -> JoinCondition:
        """Parse `text` and give every column its side; raises what cannot be honoured."""
        tree = parser.parse(text, self._origin)
        self._reject(text, tree)
        check_limits(tree, parser.dialect, self._origin)
        tree = with_safe_division(tree, parser.dialect, self._origin)
        columns = list(tree.find_all(exp.Column))
        self._check_alias_is_named(columns)
        found: dict[frozenset[str], JoinCondition] = {}
        for meaning in _assignments(self._unknown_qualifiers(text, columns)):
            sides = self._reading(columns, meaning)
            condition = self._condition(tree, sides) if sides is not None else None
            if condition is not None and condition.keys:
                found.setdefault(condition.canonical(LEFT, RIGHT), condition)
        if not found:
            raise self._invalid(text, "it equates no column of one source with one of the other")
        if len(found) > 1:
            raise self._invalid(text, "its qualifiers could mean either source")
        return next(iter(found.values()))

    def _check_alias_is_named(self, columns: list[exp.Column]) -> None:
        """Refuse a self-join that does not say which columns are those of its other row."""
        alias = self._alias
        if self._source != self._target or alias is None:
            return
        if not any(column.table.casefold() == alias.casefold() for column in columns):
            raise self._origin.error(
                f"Invalid join condition: both sides are '{self._source}', and none is called "
                f"'{alias}'.",
                fix=f"Write for example `{self._source}.<key> = {alias}.<column>`.",
            )

    def _condition(self, tree: Node, sides: dict[int, str]) -> JoinCondition:
        def step(part: Node) -> Node | None:
            return self._ref(part, sides[id(part)]) if isinstance(part, exp.Column) else None

        resolved = _rewritten(tree, step)
        keys = [key for part in conjuncts(resolved) if (key := _key(part)) is not None]
        return JoinCondition(resolved, keys)

    def _reject(self, text: str, tree: Node) -> None:
        if tree.find(exp.Query, exp.AggFunc, exp.Window):
            raise self._invalid(text, "a join condition has no sub-query and no aggregate")
        for equality in tree.find_all(exp.EQ):
            if isinstance(equality.this, exp.EQ) or isinstance(equality.expression, exp.EQ):
                raise self._invalid(text, "write `a = b AND b = c` instead of `a = b = c`")

    def _invalid(self, text: str, reason: str) -> SemanticError:
        return self._origin.error(
            f"Invalid join condition: '{text}': {reason}.",
            fix=f"Write for example `{self._source}.<column> = {self._target}.<column>`, "
            "with further conditions joined by AND.",
        )

    def _ref(self, part: exp.Column, side: str) -> ColumnRef:
        source = self._source if side == LEFT else self._target
        quoted = bool(part.this.args.get("quoted"))
        declared = self._catalog.column(source, part.name, quoted)
        name = declared.name if declared is not None else part.name
        return ColumnRef(node=side, name=name, quoted=quoted)

    def _unknown_qualifiers(self, text: str, columns: list[exp.Column]) -> list[str]:
        qualifiers = {column.table.casefold() for column in columns if column.table}
        unknown = sorted(qualifiers - self._right_names - {self._source.casefold()})
        if len(unknown) > 2:
            raise self._invalid(text, f"it names more than two tables: {', '.join(unknown)}")
        return unknown

    def _reading(self, columns: list[exp.Column], meaning: dict[str, str]) -> dict[int, str] | None:
        """Give every column a side under one meaning of the unknown qualifiers, if it fits."""
        sides: dict[int, str] = {}
        bare = [column for column in columns if not column.table]
        for column in columns:
            if column.table:
                side = self._qualified_side(column, meaning)
                if column.table.casefold() in meaning and not self._has(side, column):
                    return None
                sides[id(column)] = side
        # Columns that only one source has are certain, and decide those that both have.
        bare.sort(key=lambda column: self._has(LEFT, column) == self._has(RIGHT, column))
        for column in bare:
            sides[id(column)] = self._bare_side(column, sides)
        return sides

    def _qualified_side(self, column: exp.Column, meaning: dict[str, str]) -> str:
        qualifier = column.table.casefold()
        if qualifier in meaning:
            return meaning[qualifier]
        return RIGHT if qualifier in self._right_names else LEFT

    def _bare_side(self, column: exp.Column, sides: dict[int, str]) -> str:
        in_left, in_right = self._has(LEFT, column), self._has(RIGHT, column)
        if in_left != in_right:
            return LEFT if in_left else RIGHT
        comparison = column.find_ancestor(exp.Binary)
        if comparison is None or isinstance(comparison, exp.Connector):
            raise self._unclear(column)
        is_left_operand = any(part is column for part in comparison.this.walk())
        other = comparison.expression if is_left_operand else comparison.this
        known = {sides[id(part)] for part in other.find_all(exp.Column) if id(part) in sides}
        if len(known) == 1:
            return RIGHT if known == {LEFT} else LEFT
        if not other.find(exp.Column):
            raise self._unclear(column)
        return LEFT if is_left_operand else RIGHT

    def _unclear(self, column: exp.Column) -> SemanticError:
        return self._origin.error(
            f"Invalid join condition: it is not clear whose column '{column.name}' is.",
            fix=f"Qualify it with '{self._source}' or '{self._target}'.",
        )

    def _has(self, side: str, column: exp.Column) -> bool:
        source = self._source if side == LEFT else self._target
        return self._catalog.column(source, column.name) is not None


def _assignments(unknown: list[str]) -> list[dict[str, str]]:
    if not unknown:
        return [{}]
    if len(unknown) == 1:
        return [{unknown[0]: LEFT}, {unknown[0]: RIGHT}]
    first, second = unknown
    return [{first: LEFT, second: RIGHT}, {first: RIGHT, second: LEFT}]


def _rewritten(tree: Node, step: Callable[[Node], Node | None]) -> Node:
    """Rewrite a copy of `tree`, showing `step` the nodes of `tree` itself."""
    copy = tree.copy()
    originals = {id(new): old for new, old in zip(parts_of(copy), parts_of(tree), strict=True)}
    return rewrite(copy, lambda part: step(originals[id(part)]) if id(part) in originals else None)


def _key(part: Node) -> tuple[Node, Node] | None:
    if not isinstance(part, exp.EQ):
        return None
    left = {ref.node for ref in refs(part.this)}
    right = {ref.node for ref in refs(part.expression)}
    if left == {LEFT} and right == {RIGHT}:
        return part.this, part.expression
    if left == {RIGHT} and right == {LEFT}:
        return part.expression, part.this
    return None
