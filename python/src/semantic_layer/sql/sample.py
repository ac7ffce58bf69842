"""Some rows of a source as a SELECT: the first and the last by its key, and what others meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from semantic_layer.plan.logical import KeyBound, Partner, Sample
from semantic_layer.syntax.lean_sqlglot import exp
from semantic_layer.syntax.tree import (
    ColumnRef,
    Node,
    conjunction,
    from_table,
    identifier,
    number,
    select,
)

_PARTNER = "ktx_partner"
ColumnOf = Callable[[str, ColumnRef], exp.Column]
"""Returns a column of a source's rows; see `Tables.column`."""


def sampled(
    sample: Sample, whole: Node, partners: Sequence[tuple[Partner, Node]], column: ColumnOf
) -> exp.Select:
    """Return the sampled rows of `whole`, which is the source as FROM has it."""

    def own(name: str) -> exp.Column:
        return column(sample.source, ColumnRef(node=sample.source, name=name, quoted=False))

    conditions: list[Node] = [_within(bound, own) for bound in sample.bounds]
    for partner, table in partners:
        table.set("alias", exp.TableAlias(this=identifier(_PARTNER)))
        conditions.append(_met(partner, table, own, column))
    every = exp.Column(this=exp.Star(), table=identifier(sample.source))
    query = from_table(select([every]), whole)
    query.set("where", exp.Where(this=_any(conditions)))
    return query


def _within(bound: KeyBound, own: Callable[[str], exp.Column]) -> Node:
    """Return the condition that a row lies on a side of a key, column by column."""
    strictly = exp.GT if bound.behind else exp.LT
    ways: list[Node] = []
    for place, (name, value) in enumerate(zip(bound.columns, bound.values, strict=True)):
        before = zip(bound.columns[:place], bound.values[:place], strict=True)
        parts: list[Node] = [exp.EQ(this=own(n), expression=v.copy()) for n, v in before]
        parts.append(strictly(this=own(name), expression=value.copy()))
        ways.append(conjunction(parts))
    return _any(ways)


def _met(partner: Partner, table: Node, own: Callable[[str], exp.Column], column: ColumnOf) -> Node:
    """Return the condition that a row of the partner meets a row."""
    pairs: list[Node] = [
        exp.EQ(
            this=column(partner.source, ColumnRef(node=_PARTNER, name=theirs, quoted=False)),
            expression=own(mine),
        )
        for theirs, mine in partner.pairs
    ]
    found = from_table(select([number(1)]), table)
    found.set("where", exp.Where(this=conjunction(pairs)))
    return exp.Exists(this=found)


def _any(conditions: Sequence[Node]) -> Node:
    whole: Node = exp.Paren(this=conditions[0])
    for condition in conditions[1:]:
        whole = exp.Or(this=whole, expression=exp.Paren(this=condition))
    return whole
